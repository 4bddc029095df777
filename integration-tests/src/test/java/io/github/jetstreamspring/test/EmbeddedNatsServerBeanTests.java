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

package io.github.jetstreamspring.test;

import java.util.List;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamConnectionDetails;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EmbeddedNatsServer} as a bean, the way {@code docs/testing.md} shows
 * it.
 */
class EmbeddedNatsServerBeanTests {

	@Test
	void whenBeanThenItLivesAsLongAsTheContext() {
		EmbeddedNatsServer server;
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(
				NatsServerConfiguration.class)) {
			server = context.getBean(EmbeddedNatsServer.class);
			assertThat(server.isRunning()).isTrue();
			assertThat(context.getBean(JetStreamConnectionDetails.class).getServers()).containsExactly(server.url());
		}
		assertThat(server.isRunning()).isFalse();
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class NatsServerConfiguration {

		@Bean
		EmbeddedNatsServer natsServer() {
			return EmbeddedNatsServer.start();
		}

		@Bean
		JetStreamConnectionDetails natsConnectionDetails(EmbeddedNatsServer server) {
			return () -> List.of(server.url());
		}

	}

}
