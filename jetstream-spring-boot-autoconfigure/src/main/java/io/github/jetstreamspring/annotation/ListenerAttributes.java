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

package io.github.jetstreamspring.annotation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import io.github.jetstreamspring.annotation.handler.ProblemCollector;
import io.github.jetstreamspring.listener.AckMode;
import io.github.jetstreamspring.listener.ListenerOptions;
import io.github.jetstreamspring.listener.OnceMode;
import io.github.jetstreamspring.listener.RetryOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringUtils;

/**
 * The attributes of a {@link JetStreamListener @JetStreamListener} annotation with
 * placeholders and expressions resolved. One that can't be read is a problem and counts
 * as not set.
 */
final class ListenerAttributes {

	private static final Pattern NUMBER = Pattern.compile("\\+?\\d+");

	private final JetStreamListener annotation;

	private final BeanExpressions resolver;

	private final ProblemCollector problems;

	ListenerAttributes(JetStreamListener annotation, BeanExpressions resolver, ProblemCollector problems) {
		this.annotation = annotation;
		this.resolver = resolver;
		this.problems = problems;
	}

	String consumer() {
		return text("consumer", this.annotation.consumer());
	}

	String stream() {
		return text("stream", this.annotation.stream());
	}

	String connection() {
		return text("connection", this.annotation.connection());
	}

	List<String> subjects() {
		return texts("subjects", this.annotation.subjects());
	}

	String id() {
		return text("id", this.annotation.id());
	}

	boolean batch() {
		return this.annotation.batch();
	}

	String orderedBy() {
		return text("orderedBy", this.annotation.orderedBy());
	}

	ListenerOptions options() {
		return ListenerOptions.builder()
			.concurrency(value(Attribute.CONCURRENCY, this.annotation.concurrency(), Integer.class))
			.ack(value(Attribute.ACK, this.annotation.ack(), AckMode.class))
			.maxRunTime(value(Attribute.MAX_RUN_TIME, this.annotation.maxRunTime(), Duration.class))
			.autoStartup(value(Attribute.AUTO_STARTUP, this.annotation.autoStartup(), Boolean.class))
			.listenerGroup(optional("group", this.annotation.group()))
			.exclusive(value(Attribute.EXCLUSIVE, this.annotation.exclusive(), Boolean.class))
			.once(value(Attribute.ONCE, this.annotation.once(), OnceMode.class))
			.converter(optional("converter", this.annotation.converter()))
			.interceptors((this.annotation.interceptors().length > 0)
					? texts("interceptors", this.annotation.interceptors()) : null)
			.errorHandler(optional("errorHandler", this.annotation.errorHandler()))
			.retry(RetryOptions.policy(optional("retryPolicy", this.annotation.retryPolicy())))
			.build();
	}

	private @Nullable String optional(String name, String expression) {
		String text = text(name, expression);
		return text.isEmpty() ? null : text;
	}

	private List<String> texts(String name, String[] expressions) {
		List<String> texts = new ArrayList<>();
		for (String expression : expressions) {
			for (String text : resolveAll(name, expression)) {
				if (StringUtils.hasText(text)) {
					texts.add(text.strip());
				}
			}
		}
		return List.copyOf(texts);
	}

	private List<String> resolveAll(String name, String expression) {
		try {
			return this.resolver.resolveAll(expression);
		}
		catch (RuntimeException ex) {
			unresolved(name, expression, ex);
			return List.of();
		}
	}

	private String text(String name, String expression) {
		try {
			String resolved = this.resolver.resolveStringValue(expression);
			return (resolved != null) ? resolved.strip() : "";
		}
		catch (RuntimeException ex) {
			unresolved(name, expression, ex);
			return "";
		}
	}

	private void unresolved(String name, String expression, RuntimeException failure) {
		this.problems.add("attribute '%s' can't be resolved: %s".formatted(name, failure.getMessage()),
				"Define what %s needs, or change the attribute.".formatted(expression));
	}

	private <T> @Nullable T value(Attribute attribute, String expression, Class<T> type) {
		String text = text(attribute.label, expression);
		if (text.isEmpty()) {
			return null;
		}
		try {
			return type.cast(parse(attribute, text));
		}
		catch (UnitMissingException ex) {
			this.problems.add("attribute '%1$s' is '%2$s', which has no unit: %2$s would be %2$s ms"
				.formatted(attribute.label, text), "Write %1$ss or %1$sms.".formatted(text));
			return null;
		}
		catch (RuntimeException ex) {
			this.problems.add("attribute '%s' is '%s'".formatted(attribute.label, text),
					"Set it to %s.".formatted(attribute.valid));
			return null;
		}
	}

	private static Object parse(Attribute attribute, String text) {
		return switch (attribute) {
			case CONCURRENCY -> concurrency(text);
			case ACK -> AckMode.valueOf(text.toUpperCase(Locale.ROOT));
			case MAX_RUN_TIME -> duration(text);
			case AUTO_STARTUP, EXCLUSIVE -> bool(text);
			case ONCE -> once(text);
		};
	}

	private static int concurrency(String text) {
		int value = Integer.parseInt(text);
		if (value < 1) {
			throw new IllegalArgumentException();
		}
		return value;
	}

	private static Duration duration(String text) {
		Duration value = DurationFormatterUtils.detectAndParse(text, DurationFormat.Unit.MILLIS);
		if (value.toMillis() < 1) {
			throw new IllegalArgumentException();
		}
		if (NUMBER.matcher(text).matches()) {
			throw new UnitMissingException();
		}
		return value;
	}

	private static OnceMode once(String text) {
		if (text.equalsIgnoreCase("message-id")) {
			return OnceMode.MESSAGE_ID;
		}
		return bool(text) ? OnceMode.TRUE : OnceMode.FALSE;
	}

	private static boolean bool(String text) {
		return switch (text.toLowerCase(Locale.ROOT)) {
			case "true" -> true;
			case "false" -> false;
			default -> throw new IllegalArgumentException();
		};
	}

	/**
	 * An attribute that is more than text. It names what is valid, and no code: most
	 * listeners have hardly any of them.
	 */
	private enum Attribute {

		CONCURRENCY("concurrency", "a number of at least 1"),

		ACK("ack", "plain or confirmed"),

		MAX_RUN_TIME("maxRunTime", "a positive duration such as 10m or PT10M"),

		AUTO_STARTUP("autoStartup", "true or false"),

		EXCLUSIVE("exclusive", "true or false"),

		ONCE("once", "true, message-id or false");

		private final String label;

		private final String valid;

		Attribute(String label, String valid) {
			this.label = label;
			this.valid = valid;
		}

	}

	/**
	 * A duration is a mere number, which would be taken for milliseconds.
	 */
	private static final class UnitMissingException extends IllegalArgumentException {

		private static final long serialVersionUID = 1L;

	}

}
