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

package io.github.jetstreamspring.dev;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RequestedVersion}.
 */
class RequestedVersionTests {

	@ParameterizedTest
	@CsvSource({ "newest, 2.12.0", "newest, 2.15.1", "newest, 3.0.0", "2.10, 2.10.29", "2.14.5, 2.14.5",
			"2.14, 2.14.0" })
	void whenVersionFitsThenItIsTaken(String requested, String version) {
		assertThat(new RequestedVersion(requested).isSatisfiedBy("nats-server: v" + version + "\n")).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "newest, 2.11.9", "newest, 1.99.0", "2.10, 2.11.0", "2.1, 2.10.0", "2.14.5, 2.14.6",
			"2.14.5, 2.14.50" })
	void whenVersionIsAnotherThenItIsNotTaken(String requested, String version) {
		assertThat(new RequestedVersion(requested).isSatisfiedBy("nats-server: v" + version + "\n")).isFalse();
	}

	@Test
	void whenProgramSaysNoVersionThenItIsNotTaken() {
		assertThat(new RequestedVersion("newest").isSatisfiedBy("command not found")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "latest", "2", "../2.14", "2.14.5-RC.1", "v2.14" })
	void whenItIsNoVersionThenItIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> new RequestedVersion(name))
			.withMessage("'" + name + "' is not a nats-server version.");
	}

	@Test
	void whenPatchIsMissingThenOneIsDownloadedOnlyIfItIsKnown() throws Exception {
		assertThat(new RequestedVersion("newest").release()).isEqualTo("2.14.5");
		assertThat(new RequestedVersion("2.10").release()).isEqualTo("2.10.29");
		assertThat(new RequestedVersion("2.11.3").release()).isEqualTo("2.11.3");
		assertThatExceptionOfType(UnavailableException.class).isThrownBy(new RequestedVersion("2.11")::release)
			.withMessage("no download without a patch version");
	}

}
