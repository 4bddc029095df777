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

package io.github.jetstreamspring.messaging;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * How durations are written for people, and which ones can be counted. Internal.
 *
 * @since 0.1.0
 */
public final class Durations {

	/**
	 * The longest duration that is taken from anybody, 100 years: what is counted in
	 * nanoseconds ends after 292.
	 */
	public static final Duration LONGEST = Duration.ofDays(36_500);

	// To negate a duration is to make big decimals
	private static final Duration LONGEST_AGO = Duration.ofDays(-LONGEST.toDays());

	private static final Duration SHORTEST = Duration.ofMillis(1);

	private static final Unit MILLISECOND = new Unit("ms", "ms", Duration.ofMillis(1));

	private static final List<Unit> FROM_DAYS_TO_SECONDS = List.of(new Unit("d", "d", Duration.ofDays(1)),
			new Unit("h", "h", Duration.ofHours(1)), new Unit("m", "min", Duration.ofMinutes(1)),
			new Unit("s", "s", Duration.ofSeconds(1)));

	private static final List<Unit> SMALLER = List.of(MILLISECOND, new Unit("us", "us", Duration.ofNanos(1000)),
			new Unit("ns", "ns", Duration.ofNanos(1)));

	private Durations() {
	}

	// More than fit into a long, as what is refused is shown, too
	private static BigInteger nanos(Duration duration) {
		return BigInteger.valueOf(duration.getSeconds())
			.multiply(BigInteger.valueOf(1_000_000_000))
			.add(BigInteger.valueOf(duration.getNano()));
	}

	/**
	 * Writes a setting as it is written in a configuration, where the text can be pasted:
	 * {@code 7d}, {@code 90s}, {@code 1500ms}.
	 * @param duration the duration
	 * @return a number with the largest unit that counts it
	 */
	public static String text(Duration duration) {
		if (duration.isZero()) {
			return "0s";
		}
		BigInteger nanos = nanos(duration);
		String text = text(nanos, FROM_DAYS_TO_SECONDS);
		return (text != null) ? text : Objects.requireNonNull(text(nanos, SMALLER));
	}

	private static @Nullable String text(BigInteger nanos, List<Unit> units) {
		for (Unit unit : units) {
			if (nanos.mod(unit.nanos()).signum() == 0) {
				return nanos.divide(unit.nanos()) + unit.key();
			}
		}
		return null;
	}

	/**
	 * Writes what was measured or calculated, which nobody wants to know to the
	 * millisecond: {@code 2.1 s}, {@code 4.6 min}, {@code 850 ms}.
	 * @param duration the duration
	 * @return a number with at most one digit after the point, and its unit
	 */
	public static String rounded(Duration duration) {
		BigInteger nanos = nanos(duration);
		return FROM_DAYS_TO_SECONDS.stream()
			.filter((unit) -> nanos.abs().compareTo(unit.nanos()) >= 0)
			.map((unit) -> unit.rounded(nanos, 1))
			.findFirst()
			.orElseGet(() -> MILLISECOND.rounded(nanos, 0));
	}

	/**
	 * Returns whether somebody can wait for so long: some time, and no longer than
	 * {@link #LONGEST}.
	 * @param duration the duration
	 * @return whether it can be waited for
	 */
	public static boolean isTimeout(Duration duration) {
		return duration.compareTo(SHORTEST) >= 0 && isCountable(duration);
	}

	/**
	 * Returns whether a duration, or one before now, is no longer than {@link #LONGEST}.
	 * @param duration the duration
	 * @return whether clocks can count it
	 */
	public static boolean isCountable(Duration duration) {
		return duration.compareTo(LONGEST) <= 0 && duration.compareTo(LONGEST_AGO) >= 0;
	}

	/**
	 * What durations are counted in.
	 *
	 * @param key what it is called in a configuration
	 * @param symbol what it is called in a sentence
	 * @param nanos its length
	 */
	private record Unit(String key, String symbol, BigInteger nanos) {

		Unit(String key, String symbol, Duration length) {
			this(key, symbol, Durations.nanos(length));
		}

		String rounded(BigInteger duration, int digits) {
			return new BigDecimal(duration).divide(new BigDecimal(this.nanos), digits, RoundingMode.HALF_UP)
				.stripTrailingZeros()
				.toPlainString() + " " + this.symbol;
		}

	}

}
