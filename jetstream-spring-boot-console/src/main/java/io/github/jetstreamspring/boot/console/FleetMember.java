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
package io.github.jetstreamspring.boot.console;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.github.jetstreamspring.guard.Guard;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Tells other instances of the application how this one is, when they ask. Says nothing
 * that isn't asked for, and not more often than a page can need it, whoever asks.
 */
final class FleetMember implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(FleetMember.class);

	private static final int MAX_QUESTION = 1024;

	// Twenty pages in as many instances, and some to spare
	private static final int MOST_IN_PERIOD = 100;

	private static final long PERIOD_NANOS = Duration.ofSeconds(10).toNanos();

	private final Connection connection;

	private final String subject;

	private final FleetSummary summary;

	// Guarded by this
	private @Nullable Dispatcher dispatcher;

	// Touched by the dispatcher's thread alone, as is the next
	private long periodNanos = System.nanoTime();

	private int answered;

	FleetMember(Connection connection, String subject, FleetSummary summary) {
		this.connection = connection;
		this.subject = subject;
		this.summary = summary;
	}

	@Override
	public synchronized void start() {
		if (this.dispatcher == null) {
			Guard.run(logger, () -> "The console can't be asked by other instances", () -> {
				Dispatcher created = this.connection.createDispatcher(this::asked);
				this.dispatcher = created;
				// More are of no use
				created.setPendingLimits(MOST_IN_PERIOD, (long) MOST_IN_PERIOD * MAX_QUESTION);
				created.subscribe(this.subject);
			});
		}
	}

	@Override
	public synchronized void stop() {
		Dispatcher stopped = this.dispatcher;
		this.dispatcher = null;
		if (stopped != null) {
			Guard.run(logger, () -> "The console could not stop answering other instances",
					() -> this.connection.closeDispatcher(stopped));
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.dispatcher != null;
	}

	private void asked(Message question) {
		Guard.run(logger, () -> "The console could not answer another instance", () -> answer(question));
	}

	private void answer(Message question) {
		String replyTo = question.getReplyTo();
		byte[] data = question.getData();
		// Nobody may make this instance publish to anything but an inbox
		if (replyTo == null || !replyTo.startsWith(FleetSubject.inboxes(this.connection)) || data == null
				|| data.length > MAX_QUESTION || !isPermitted()) {
			return;
		}
		FleetQuestion parsed = FleetQuestion.of(data);
		if (parsed != null) {
			this.connection.publish(replyTo, JsonText.of(this.summary.answer(parsed)).getBytes(StandardCharsets.UTF_8));
		}
	}

	private boolean isPermitted() {
		long now = System.nanoTime();
		if (now - this.periodNanos > PERIOD_NANOS) {
			this.periodNanos = now;
			this.answered = 0;
		}
		return this.answered++ < MOST_IN_PERIOD;
	}

}
