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

package io.github.jetstreamspring.boot.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.github.jetstreamspring.listener.AckMode;
import io.github.jetstreamspring.listener.ListenerOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of listeners.
 *
 * @param concurrency How many handlers run at once.
 * @param maxBuffer Most messages that wait in the listener for a worker. Quick handlers
 * use it up, slow ones need nothing of it.
 * @param ack How messages are acked.
 * @param maxRunTime How long a handler may run. Until then the lease of its message is
 * extended; then it is interrupted and the message is retried.
 * @param shutdownTimeout How long running handlers may take to finish when the listener
 * stops.
 * @param autoStartup Whether the listener starts with the application.
 * @param exclusive Whether only one instance of the application at a time gets messages.
 * The consumer needs a pinned-client priority group, which takes nats-server 2.11.
 * @param priority Rank of this instance among those that ask for messages, 0 (first) to
 * 9. The consumer needs the priority policy prioritized, which takes nats-server 2.12.
 * @param minPending How many messages must wait before this instance gets any. The
 * consumer needs the priority policy overflow, which takes nats-server 2.11.
 * @param minAckPending How many messages must be at work before this instance gets any.
 * The consumer needs the priority policy overflow, which takes nats-server 2.11.
 * @param replySubjects Addresses to which replies may go, besides the connection's own
 * inboxes; may have wildcards. Whoever may publish a request chooses its address.
 * @param retry How failed messages are tried again.
 * @param batch How messages are put together for listeners that take batches.
 * @param circuitBreaker What happens while the handler keeps failing.
 * @since 0.1.0
 */
public record ListenerProperties(@Nullable Integer concurrency, @Nullable Integer maxBuffer, @Nullable AckMode ack,
		@Nullable Duration maxRunTime, @Nullable Duration shutdownTimeout, @Nullable Boolean autoStartup,
		@Nullable Boolean exclusive, @Nullable Integer priority, @Nullable Long minPending,
		@Nullable Long minAckPending, @Nullable List<String> replySubjects,
		@NestedConfigurationProperty @DefaultValue RetryProperties retry,
		@NestedConfigurationProperty @DefaultValue BatchProperties batch,
		@NestedConfigurationProperty @DefaultValue CircuitBreakerProperties circuitBreaker) {

	private static final int MOST_HANDLERS = 100_000;

	/**
	 * Checks the values.
	 */
	public ListenerProperties {
		PropertyChecks checks = new PropertyChecks();
		checks.check("concurrency", concurrency == null || concurrency >= 1, "it must be at least 1");
		checks.check("concurrency", concurrency == null || concurrency <= MOST_HANDLERS,
				"it must be at most %d, as each handler that runs has a thread".formatted(MOST_HANDLERS));
		checks.check("max-buffer", maxBuffer == null || maxBuffer >= 0, "it must not be negative");
		checks.positive("max-run-time", maxRunTime);
		checks.notNegative("shutdown-timeout", shutdownTimeout);
		checks.check("priority", priority == null || (priority >= 0 && priority <= 9), "it must be from 0 to 9");
		checks.check("min-pending", minPending == null || minPending >= 1, "it must be at least 1");
		checks.check("min-ack-pending", minAckPending == null || minAckPending >= 1, "it must be at least 1");
		checks.check("priority", priority == null || (minPending == null && minAckPending == null),
				"it can't be set together with min-pending or min-ack-pending, which are for consumers of another priority policy");
		checks.check("reply-subjects",
				replySubjects == null || replySubjects.stream().noneMatch((subject) -> subject.isBlank()),
				"an address must not be blank");
		checks.throwIfAny();
	}

	ListenerOptions toOptions() {
		return new ListenerOptions(this.concurrency, this.maxBuffer, this.ack, this.maxRunTime, this.shutdownTimeout,
				this.autoStartup, this.exclusive, this.priority, this.minPending, this.minAckPending,
				this.replySubjects, this.retry.toOptions(), this.batch.toOptions(), this.circuitBreaker.toOptions());
	}

}
