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

package io.github.jetstreamspring.boot.console;

import java.nio.charset.StandardCharsets;

import io.github.jetstreamspring.boot.operations.OperationFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link WriteBody}.
 */
class WriteBodyTests {

	@ParameterizedTest
	@CsvSource({ "50, 50", "5e1, 50", "1.5, 1.5", "1e20, 100000000000000000000", "1e999999999, 1E+999999999",
			"1e-999999999, 1E-999999999", "true, true" })
	void whateverIsNoTextBecomesAShortOne(String json, String text) {
		assertThat(body("{\"rate\": %s}".formatted(json)).get("rate")).isEqualTo(text);
	}

	@Test
	void whatIsDeepIsRefused() {
		assertThatExceptionOfType(OperationFailure.class).isThrownBy(() -> body("{\"a\":".repeat(12_000)))
			.withMessage("The body is no JSON object");
		assertThatExceptionOfType(OperationFailure.class).isThrownBy(() -> body("{\"a\":" + "[".repeat(60_000) + "}"))
			.withMessage("The body is no JSON object");
	}

	@Test
	void bracketsInATextAreNoDepth() {
		assertThat(body("{\"reason\": \"\\\"[[[[[[[[[[[[[[\"}").get("reason")).isEqualTo("\"[[[[[[[[[[[[[[");
	}

	private static WriteBody body(String json) {
		return WriteBody.of(json.getBytes(StandardCharsets.UTF_8));
	}

}
