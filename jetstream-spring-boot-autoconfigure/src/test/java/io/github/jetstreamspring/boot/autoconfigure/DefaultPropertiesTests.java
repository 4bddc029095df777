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

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Stream;

import io.github.jetstreamspring.listener.ListenerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the groups of {@link JetStreamProperties} of which nothing is set.
 */
class DefaultPropertiesTests {

	@ParameterizedTest
	@MethodSource("groups")
	void groupsThatAreLeftOutHaveTheDefaultsOfTheirKeys(RecordComponent group) throws Exception {
		Object defaults = group.getAccessor().invoke(bind("jetstream", JetStreamProperties.class));
		assertThat(defaults).isNotNull().isEqualTo(bind("group", group.getType()));
	}

	@Test
	void furtherConnectionsHaveTheSameDefaults() {
		JetStreamProperties properties = bind("jetstream", JetStreamProperties.class);
		NamedConnectionProperties named = bind("named", NamedConnectionProperties.class);
		assertThat(named).usingRecursiveComparison()
			.isEqualTo(new NamedConnectionProperties(properties.servers(), null, null, null, null, null, null,
					properties.ssl(), properties.connection(), properties.topology(), properties.streams(),
					properties.schedules(), properties.deadLetter(), properties.publisher()));
	}

	@Test
	void listenersLeaveEverythingToTheNextSource() {
		assertThat(bind("jetstream", JetStreamProperties.class).listener()).isEqualTo(ListenerOptions.NONE);
	}

	private static Stream<RecordComponent> groups() {
		return Arrays.stream(JetStreamProperties.class.getRecordComponents())
			.filter((component) -> component.getType().isRecord());
	}

	private static <T> T bind(String name, Class<T> type) {
		return new Binder(new MapConfigurationPropertySource()).bindOrCreate(name, type);
	}

}
