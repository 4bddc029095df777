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
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Options of a listener, each of which may be {@code null}, which leaves it to the next
 * source: the configuration of this listener, its annotation, the configuration of all
 * listeners.
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
 * @param once Whether effects in the database happen once for each message: the handler
 * runs in a transaction that records the message as handled. With message-id, messages
 * with the same id count as one.
 * @param replySubjects Addresses to which replies may go, besides the connection's own
 * inboxes; may have wildcards. Whoever may publish a request chooses its address.
 * @param listenerGroup Name of the group that the listener belongs to. Listeners of a
 * group can be started and stopped together.
 * @param idleEventInterval How long the listener gets no message before that is an
 * application event, and how long from one such event to the next.
 * @param converter Name of the bean, a message converter, that reads the payloads.
 * @param interceptors Names of the beans that take part in the handling, inside of those
 * that are there for all listeners.
 * @param errorHandler Name of the bean that is asked about failures.
 * @param retry How failed messages are tried again.
 * @param batch How messages are put together for listeners that take batches.
 * @param circuitBreaker What happens while the handler keeps failing.
 * @since 0.1.0
 */
public record ListenerOptions(@Nullable Integer concurrency, @Nullable Integer maxBuffer, @Nullable AckMode ack,
		@Nullable Duration maxRunTime, @Nullable Duration shutdownTimeout, @Nullable Boolean autoStartup,
		@Nullable Boolean exclusive, @Nullable Integer priority, @Nullable Long minPending,
		@Nullable Long minAckPending, @Nullable OnceMode once, @Nullable List<String> replySubjects,
		@Nullable String listenerGroup, @Nullable Duration idleEventInterval, @Nullable String converter,
		@Nullable List<String> interceptors, @Nullable String errorHandler, Retry retry, Batch batch,
		CircuitBreaker circuitBreaker) {

	// Bound as it is, and documented by what is said about its components: no imports of
	// Spring Boot, and no other constructor

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
		.once(OnceMode.FALSE)
		.replySubjects(List.of("_INBOX.>"))
		.retry(Retry.DEFAULTS)
		.batch(Batch.DEFAULTS)
		.circuitBreaker(CircuitBreaker.DEFAULTS)
		.build();

	/**
	 * Creates options. Groups that are left out leave everything to the next source.
	 */
	public ListenerOptions {
		retry = (retry != null) ? retry : Retry.NONE;
		batch = (batch != null) ? batch : Batch.NONE;
		circuitBreaker = (circuitBreaker != null) ? circuitBreaker : CircuitBreaker.NONE;
	}

	/**
	 * Returns a builder for options that are to be set one by one.
	 * @return the builder, which leaves everything to the next source
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Returns which of these options are out of their ranges.
	 * @return all of them
	 */
	public List<InvalidOption> invalid() {
		return OptionRanges.invalid(this);
	}

	/**
	 * Returns the options that are set.
	 * @return their values, by their keys, such as {@code retry.max-attempts}
	 */
	public Map<String, Object> values() {
		return OptionValues.of(this);
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
				or(this.once, next.once), or(this.replySubjects, next.replySubjects),
				or(this.listenerGroup, next.listenerGroup), or(this.idleEventInterval, next.idleEventInterval),
				or(this.converter, next.converter), or(this.interceptors, next.interceptors),
				or(this.errorHandler, next.errorHandler), this.retry.orElse(next.retry), this.batch.orElse(next.batch),
				this.circuitBreaker.orElse(next.circuitBreaker));
	}

	private static <T> @Nullable T or(@Nullable T value, @Nullable T next) {
		return (value != null) ? value : next;
	}

	/**
	 * How failed messages are tried again.
	 *
	 * @param maxAttempts After how many attempts a message is given up on.
	 * @param delay Delay after the first attempt.
	 * @param multiplier Factor from one delay to the next.
	 * @param maxDelay Longest delay, before jitter.
	 * @param jitter Share of each delay, from 0 to 1, by which it is varied at random.
	 * @param scheduleAfter Delay beyond which a message waits as a schedule of its
	 * stream, if that is a work queue with message schedules, and doesn't count in
	 * max-ack-pending.
	 * @param maxDeliveries After how many deliveries, those that no handler has seen
	 * included, a message isn't handled any more; twice max-attempts if it isn't set.
	 * @param policy Name of the bean, a retry policy, that stands for all of this but
	 * schedule-after.
	 * @since 0.1.0
	 */
	public record Retry(@Nullable Long maxAttempts, @Nullable Duration delay, @Nullable Double multiplier,
			@Nullable Duration maxDelay, @Nullable Double jitter, @Nullable Duration scheduleAfter,
			@Nullable Long maxDeliveries, @Nullable String policy) {

		static final Retry NONE = new Retry(null, null, null, null, null, null, null, null);

		static final Retry DEFAULTS = new Retry(10L, Duration.ofSeconds(1), 2.0, Duration.ofMinutes(5), 0.25,
				Duration.ofSeconds(30), null, null);

		Retry orElse(Retry next) {
			return new Retry(or(this.maxAttempts, next.maxAttempts), or(this.delay, next.delay),
					or(this.multiplier, next.multiplier), or(this.maxDelay, next.maxDelay),
					or(this.jitter, next.jitter), or(this.scheduleAfter, next.scheduleAfter),
					or(this.maxDeliveries, next.maxDeliveries), or(this.policy, next.policy));
		}

	}

	/**
	 * How messages are put together for listeners that take batches.
	 *
	 * @param size Most messages of a batch.
	 * @param timeout How long the first message of a batch waits for the others.
	 * @since 0.1.0
	 */
	public record Batch(@Nullable Integer size, @Nullable Duration timeout) {

		static final Batch NONE = new Batch(null, null);

		static final Batch DEFAULTS = new Batch(100, Duration.ofSeconds(1));

		Batch orElse(Batch next) {
			return new Batch(or(this.size, next.size), or(this.timeout, next.timeout));
		}

	}

	/**
	 * What happens while a handler keeps failing.
	 *
	 * @param enabled Whether the listener pauses itself while its handler keeps failing.
	 * @param failureRate Share of failures, above 0 and up to 1, from which the listener
	 * pauses itself.
	 * @param window Over how many of the last attempts the share of failures is taken.
	 * @param pause How long the listener pauses.
	 * @param trials How many messages have to be handled one at a time after the pause
	 * before the listener is itself again.
	 * @since 0.1.0
	 */
	public record CircuitBreaker(@Nullable Boolean enabled, @Nullable Double failureRate, @Nullable Integer window,
			@Nullable Duration pause, @Nullable Integer trials) {

		static final CircuitBreaker NONE = new CircuitBreaker(null, null, null, null, null);

		static final CircuitBreaker DEFAULTS = new CircuitBreaker(false, 0.5, 100, Duration.ofSeconds(30), 5);

		CircuitBreaker orElse(CircuitBreaker next) {
			return new CircuitBreaker(or(this.enabled, next.enabled), or(this.failureRate, next.failureRate),
					or(this.window, next.window), or(this.pause, next.pause), or(this.trials, next.trials));
		}

	}

	/**
	 * Builds options. What isn't set is left to the next source.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder extends ListenerOptionsBuilder {

		private Builder() {
		}

		@Override
		Builder self() {
			return this;
		}

	}

}
