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

import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StreamProperties}.
 */
class StreamPropertiesTests {

	@Test
	void whenTheMirrorIsNoneThenTheStreamIsNobodysCopy() {
		assertThat(bind("mirror", "None").mirror()).isNotNull()
			.satisfies((mirror) -> assertThat(mirror.isNone()).isTrue());
	}

	@Test
	void whenTheMirrorIsAWordThenItIsTheOriginsName() {
		assertThat(bind("mirror", "origin").mirror()).isEqualTo(bind("mirror.name", "origin").mirror());
	}

	@Test
	void whenAStreamIsCalledNoneThenItsNameIsWrittenOut() {
		assertThat(bind("mirror.name", "none").mirror()).isNotNull()
			.satisfies((mirror) -> assertThat(mirror.isNone()).isFalse());
	}

	@Test
	void whenSourcesAreNoneThenThereAreNone() {
		assertThat(SourceProperties.toSources(Objects.requireNonNull(bind("sources", "none").sources()))).isEmpty();
	}

	private static StreamProperties bind(String key, String value) {
		return new Binder(new MapConfigurationPropertySource(Map.of("stream." + key, value)))
			.bind("stream", StreamProperties.class)
			.get();
	}

}
