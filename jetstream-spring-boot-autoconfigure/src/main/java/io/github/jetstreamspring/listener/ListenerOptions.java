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

package io.github.jetstreamspring.listener;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Options of a listener, each of which may be left to the next source: the configuration
 * of this listener, its annotation, the configuration of all listeners.
 *
 * @param concurrency how many handlers run at once, or {@code null}
 * @param maxBuffer the most messages that wait in the listener for a worker, or
 * {@code null}
 * @param ack how deliveries are acked, or {@code null}
 * @param maxRunTime how long a handler may run, or {@code null}
 * @param shutdownTimeout how long running handlers may take to finish when the listener
 * stops, or {@code null}
 * @param autoStartup whether the listener starts with the application, or {@code null}
 * @param exclusive whether only one instance of the application at a time gets messages,
 * or {@code null}
 * @param priority rank of this instance among those that ask for messages, 0 (first) to
 * 9, for consumers with the priority policy {@code prioritized} (nats-server 2.12), or
 * {@code null}
 * @param minPending how many messages must wait before this instance gets any, for
 * consumers with the priority policy {@code overflow} (nats-server 2.11), or {@code null}
 * @param minAckPending how many messages must be at work before this instance gets any,
 * for consumers with the priority policy {@code overflow} (nats-server 2.11), or
 * {@code null}
 * @param replySubjects to which addresses replies may go, or {@code null}
 * @param retry how failed messages are tried again
 * @param batch how messages are put together in batches
 * @param circuitBreaker what happens while the handler keeps failing
 * @since 0.1.0
 */
public record ListenerOptions(@Nullable Integer concurrency, @Nullable Integer maxBuffer, @Nullable AckMode ack,
		@Nullable Duration maxRunTime, @Nullable Duration shutdownTimeout, @Nullable Boolean autoStartup,
		@Nullable Boolean exclusive, @Nullable Integer priority, @Nullable Long minPending,
		@Nullable Long minAckPending, @Nullable List<String> replySubjects, RetryOptions retry, BatchOptions batch,
		CircuitBreakerOptions circuitBreaker) {

	/**
	 * Options that leave everything to the next source.
	 */
	public static final ListenerOptions NONE = builder().build();

	/**
	 * What holds where nobody says otherwise.
	 */
	public static final ListenerOptions DEFAULTS = builder().concurrency(10)
		.maxBuffer(500)
		.ack(AckMode.PLAIN)
		.maxRunTime(Duration.ofHours(1))
		.shutdownTimeout(Duration.ofSeconds(20))
		.autoStartup(true)
		.exclusive(false)
		.replySubjects(List.of("_INBOX.>"))
		.retry(RetryOptions.DEFAULTS)
		.batch(BatchOptions.DEFAULTS)
		.circuitBreaker(CircuitBreakerOptions.DEFAULTS)
		.build();

	/**
	 * Returns a builder for options that are to be set one by one.
	 * @return the builder, which leaves everything to the next source
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Fills what these options leave open.
	 * @param next the options that take over where these say nothing
	 * @return both together
	 */
	public ListenerOptions orElse(ListenerOptions next) {
		return new ListenerOptions(or(this.concurrency, next.concurrency), or(this.maxBuffer, next.maxBuffer),
				or(this.ack, next.ack), or(this.maxRunTime, next.maxRunTime),
				or(this.shutdownTimeout, next.shutdownTimeout), or(this.autoStartup, next.autoStartup),
				or(this.exclusive, next.exclusive), or(this.priority, next.priority),
				or(this.minPending, next.minPending), or(this.minAckPending, next.minAckPending),
				or(this.replySubjects, next.replySubjects), this.retry.orElse(next.retry),
				this.batch.orElse(next.batch), this.circuitBreaker.orElse(next.circuitBreaker));
	}

	static <T> @Nullable T or(@Nullable T value, @Nullable T next) {
		return (value != null) ? value : next;
	}

	/**
	 * Builds options. What isn't set is left to the next source.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private @Nullable Integer concurrency;

		private @Nullable Integer maxBuffer;

		private @Nullable AckMode ack;

		private @Nullable Duration maxRunTime;

		private @Nullable Duration shutdownTimeout;

		private @Nullable Boolean autoStartup;

		private @Nullable Boolean exclusive;

		private @Nullable Integer priority;

		private @Nullable Long minPending;

		private @Nullable Long minAckPending;

		private @Nullable List<String> replySubjects;

		private RetryOptions retry = RetryOptions.NONE;

		private BatchOptions batch = BatchOptions.NONE;

		private CircuitBreakerOptions circuitBreaker = CircuitBreakerOptions.NONE;

		private Builder() {
		}

		/**
		 * Sets how many handlers run at once.
		 * @param concurrency a number of at least 1, or {@code null}
		 * @return this builder
		 */
		public Builder concurrency(@Nullable Integer concurrency) {
			this.concurrency = concurrency;
			return this;
		}

		/**
		 * Sets the most messages that wait in the listener for a worker.
		 * @param maxBuffer a number, 0 for none, or {@code null}
		 * @return this builder
		 */
		public Builder maxBuffer(@Nullable Integer maxBuffer) {
			this.maxBuffer = maxBuffer;
			return this;
		}

		/**
		 * Sets how deliveries are acked.
		 * @param ack the mode, or {@code null}
		 * @return this builder
		 */
		public Builder ack(@Nullable AckMode ack) {
			this.ack = ack;
			return this;
		}

		/**
		 * Sets how long a handler may run.
		 * @param maxRunTime a positive duration, or {@code null}
		 * @return this builder
		 */
		public Builder maxRunTime(@Nullable Duration maxRunTime) {
			this.maxRunTime = maxRunTime;
			return this;
		}

		/**
		 * Sets how long running handlers may take to finish when the listener stops.
		 * @param shutdownTimeout a duration, zero for not at all, or {@code null}
		 * @return this builder
		 */
		public Builder shutdownTimeout(@Nullable Duration shutdownTimeout) {
			this.shutdownTimeout = shutdownTimeout;
			return this;
		}

		/**
		 * Sets whether the listener starts with the application.
		 * @param autoStartup whether it does, or {@code null}
		 * @return this builder
		 */
		public Builder autoStartup(@Nullable Boolean autoStartup) {
			this.autoStartup = autoStartup;
			return this;
		}

		/**
		 * Sets whether only one instance of the application at a time gets messages.
		 * @param exclusive whether it is so, or {@code null}
		 * @return this builder
		 */
		public Builder exclusive(@Nullable Boolean exclusive) {
			this.exclusive = exclusive;
			return this;
		}

		/**
		 * Sets the rank of this instance among those that ask for messages.
		 * @param priority 0 (first) to 9, or {@code null}
		 * @return this builder
		 */
		public Builder priority(@Nullable Integer priority) {
			this.priority = priority;
			return this;
		}

		/**
		 * Sets how many messages must wait before this instance gets any.
		 * @param minPending a number of at least 1, or {@code null}
		 * @return this builder
		 */
		public Builder minPending(@Nullable Long minPending) {
			this.minPending = minPending;
			return this;
		}

		/**
		 * Sets how many messages must be at work before this instance gets any.
		 * @param minAckPending a number of at least 1, or {@code null}
		 * @return this builder
		 */
		public Builder minAckPending(@Nullable Long minAckPending) {
			this.minAckPending = minAckPending;
			return this;
		}

		/**
		 * Sets to which addresses replies may go, besides the connection's own inboxes.
		 * @param replySubjects subjects, which may have wildcards, or {@code null}
		 * @return this builder
		 */
		public Builder replySubjects(@Nullable List<String> replySubjects) {
			this.replySubjects = replySubjects;
			return this;
		}

		/**
		 * Sets how failed messages are tried again.
		 * @param retry the options
		 * @return this builder
		 */
		public Builder retry(RetryOptions retry) {
			this.retry = retry;
			return this;
		}

		/**
		 * Sets how messages are put together in batches.
		 * @param batch the options
		 * @return this builder
		 */
		public Builder batch(BatchOptions batch) {
			this.batch = batch;
			return this;
		}

		/**
		 * Sets what happens while the handler keeps failing.
		 * @param circuitBreaker the options
		 * @return this builder
		 */
		public Builder circuitBreaker(CircuitBreakerOptions circuitBreaker) {
			this.circuitBreaker = circuitBreaker;
			return this;
		}

		/**
		 * Builds the options.
		 * @return the options
		 */
		public ListenerOptions build() {
			return new ListenerOptions(this.concurrency, this.maxBuffer, this.ack, this.maxRunTime,
					this.shutdownTimeout, this.autoStartup, this.exclusive, this.priority, this.minPending,
					this.minAckPending, this.replySubjects, this.retry, this.batch, this.circuitBreaker);
		}

	}

}
