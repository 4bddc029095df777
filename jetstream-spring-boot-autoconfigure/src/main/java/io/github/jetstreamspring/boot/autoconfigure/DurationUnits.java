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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.jetstreamspring.messaging.Durations;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Tells durations without a unit. Spring Boot takes them for milliseconds, but who writes
 * {@code ack-wait: 30} means something else.
 */
final class DurationUnits {

	private static final Pattern NUMBER = Pattern.compile("\\s*[+-]?(\\d+)\\s*");

	private DurationUnits() {
	}

	/**
	 * Returns what is wrong with a duration that could be bound.
	 * @param name the property
	 * @param target what it was bound to
	 * @param context the context, in which the property has a value
	 * @param result the value
	 * @return what is wrong, or {@code null} if it has a unit or is zero
	 */
	static @Nullable String problem(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			Object result) {
		if (target.getType().resolve() != Duration.class || context.getConfigurationProperty() == null
				|| (result instanceof Duration duration && duration.isZero())) {
			return null;
		}
		if (result instanceof Duration duration && !Durations.isCountable(duration)) {
			return "it must not be longer than 100 years (36500d); no limit is 0, where a key has that";
		}
		// The text with its placeholders resolved
		String text = context.getBinder().bind(name, Bindable.of(String.class)).orElse("");
		Matcher matcher = NUMBER.matcher(text);
		if (!matcher.matches()) {
			return null;
		}
		if (text.contains("-")) {
			return "'%s' is not a duration such as 30s, 5m or 7d; no limit is 0, where a key has that"
				.formatted(text.strip());
		}
		String number = matcher.group(1);
		return "it has no unit: %1$s would be %1$s ms; write %1$ss or %1$sms".formatted(number);
	}

}
