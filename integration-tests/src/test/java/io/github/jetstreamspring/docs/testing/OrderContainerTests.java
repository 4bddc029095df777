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

package io.github.jetstreamspring.docs.testing;

// tag::container[]
import java.time.Duration;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.nats.client.Connection;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;

import static io.github.jetstreamspring.test.JetStreamAssertions.assertThat;

@SpringBootTest
@Testcontainers(disabledWithoutDocker = true)
class OrderContainerTests {

	@Container
	@ServiceConnection
	static final GenericContainer<?> nats = new GenericContainer<>("nats:2.15.1").withCommand("-js")
		.withExposedPorts(4222)
		.waitingFor(Wait.forLogMessage(".*Server is ready.*", 1));

	@Autowired
	private JetStreamTemplate template;

	@Autowired
	private Connection connection;

	@Test
	void ordersBecomeReceipts() {
		this.template.publish("orders.created", new Order("o-1", 2));
		assertThat(this.connection).within(Duration.ofSeconds(10))
			.messagesOn("mails.receipt")
			.withPayload("o-1")
			.hasSize(1);
	}

}
// end::container[]
