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

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestCheck}.
 */
class RequestCheckTests {

	private final RequestCheck check = new RequestCheck(true, false, List.of());

	@ParameterizedTest
	@CsvSource({ "same-origin, cors, true", "none, navigate, true", "cross-site, navigate, true",
			"cross-site, cors, false", "cross-site, no-cors, false", "same-site, cors, false", "cross-site,, false" })
	void otherPagesCanAskForNothing(String site, @Nullable String mode, boolean answered) {
		ConsoleRequest request = request("/api/live", "ops", site, mode);
		assertThat(this.check.problem(request) == null).isEqualTo(answered);
	}

	@Test
	void otherPagesCanLeadHere() {
		assertThat(this.check.problem(request("/", "ops", "cross-site", "navigate"))).isNull();
		assertThat(this.check.problem(request("/app.js", "ops", "same-origin", "cors"))).isNull();
	}

	@Test
	void whereOnlySpringSecurityProtectsItSomebodyHasSignedIn() {
		RequestCheck secured = new RequestCheck(true, true, List.of());
		assertThat(secured.problem(request("/", null, null, null))).contains("Nobody has signed in");
		assertThat(secured.problem(request("/", "ops", null, null))).isNull();
		assertThat(this.check.problem(request("/", null, null, null))).isNull();
	}

	private static ConsoleRequest request(String path, @Nullable String principal, @Nullable String site,
			@Nullable String mode) {
		return new ConsoleRequest("GET", path, Map.of(), (name) -> switch (name) {
			case "Sec-Fetch-Site" -> site;
			case "Sec-Fetch-Mode" -> mode;
			default -> null;
		}, false, principal, null, () -> new byte[0]);
	}

}
