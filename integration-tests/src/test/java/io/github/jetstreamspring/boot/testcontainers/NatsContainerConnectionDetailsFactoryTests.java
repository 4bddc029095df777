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

package io.github.jetstreamspring.boot.testcontainers;

import java.util.Map;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamConnectionDetails;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NatsContainerConnectionDetailsFactory}.
 */
@SpringJUnitConfig
@Testcontainers(disabledWithoutDocker = true)
class NatsContainerConnectionDetailsFactoryTests {

	// As everywhere: .ci/run provides one image
	@Container
	@ServiceConnection
	static final GenericContainer<?> nats = new GenericContainer<>("nats:2.15.1")
		.withEnv(Map.of("NATS_USER", "shop", "NATS_PASSWORD", "secret"))
		.withCommand("-js", "--user", "shop", "--pass", "secret")
		.withExposedPorts(4222)
		.waitingFor(Wait.forLogMessage(".*Server is ready.*", 1));

	@Autowired
	private JetStreamConnectionDetails connectionDetails;

	@Test
	void whenServiceConnectionThenDetailsPointToContainer() {
		assertThat(this.connectionDetails.getServers())
			.containsExactly("nats://" + nats.getHost() + ":" + nats.getMappedPort(4222));
		assertThat(this.connectionDetails.getUsername()).isEqualTo("shop");
		assertThat(this.connectionDetails.getPassword()).isEqualTo("secret");
		assertThat(this.connectionDetails.getSslBundle()).isNull();
	}

	@Test
	@SuppressWarnings("try") // that Connection.close() can be interrupted
	void whenServiceConnectionThenContainerTakesStreams() throws Exception {
		try (Connection connection = Nats.connect(Options.builder()
			.server(this.connectionDetails.getServers().get(0))
			.userInfo(this.connectionDetails.getUsername(), this.connectionDetails.getPassword())
			.build())) {
			connection.jetStreamManagement()
				.addStream(StreamConfiguration.builder().name("orders").subjects("orders.>").build());
			assertThat(connection.jetStreamManagement().getStreamNames()).containsExactly("orders");
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(ServiceConnectionAutoConfiguration.class)
	static class TestConfiguration {

	}

}
