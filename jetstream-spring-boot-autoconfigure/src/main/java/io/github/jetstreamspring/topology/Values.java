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

package io.github.jetstreamspring.topology;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.github.jetstreamspring.messaging.Durations;
import io.nats.client.api.ConsumerLimits;
import io.nats.client.support.JsonSerializable;
import org.jspecify.annotations.Nullable;

/**
 * How the values of settings are compared, merged, checked and shown.
 */
final class Values {

	static final long UNLIMITED = -1;

	static final String LIMIT = "a number above 0, or -1 for no limit";

	static final String DURATION = "a positive duration such as 30s, at most 100 years";

	static final String DURATION_OR_ZERO = "a duration such as 30s, at most 100 years, or 0 for no limit";

	static final String TIME = "a time from the years 1 to 9999";

	static final String REPLICAS = "1 to 5, odd if a majority shall survive: 1, 3 or 5";

	static final String SUBJECTS = "subjects such as orders.created, orders.*.created or orders.>: * stands for one whole"
			+ " word, > for all words that follow";

	static final String METADATA = "keys that don't begin with _nats., which are the server's own";

	private static final String SERVER_METADATA = "_nats.";

	private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

	private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

	private Values() {
	}

	static boolean isLimit(long value) {
		return value > 0 || value == UNLIMITED;
	}

	static boolean isReplicas(int value) {
		return value >= 1 && value <= 5;
	}

	static boolean isPositive(Duration value) {
		return isZeroOrPositive(value) && !value.isZero();
	}

	static boolean isZeroOrPositive(Duration value) {
		return !value.isNegative() && Durations.isCountable(value);
	}

	static Predicate<Duration> atLeast(Duration least) {
		return (value) -> value.compareTo(least) >= 0 && Durations.isCountable(value);
	}

	static Predicate<Duration> zeroOrAtLeast(Duration least) {
		return atLeast(least).or(Duration::isZero);
	}

	/**
	 * Returns whether the server can read a time: its years have four digits.
	 */
	static boolean isTime(Instant value) {
		return !value.isBefore(FIRST) && value.isBefore(LAST);
	}

	static boolean areLimits(ConsumerLimits limits) {
		return isZeroOrPositive(orZero(limits.getInactiveThreshold()));
	}

	static boolean areSubjects(List<String> subjects) {
		return !subjects.isEmpty() && areFilters(subjects);
	}

	static boolean areFilters(List<String> subjects) {
		for (String subject : subjects) {
			if (!Subjects.isValid(subject)) {
				return false;
			}
		}
		return true;
	}

	static String orEmpty(@Nullable String value) {
		return (value != null) ? value : "";
	}

	static Duration orZero(@Nullable Duration value) {
		return (value != null) ? value : Duration.ZERO;
	}

	static List<String> orEmpty(@Nullable List<String> values) {
		return (values != null) ? values : List.of();
	}

	static long orUnlimited(long value) {
		return (value > 0) ? value : UNLIMITED;
	}

	/**
	 * Returns whether two lists hold the same, in whatever order.
	 */
	static boolean isSameSet(List<?> first, List<?> second) {
		return Set.copyOf(first).equals(Set.copyOf(second));
	}

	/**
	 * Returns whether two values are the same to the server. Not all classes of jnats
	 * have {@code equals}.
	 */
	static boolean isSameJson(JsonSerializable first, JsonSerializable second) {
		return first.toJson().equals(second.toJson());
	}

	static String json(JsonSerializable value) {
		return value.toJson();
	}

	static String text(String value) {
		return value.isEmpty() ? "not set" : value;
	}

	static String limit(long value) {
		return (value == UNLIMITED) ? "unlimited" : String.valueOf(value);
	}

	static String duration(Duration value) {
		return value.isZero() ? "unlimited" : Durations.text(value);
	}

	static String limits(ConsumerLimits limits) {
		List<String> texts = new ArrayList<>();
		Duration threshold = orZero(limits.getInactiveThreshold());
		if (!threshold.isZero()) {
			texts.add("inactive-threshold " + duration(threshold));
		}
		if (limits.getMaxAckPending() > 0) {
			texts.add("max-ack-pending " + limits.getMaxAckPending());
		}
		return texts.isEmpty() ? "none" : String.join(", ", texts);
	}

	static String list(List<?> values) {
		return values.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
	}

	/**
	 * Returns the metadata without what the server writes there itself.
	 */
	static Map<String, String> userMetadata(@Nullable Map<String, String> metadata) {
		Map<String, String> result = new TreeMap<>((metadata != null) ? metadata : Map.of());
		result.keySet().removeIf((key) -> key.startsWith(SERVER_METADATA));
		return result;
	}

	static boolean isUserMetadata(Map<String, String> metadata) {
		return metadata.keySet().stream().noneMatch((key) -> key.startsWith(SERVER_METADATA));
	}

	static Map<String, String> mergeMetadata(Map<String, String> current, Map<String, String> wanted) {
		Map<String, String> result = new LinkedHashMap<>(current);
		result.putAll(wanted);
		return result;
	}

}
