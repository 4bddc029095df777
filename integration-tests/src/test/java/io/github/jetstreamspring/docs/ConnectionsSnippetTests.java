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

package io.github.jetstreamspring.docs;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.boot.autoconfigure.JetStreamConnectionDetails;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.SendTo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The snippets of the page about several connections.
 */
class ConnectionsSnippetTests {

	@Test
	void ordersGoFromOneServerToTheOther() throws Exception {
		try (EmbeddedNatsServer shop = EmbeddedNatsServer.start();
				EmbeddedNatsServer warehouse = EmbeddedNatsServer.start();
				ConfigurableApplicationContext context = Snippets.run(Application.class, "connections.yml",
						"SHOP_URL=" + shop.url(), "WAREHOUSE_URL=nats://localhost:1", "vault.url=" + warehouse.url())) {
			context.getBean(JetStreamTemplate.class).publish("orders.created", "bread");
			assertThat(Picking.picked.poll(30, TimeUnit.SECONDS)).isEqualTo("bread");
			JetStreamManagement management = BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(),
					JetStreamManagement.class, "warehouse");
			await().atMost(30, TimeUnit.SECONDS)
				.ignoreExceptions()
				.untilAsserted(
						() -> assertThat(management.getLastMessage("picks", "parcels.packed").getData()).asString()
							.isEqualTo("a parcel with bread"));
			assertThat(management.getStreamNames()).containsExactlyInAnyOrder("picks", "dead-letters", "shelves");
			assertThat(context.getBean(JetStreamManagement.class).getStreamNames()).containsExactlyInAnyOrder("orders",
					"dead-letters");
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Orders.class, Picking.class })
	static class Application {

		// tag::beans[]
		@Bean(defaultCandidate = false)
		@Qualifier("warehouse")
		StreamDefinition shelves() {
			return StreamDefinition.limits("shelves").subjects("shelves.>").build();
		}

		@Bean(defaultCandidate = false)
		@Qualifier("warehouse")
		JetStreamConnectionDetails warehouseConnectionDetails(@Value("${vault.url}") String url) {
			return () -> List.of(url);
		}
		// end::beans[]

	}

	// tag::template[]
	static class Orders {

		private final JetStreamTemplate warehouse;

		Orders(@Qualifier("warehouse") JetStreamTemplate warehouse) {
			this.warehouse = warehouse;
		}

		@JetStreamListener("order-worker")
		void handle(String order) {
			this.warehouse.publish("picks.created", order);
		}

	}
	// end::template[]

	// tag::listener[]
	static class Picking {

		static final BlockingQueue<String> picked = new LinkedBlockingQueue<>();

		@JetStreamListener(connection = "warehouse", consumer = "picker")
		@SendTo("parcels.packed")
		String pick(String order) {
			picked.add(order);
			return "a parcel with " + order;
		}

	}
	// end::listener[]

}
