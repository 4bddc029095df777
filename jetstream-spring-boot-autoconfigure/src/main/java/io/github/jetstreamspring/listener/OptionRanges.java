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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import io.github.jetstreamspring.listener.ListenerOptions.Batch;
import io.github.jetstreamspring.listener.ListenerOptions.CircuitBreaker;
import io.github.jetstreamspring.listener.ListenerOptions.Retry;
import io.github.jetstreamspring.messaging.Durations;
import org.jspecify.annotations.Nullable;

/**
 * The ranges of the options of listeners, wherever they are set. What is left open is in
 * its range.
 */
final class OptionRanges {

	private static final int MOST_HANDLERS = 100_000;

	private static final int LONGEST_WINDOW = 1_000_000;

	private static final int LAST_PRIORITY = 9;

	private static final Duration SHORTEST = Duration.ofMillis(1);

	private final List<InvalidOption> invalid = new ArrayList<>();

	private OptionRanges() {
	}

	/**
	 * Returns all options that are out of their ranges.
	 */
	static List<InvalidOption> invalid(ListenerOptions options) {
		OptionRanges ranges = new OptionRanges();
		ranges.check(options);
		ranges.check("retry.", options.retry());
		return List.copyOf(ranges.invalid);
	}

	/**
	 * Refuses options that are out of their ranges. What is said about retries doesn't
	 * matter where there is a policy for them.
	 */
	static void requireExceptRetry(ListenerOptions options) {
		OptionRanges ranges = new OptionRanges();
		ranges.check(options);
		ranges.throwIfAny();
	}

	static void require(Retry retry) {
		OptionRanges ranges = new OptionRanges();
		ranges.check("", retry);
		ranges.throwIfAny();
	}

	static void requireConcurrency(int concurrency) {
		OptionRanges ranges = new OptionRanges();
		ranges.checkConcurrency(concurrency);
		ranges.throwIfAny();
	}

	private void throwIfAny() {
		if (!this.invalid.isEmpty()) {
			throw new IllegalArgumentException(
					this.invalid.stream().map(InvalidOption::toString).collect(Collectors.joining("; ")));
		}
	}

	private void check(ListenerOptions options) {
		checkConcurrency(options.concurrency());
		checkNotNegative("max-buffer", options.maxBuffer());
		checkPositive("max-run-time", options.maxRunTime());
		checkNotNegative("shutdown-timeout", options.shutdownTimeout());
		Integer priority = options.priority();
		if (priority != null) {
			check("priority", priority, priority >= 0 && priority <= LAST_PRIORITY,
					"it must be from 0 to " + LAST_PRIORITY);
		}
		checkAtLeastOne("min-pending", options.minPending());
		checkAtLeastOne("min-ack-pending", options.minAckPending());
		if (priority != null) {
			check("priority", priority, options.minPending() == null && options.minAckPending() == null,
					"it can't be set together with 'min-pending' or 'min-ack-pending', which are for consumers of another priority policy");
		}
		List<String> subjects = options.replySubjects();
		if (subjects != null) {
			check("reply-subjects", subjects, subjects.stream().noneMatch(String::isBlank),
					"an address must not be blank");
		}
		String group = options.listenerGroup();
		if (group != null) {
			check("listener-group", group, !group.isBlank(), "a name must not be blank");
		}
		checkPositive("idle-event-interval", options.idleEventInterval());
		check(options.batch());
		check(options.circuitBreaker());
	}

	private void checkConcurrency(@Nullable Integer concurrency) {
		checkAtLeastOne("concurrency", concurrency);
		if (concurrency != null) {
			check("concurrency", concurrency, concurrency <= MOST_HANDLERS,
					"it must be at most " + MOST_HANDLERS + ", as each handler that runs has a thread");
		}
	}

	private void check(String prefix, Retry retry) {
		Duration delay = retry.delay();
		Duration maxDelay = retry.maxDelay();
		Long attempts = retry.maxAttempts();
		Double multiplier = retry.multiplier();
		Double jitter = retry.jitter();
		checkAtLeastOne(prefix + "max-attempts", attempts);
		checkNotNegative(prefix + "delay", delay);
		checkAtLeastOne(prefix + "multiplier", multiplier);
		checkNotNegative(prefix + "max-delay", maxDelay);
		if (maxDelay != null) {
			check(prefix + "max-delay", maxDelay, delay == null || maxDelay.compareTo(delay) >= 0,
					"it must not be shorter than delay");
		}
		if (jitter != null) {
			check(prefix + "jitter", jitter, jitter >= 0 && jitter <= 1, "it must be from 0 to 1");
		}
		checkNotNegative(prefix + "schedule-after", retry.scheduleAfter());
		checkAtLeastOne(prefix + "max-deliveries", retry.maxDeliveries());
		if (retry.maxDeliveries() != null && attempts != null) {
			check(prefix + "max-deliveries", retry.maxDeliveries(), retry.maxDeliveries() >= attempts,
					"it must not be less than max-attempts (" + attempts + ")");
		}
	}

	private void check(Batch batch) {
		checkAtLeastOne("batch.size", batch.size());
		checkPositive("batch.timeout", batch.timeout());
	}

	private void check(CircuitBreaker breaker) {
		Double rate = breaker.failureRate();
		if (rate != null) {
			check("circuit-breaker.failure-rate", rate, rate > 0 && rate <= 1, "it must be above 0 and at most 1");
		}
		Integer window = breaker.window();
		checkAtLeastOne("circuit-breaker.window", window);
		if (window != null) {
			check("circuit-breaker.window", window, window <= LONGEST_WINDOW,
					"it must be at most " + LONGEST_WINDOW + ", as it is kept in memory");
		}
		checkPositive("circuit-breaker.pause", breaker.pause());
		checkAtLeastOne("circuit-breaker.trials", breaker.trials());
	}

	private void checkAtLeastOne(String key, @Nullable Number value) {
		if (value != null) {
			check(key, value, value.doubleValue() >= 1, "it must be at least 1");
		}
	}

	private void checkNotNegative(String key, @Nullable Number value) {
		if (value != null) {
			check(key, value, value.doubleValue() >= 0, "it must not be negative");
		}
	}

	private void checkNotNegative(String key, @Nullable Duration value) {
		if (value != null) {
			check(key, value, !value.isNegative(), "it must not be negative");
			checkCountable(key, value);
		}
	}

	private void checkPositive(String key, @Nullable Duration value) {
		if (value != null) {
			check(key, value, value.compareTo(SHORTEST) >= 0, "it must be a positive duration such as 30s");
			checkCountable(key, value);
		}
	}

	private void checkCountable(String key, Duration value) {
		check(key, value, Durations.isCountable(value), "it must not be longer than 100 years");
	}

	private void check(String key, Object value, boolean valid, String expectation) {
		if (!valid) {
			this.invalid.add(new InvalidOption(key, value, expectation));
		}
	}

}
