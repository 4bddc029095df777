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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.awaitility.Awaitility;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A shop with a console, whose orders fail as their payload says, until it is repaired.
 */
final class ConsoleShop implements AutoCloseable {

	static {
		// A busy machine is slow, but nothing is wrong
		Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
	}

	private final EmbeddedNatsServer server = EmbeddedNatsServer.start();

	private final ConfigurableApplicationContext context;

	ConsoleShop(String... properties) {
		List<String> all = new ArrayList<>(
				List.of("jetstream.servers=" + this.server.url(), "server.port=0", "spring.application.name=shop",
						"jetstream.console.enabled=true", "jetstream.console.access=unrestricted",
						"jetstream.console.show-values=always", "jetstream.streams.orders.subjects=orders.>",
						"jetstream.streams.orders.consumers.order-worker.ack-wait=5s",
						"jetstream.listeners.order-worker.retry.max-attempts=2",
						"jetstream.listeners.order-worker.retry.delay=10ms"));
		all.addAll(List.of(properties));
		try {
			this.context = new SpringApplicationBuilder(Application.class).properties(all.toArray(String[]::new)).run();
		}
		catch (RuntimeException | Error ex) {
			this.server.close();
			throw ex;
		}
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	int port(String name) {
		return Integer.parseInt(String.valueOf(this.context.getEnvironment().getProperty("local." + name + ".port")));
	}

	String url() {
		return this.server.url();
	}

	String address() {
		return "http://localhost:%d/jetstream/".formatted(port("server"));
	}

	void publish(String id, String payload) {
		bean(JetStreamTemplate.class).message(payload.getBytes(StandardCharsets.UTF_8))
			.to("orders.created")
			.id(id)
			.publish();
	}

	void repaired(boolean repaired) {
		bean(Orders.class).repaired = repaired;
	}

	long letters() {
		return bean(DeadLetters.class).count(DeadLetterQuery.all());
	}

	/**
	 * Has an order fail and become a dead letter.
	 */
	void fail(String id, String reason) {
		long before = letters();
		publish(id, "{\"order\": \"%s\", \"fail\": \"%s\"}".formatted(id, reason));
		await().until(() -> letters() > before);
	}

	void awaitState(ListenerState state) {
		await().untilAsserted(() -> assertThat(bean(JetStreamListeners.class).state("order-worker")).isEqualTo(state));
	}

	@Override
	public void close() {
		this.context.close();
		this.server.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Orders orders() {
			return new Orders();
		}

	}

	static class Orders {

		private volatile boolean repaired;

		@JetStreamListener("order-worker")
		void handle(byte[] order) throws InterruptedException {
			String text = new String(order, StandardCharsets.UTF_8);
			if (text.contains("\"hang\"")) {
				new CountDownLatch(1).await();
			}
			int fail = text.indexOf("\"fail\": ");
			if (fail >= 0 && !this.repaired) {
				throw new IllegalStateException("Order can't be handled: " + text.substring(fail));
			}
		}

	}

}
