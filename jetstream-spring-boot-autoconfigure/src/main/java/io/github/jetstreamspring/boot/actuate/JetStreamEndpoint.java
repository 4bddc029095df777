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

package io.github.jetstreamspring.boot.actuate;

import java.security.Principal;
import java.util.Map;

import io.github.jetstreamspring.boot.operations.OperationFailure;
import io.github.jetstreamspring.boot.operations.Operations;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * Endpoint that shows connections and listeners, and pauses, stops and starts the latter.
 * Answers in the form of maps; whatever can't be done is answered with a status and a
 * sentence.
 *
 * @since 0.1.0
 */
@WebEndpoint(id = JetStreamEndpoint.ID, defaultAccess = Access.READ_ONLY)
public final class JetStreamEndpoint {

	static final String ID = "jetstream";

	private static final String SCHEDULES = "schedules";

	private static final String JOBS = "jobs";

	private final Operations operations;

	JetStreamEndpoint(Operations operations) {
		this.operations = operations;
	}

	/**
	 * Describes everything.
	 * @return the connections with their streams and schedules, and the listeners
	 */
	@ReadOperation
	public Map<String, Object> all() {
		return OperationResponseBody.of(this.operations.all());
	}

	/**
	 * Describes a listener.
	 * @param id its id
	 * @return what it is doing, and by which settings
	 */
	@ReadOperation
	public Map<String, Object> listener(@Selector String id) {
		return OperationResponseBody.of(this.operations.listener(id));
	}

	/**
	 * Changes what a listener does.
	 * @param id its id
	 * @param action what to do: {@code pause}, {@code resume}, {@code stop},
	 * {@code start} or {@code concurrency}
	 * @param scope for {@code pause}: {@code instance}, which is the default, or
	 * {@code fleet}
	 * @param duration for a pause of the fleet: how long it lasts, as in {@code PT30M}
	 * @param concurrency for {@code concurrency}: how many handlers run at once
	 * @param caller who asks for it
	 * @return the listener's new state
	 */
	@WriteOperation
	public Map<String, Object> change(@Selector String id, @Nullable String action, @Nullable String scope,
			@Nullable String duration, @Nullable String concurrency, SecurityContext caller) {
		return OperationResponseBody.of(this.operations.change(id, action, scope, duration, concurrency, name(caller)));
	}

	/**
	 * Describes the jobs that wait until they are due.
	 * @param kind {@code jobs}
	 * @param which {@code delayed}
	 * @return the jobs
	 */
	@ReadOperation
	public Map<String, Object> jobs(@Selector String kind, @Selector String which) {
		if (!JOBS.equals(kind) || !"delayed".equals(which)) {
			throw OperationFailure.notFound("There is no '%s/%s' here, only 'jobs/delayed'".formatted(kind, which));
		}
		return OperationResponseBody.of(this.operations.delayedJobs());
	}

	/**
	 * Publishes the message of a schedule now, or cancels a job.
	 * @param kind {@code schedules} or {@code jobs}
	 * @param name the schedule's name, or the id of the job's message
	 * @param action what to do: {@code run} or {@code cancel}
	 * @param connection the connection's name, where several have such a schedule
	 * @param caller who asks for it
	 * @return where the message is stored, or what became of the job
	 */
	@WriteOperation
	public Map<String, Object> run(@Selector String kind, @Selector String name, @Nullable String action,
			@Nullable String connection, SecurityContext caller) {
		if (JOBS.equals(kind)) {
			if (connection != null) {
				throw OperationFailure.badRequest("'connection' is not for jobs: their ids are unique");
			}
			return OperationResponseBody.of(this.operations.cancel(name, action, name(caller)));
		}
		if (!SCHEDULES.equals(kind)) {
			throw OperationFailure
				.notFound("There is no '%s' here, only '%s' and '%s'".formatted(kind, JOBS, SCHEDULES));
		}
		return OperationResponseBody.of(this.operations.run(name, action, connection, name(caller)));
	}

	private static @Nullable String name(SecurityContext caller) {
		Principal principal = caller.getPrincipal();
		return (principal != null) ? principal.getName() : null;
	}

}
