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
import java.util.function.Predicate;
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
		check("max-buffer", options.maxBuffer(), (buffer) -> buffer >= 0, "it must not be negative");
		checkPositive("max-run-time", options.maxRunTime());
		checkNotNegative("shutdown-timeout", options.shutdownTimeout());
		check("priority", options.priority(), (priority) -> priority >= 0 && priority <= LAST_PRIORITY,
				"it must be from 0 to " + LAST_PRIORITY);
		check("min-pending", options.minPending(), (pending) -> pending >= 1, "it must be at least 1");
		check("min-ack-pending", options.minAckPending(), (pending) -> pending >= 1, "it must be at least 1");
		check("priority", options.priority(),
				(priority) -> options.minPending() == null && options.minAckPending() == null,
				"it can't be set together with 'min-pending' or 'min-ack-pending', which are for consumers of another priority policy");
		check("reply-subjects", options.replySubjects(),
				(subjects) -> subjects.stream().noneMatch((subject) -> subject.isBlank()),
				"an address must not be blank");
		check(options.batch());
		check(options.circuitBreaker());
	}

	private void checkConcurrency(@Nullable Integer value) {
		check("concurrency", value, (concurrency) -> concurrency >= 1, "it must be at least 1");
		check("concurrency", value, (concurrency) -> concurrency <= MOST_HANDLERS,
				"it must be at most %d, as each handler that runs has a thread".formatted(MOST_HANDLERS));
	}

	private void check(String prefix, Retry retry) {
		Duration delay = retry.delay();
		Long attempts = retry.maxAttempts();
		check(prefix + "max-attempts", attempts, (max) -> max >= 1, "it must be at least 1");
		checkNotNegative(prefix + "delay", delay);
		check(prefix + "multiplier", retry.multiplier(), (multiplier) -> multiplier >= 1, "it must be at least 1");
		checkNotNegative(prefix + "max-delay", retry.maxDelay());
		check(prefix + "max-delay", retry.maxDelay(), (max) -> delay == null || max.compareTo(delay) >= 0,
				"it must not be shorter than delay");
		check(prefix + "jitter", retry.jitter(), (jitter) -> jitter >= 0 && jitter <= 1, "it must be from 0 to 1");
		checkNotNegative(prefix + "schedule-after", retry.scheduleAfter());
		check(prefix + "max-deliveries", retry.maxDeliveries(), (max) -> max >= 1, "it must be at least 1");
		check(prefix + "max-deliveries", retry.maxDeliveries(), (max) -> attempts == null || max >= attempts,
				"it must not be less than max-attempts (%d)".formatted(attempts));
	}

	private void check(Batch batch) {
		check("batch.size", batch.size(), (size) -> size >= 1, "it must be at least 1");
		checkPositive("batch.timeout", batch.timeout());
	}

	private void check(CircuitBreaker breaker) {
		check("circuit-breaker.failure-rate", breaker.failureRate(), (rate) -> rate > 0 && rate <= 1,
				"it must be above 0 and at most 1");
		check("circuit-breaker.window", breaker.window(), (window) -> window >= 1, "it must be at least 1");
		check("circuit-breaker.window", breaker.window(), (window) -> window <= LONGEST_WINDOW,
				"it must be at most %d, as it is kept in memory".formatted(LONGEST_WINDOW));
		checkPositive("circuit-breaker.pause", breaker.pause());
		check("circuit-breaker.trials", breaker.trials(), (trials) -> trials >= 1, "it must be at least 1");
	}

	private void checkPositive(String key, @Nullable Duration value) {
		check(key, value, (duration) -> duration.compareTo(SHORTEST) >= 0,
				"it must be a positive duration such as 30s");
		checkCountable(key, value);
	}

	private void checkNotNegative(String key, @Nullable Duration value) {
		check(key, value, (duration) -> !duration.isNegative(), "it must not be negative");
		checkCountable(key, value);
	}

	private void checkCountable(String key, @Nullable Duration value) {
		check(key, value, Durations::isCountable, "it must not be longer than 100 years");
	}

	private <T> void check(String key, @Nullable T value, Predicate<T> range, String expectation) {
		if (value != null && !range.test(value)) {
			this.invalid.add(new InvalidOption(key, value, expectation));
		}
	}

}
