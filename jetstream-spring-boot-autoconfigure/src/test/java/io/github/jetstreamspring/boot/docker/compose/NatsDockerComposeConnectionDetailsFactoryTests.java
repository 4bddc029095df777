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

package io.github.jetstreamspring.boot.docker.compose;

import java.util.Map;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamConnectionDetails;
import org.junit.jupiter.api.Test;

import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class NatsDockerComposeConnectionDetailsFactoryTests {

	private final RunningService service = mock(RunningService.class);

	@Test
	void whenTheImageIsThatOfNatsThenTheApplicationConnectsToIt() {
		JetStreamConnectionDetails details = details("nats:2.15.1", Map.of(), Map.of());
		assertThat(details.getServers()).containsExactly("nats://192.168.1.1:30422");
		assertThat(details.getUsername()).isNull();
		assertThat(details.getPassword()).isNull();
		assertThat(details.getSslBundle()).isNull();
	}

	@Test
	void whenTheImageIsFromARegistryThenItIsTheSame() {
		assertThat(details("registry.example.com/library/nats:2", Map.of(), Map.of())).isNotNull();
	}

	@Test
	void whenTheImageIsAnotherOneThenItIsNoneOfOurs() {
		assertThat(details("redis:7", Map.of(), Map.of())).isNull();
	}

	@Test
	void whenAnotherImageIsLabelledThenItIsTakenForNats() {
		assertThat(details("shop/queue:1", Map.of("org.springframework.boot.service-connection", "nats"), Map.of()))
			.isNotNull();
	}

	@Test
	void whenTheEnvironmentHasAUserThenTheApplicationLogsInWithIt() {
		JetStreamConnectionDetails details = details("nats", Map.of(),
				Map.of("NATS_USER", "shop", "NATS_PASSWORD", "secret"));
		assertThat(details.getUsername()).isEqualTo("shop");
		assertThat(details.getPassword()).isEqualTo("secret");
	}

	private JetStreamConnectionDetails details(String image, Map<String, String> labels, Map<String, String> env) {
		ConnectionPorts ports = mock(ConnectionPorts.class);
		given(ports.get(4222)).willReturn(30422);
		given(this.service.name()).willReturn("queue");
		given(this.service.image()).willReturn(ImageReference.of(image));
		given(this.service.host()).willReturn("192.168.1.1");
		given(this.service.ports()).willReturn(ports);
		given(this.service.labels()).willReturn(labels);
		given(this.service.env()).willReturn(env);
		DockerComposeConnectionSource source = mock(DockerComposeConnectionSource.class);
		given(source.getRunningService()).willReturn(this.service);
		return new NatsDockerComposeConnectionDetailsFactory().getConnectionDetails(source);
	}

}
