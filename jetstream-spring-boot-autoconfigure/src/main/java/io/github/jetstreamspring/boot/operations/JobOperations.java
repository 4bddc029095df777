/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.github.jetstreamspring.boot.operations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.listener.CancelResult;
import io.github.jetstreamspring.listener.JetStreamJobs;
import io.github.jetstreamspring.publisher.JetStreamException;
import org.jspecify.annotations.Nullable;

/**
 * Shows the jobs that listeners have in hand, and cancels one.
 */
final class JobOperations {

	private static final int MOST = 100;

	private final JetStreamJobs jobs;

	private final OperationLog operations;

	JobOperations(JetStreamJobs jobs, OperationLog operations) {
		this.jobs = jobs;
		this.operations = operations;
	}

	/**
	 * Describes what a listener has in hand, the oldest first.
	 */
	List<Map<String, Object>> current(String listener) {
		return this.jobs.current(listener, MOST).stream().map((job) -> describe(job).toMap()).toList();
	}

	private static Description describe(JetStreamJobs.CurrentJob job) {
		return new Description().add("id", job.id())
			.add("subject", job.subject())
			.add("sequence", job.sequence())
			.add("attempt", job.attempt())
			.add("started", job.started())
			.add("running", running(job.started()))
			.add("cancelled", job.cancelled() ? true : null);
	}

	private static @Nullable Duration running(@Nullable Instant started) {
		return (started != null) ? Duration.ofMillis(Duration.between(started, Instant.now()).toMillis()) : null;
	}

	/**
	 * Cancels a job.
	 * @param id the id of its message
	 * @param action what to do
	 * @param principal the name of whoever asks for it, or {@code null} if nobody knows
	 * @throws OperationFailure if that isn't possible
	 */
	Description perform(String id, @Nullable String action, @Nullable String principal) {
		if (!"cancel".equals(action)) {
			throw OperationFailure.badRequest("'action' must be 'cancel'");
		}
		return this.operations.perform("cancel", "job '%s'".formatted(id), principal,
				() -> new Description().add("job", id).add("result", cancel(id).name()));
	}

	private CancelResult cancel(String id) {
		CancelResult result;
		try {
			// No message has a blank id
			result = id.isBlank() ? CancelResult.NOT_FOUND : this.jobs.cancel(id);
		}
		catch (JetStreamException ex) {
			throw OperationFailure.ofServer(ex);
		}
		return switch (result) {
			case REMOVED, INTERRUPTED -> result;
			case TOO_LATE -> throw OperationFailure
				.conflict("Job '%s' can't be cancelled any more: what becomes of it is decided".formatted(id));
			case NOT_FOUND -> throw OperationFailure
				.notFound("There is no job '%s': it is done, or it never was there".formatted(id));
		};
	}

}
