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
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

import io.github.jetstreamspring.messaging.Durations;
import org.jspecify.annotations.Nullable;

import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * What a listener is asked to do.
 *
 * @param action what to do
 * @param duration how long the fleet pauses, or {@code null} for this instance alone
 * @param concurrency how many handlers run at once, or {@code null} if it is about
 * something else
 */
record ListenerOperation(Action action, @Nullable Duration duration, @Nullable Integer concurrency) {

	/**
	 * Reads a request.
	 * @param action the action's name
	 * @param scope for a pause: {@code instance} or {@code fleet}
	 * @param duration for a pause of the fleet
	 * @param concurrency for a change of the concurrency
	 * @throws OperationFailure if that makes no sense
	 */
	static ListenerOperation of(@Nullable String action, @Nullable String scope, @Nullable String duration,
			@Nullable String concurrency) {
		Action parsed = Action.of(action);
		if (parsed != Action.PAUSE) {
			refuse("scope", scope, "only a pause has one");
			refuse("duration", duration, "only a pause of the fleet has one");
		}
		if (parsed != Action.CONCURRENCY) {
			refuse("concurrency", concurrency, "it goes with the action 'concurrency'");
		}
		return new ListenerOperation(parsed, (parsed == Action.PAUSE) ? pause(scope, duration) : null,
				(parsed == Action.CONCURRENCY) ? number(concurrency) : null);
	}

	private static void refuse(String name, @Nullable String value, String why) {
		if (value != null) {
			throw OperationFailure.badRequest("'%s' is not for this action: %s".formatted(name, why));
		}
	}

	private static @Nullable Duration pause(@Nullable String scope, @Nullable String duration) {
		switch ((scope != null) ? scope : "instance") {
			case "instance" -> {
				refuse("duration", duration, "a pause of this instance lasts until it is resumed, only one with the"
						+ " scope 'fleet' ends by itself");
				return null;
			}
			case "fleet" -> {
				return duration(duration);
			}
			default -> throw OperationFailure.badRequest("'scope' must be 'instance' or 'fleet'");
		}
	}

	private static Duration duration(@Nullable String text) {
		if (text == null) {
			throw OperationFailure
				.badRequest("A pause of the fleet needs a 'duration', such as PT30M, after which it ends by itself");
		}
		try {
			Duration duration = DurationFormatterUtils.detectAndParse(text, DurationFormat.Unit.MILLIS);
			if (Durations.isTimeout(duration) && !text.chars().allMatch(Character::isDigit)) {
				return duration;
			}
		}
		catch (RuntimeException ex) {
			// Said below
		}
		throw OperationFailure.badRequest(
				"'duration' must be a positive duration with its unit, such as PT30M or 30m, of 100 years at most");
	}

	private static int number(@Nullable String text) {
		try {
			return Integer.parseInt(String.valueOf(text));
		}
		catch (NumberFormatException ex) {
			throw OperationFailure.badRequest("The action 'concurrency' needs a number 'concurrency'");
		}
	}

	/**
	 * Returns what it is called in the log.
	 */
	String describe() {
		if (this.duration != null) {
			return "%s of all instances for %s".formatted(this.action, this.duration);
		}
		return (this.concurrency != null) ? "%s %d".formatted(this.action, this.concurrency) : this.action.toString();
	}

	enum Action {

		PAUSE, RESUME, STOP, START, CONCURRENCY;

		private static Action of(@Nullable String name) {
			return Arrays.stream(values())
				.filter((action) -> action.toString().equals(name))
				.findFirst()
				.orElseThrow(() -> OperationFailure.badRequest("'action' must be one of " + names()));
		}

		private static String names() {
			return Arrays.stream(values()).map(Action::toString).collect(Collectors.joining("', '", "'", "'"));
		}

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
