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
package io.github.jetstreamspring.observation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.deadletter.RedriveOptions;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with traces redrives letters of one without.
 */
@EmbeddedNats
class TracedRedriveTests {

	private EmbeddedNatsServer server;

	@AfterEach
	void close() {
		TestStreams.deleteAll(this.server);
	}

	@Test
	void whenALetterBelongsToNoTraceThenItIsRedrivenAsItWas(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.run("--jetstream.servers=" + embedded.url(), "--spring.autoconfigure.exclude=",
					"--management.tracing.sampling.probability=1.0", "--jetstream.streams.orders.subjects=orders.>",
					"--jetstream.streams.orders.consumers.worker.ack-wait=5s")) {
			Headers headers = new Headers().put("Dead-Letter-Stream", "orders")
				.put("Dead-Letter-Consumer", "worker")
				.put("Dead-Letter-Subject", "orders.created")
				.put("tenant", "acme");
			context.getBean(Connection.class).jetStream().publish("dead-letters.orders.worker", headers, new byte[1]);
			assertThat(context.getBean(DeadLetters.class)
				.redrive(DeadLetterQuery.all(), RedriveOptions.defaults())
				.redriven()).isOne();
			List<String> names = context.getBean(Application.class).headers.poll(Duration.ofSeconds(30).toSeconds(),
					TimeUnit.SECONDS);
			assertThat(names).containsExactly("tenant");
		}
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

		private final BlockingQueue<List<String>> headers = new LinkedBlockingQueue<>();

		@JetStreamListener("worker")
		void handle(byte[] order, Delivery delivery) {
			this.headers.add(delivery.headers().keySet().stream().filter((name) -> !name.startsWith("Nats-")).toList());
		}

	}

}
