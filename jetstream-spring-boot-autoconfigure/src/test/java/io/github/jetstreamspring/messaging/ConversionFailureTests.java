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

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link ConversionFailure}. The word that no text may have is "secret".
 */
class ConversionFailureTests {

	private static final JsonMapper mapper = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.build();

	static Stream<Arguments> unreadable() {
		return Stream.of(arguments("secret", "it is not valid JSON at line 1, column 1"),
				arguments("{\"id\":\"secret\"", "its JSON ends too early at line 1, column 15"),
				arguments("{\n\"lines\":[{\"cents\":1},{\"cents\":\"secret\"}]}",
						"it is no int at line 2, column 31, property 'lines[1].cents'"),
				arguments("{\"lines\":[{\"cents\":null}]}", "it is no int at"),
				arguments("{\"colour\":\"secret\"}", "it is no " + Colour.class.getName() + " at"),
				arguments("{\"byName\":{\"secret key\":\"secret\"}}", "property 'byName.*'"),
				arguments("{\"more\":\"secret\"}", Job.class.getName() + " has no such property at"),
				arguments("{\"strict\":{\"text\":\"secret\"}}",
						Strict.class.getName() + " can't be made from it (java.lang.IllegalArgumentException) at"),
				arguments("[\"secret\"]", "it is no " + Job.class.getName() + " at line 1, column 1"));
	}

	@ParameterizedTest
	@MethodSource
	void unreadable(String json, String reason) {
		Throwable failure = catchThrowable(() -> mapper.readValue(json, Job.class));
		assertThat(failure).isInstanceOf(JacksonException.class);
		assertThat(ConversionFailure.describe(failure, Job.class.getName())).contains(reason)
			.doesNotContain("secret", "REDACTED");
		assertThat(printed(ConversionFailure.withoutText(failure))).doesNotContain("secret")
			.contains(failure.getClass().getName(), "at tools.jackson");
	}

	@Test
	void whenAConverterWrapsItsFailureThenTheCauseIsTold() {
		Message<String> message = new GenericMessage<>("secret");
		Throwable failure = new MessageConversionException(message, "secret",
				new NumberFormatException("For input string: secret"));
		assertThat(ConversionFailure.describe(failure, "int"))
			.isEqualTo("it can't be read as int (java.lang.NumberFormatException)");
		assertThat(printed(ConversionFailure.withoutText(failure))).doesNotContain("secret")
			.contains("java.lang.NumberFormatException");
	}

	@Test
	void whenAConverterSaysNothingMoreThenItsExceptionIsNamed() {
		assertThat(ConversionFailure.describe(new MessageConversionException("secret"), "int"))
			.isEqualTo("it can't be read as int (%s)".formatted(MessageConversionException.class.getName()));
	}

	@Test
	void whenCausesGoInCirclesThenTheyEnd() {
		RuntimeException first = new RuntimeException("secret");
		first.initCause(new IllegalStateException("secret", first));
		assertThat(printed(ConversionFailure.withoutText(first))).doesNotContain("secret")
			.contains("java.lang.IllegalStateException");
	}

	private static String printed(Throwable failure) {
		StringWriter printed = new StringWriter();
		failure.printStackTrace(new PrintWriter(printed));
		return printed.toString();
	}

	record Job(String id, List<Line> lines, Colour colour, Map<String, Integer> byName, Strict strict) {
	}

	record Line(int cents) {
	}

	record Strict(String text) {

		Strict {
			throw new IllegalArgumentException("no such text: " + text);
		}

	}

	enum Colour {

		RED

	}

}
