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

package io.github.jetstreamspring.annotation.handler;

import java.util.List;

import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for data classes and value classes of Kotlin, as payloads and as parameters.
 */
@EmbeddedNats
class KotlinValueTests {

	private static EmbeddedNatsServer server;

	private final ValuePublisher values = new ValuePublisher();

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenAPayloadIsADataClassThenItsDefaultsAndValueClassesAreRead() throws Exception {
		try (Worker worker = worker(ShipmentHandler.class)) {
			worker.template().publish("jobs.a", this.values.shipment("o-1", 250));
			worker.template().publish("jobs.b", "{\"order\":\"o-2\",\"price\":3}".getBytes());
			worker.template().publish("jobs.c", "{\"price\":3}".getBytes());
			worker.template().publish("jobs.d", "{\"order\":\"wrong\",\"price\":3}".getBytes());
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(ShipmentHandler.class).getDone()).extracting(Object::toString)
				.containsExactlyInAnyOrder(
						"Shipment(order=OrderId(value=o-1), price=Cents(value=250), note=null, parcels=1)",
						"Shipment(order=OrderId(value=o-2), price=Cents(value=3), note=null, parcels=1)");
			assertThat(worker.size("dead-letters")).isEqualTo(2);
			assertThat(worker.size("results")).isEqualTo(2);
		}
	}

	@Test
	void whenParametersAreValueClassesThenTheyAreReadAndChecked() throws Exception {
		try (Worker worker = worker(OrderIdHandler.class)) {
			publish(worker, this.values.order("o-1"), "o-0");
			publish(worker, "\"wrong\"".getBytes(), "o-0");
			publish(worker, this.values.order("o-2"), "wrong");
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(OrderIdHandler.class).getDone()).containsExactly("o-1 250 o-0");
			assertThat(worker.size("dead-letters")).isEqualTo(2);
			assertThat(List.of(reason(worker, 1), reason(worker, 2)))
				.anySatisfy((reason) -> assertThat(reason).contains("The payload can't be converted"))
				.anySatisfy((reason) -> assertThat(reason).contains("Header 'parent' can't be converted"))
				.allSatisfy((reason) -> assertThat(reason).contains("OrderId").doesNotContain("wrong"));
		}
	}

	@Test
	void whenASuspendingFunctionTakesAValueClassThenItIsRead() throws Exception {
		try (Worker worker = worker(SuspendingOrderIdHandler.class)) {
			worker.template().publish("jobs.a", this.values.order("o-1"));
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(SuspendingOrderIdHandler.class).getDone()).containsExactly("o-1");
		}
	}

	@Test
	void whenABatchIsOfValueClassesThenTheyAreRead() throws Exception {
		try (Worker worker = worker(OrderIdBatchHandler.class)) {
			worker.publishTogether("jobs.a", this.values.order("o-1"), this.values.order("o-2"));
			await().until(() -> worker.size("jobs") == 0);
			assertThat(worker.bean(OrderIdBatchHandler.class).getDone()).containsExactlyInAnyOrder("o-1 o-1",
					"o-2 o-2");
		}
	}

	private static void publish(Worker worker, Object payload, String parent) {
		worker.template().message(payload).to("jobs.a").header("price", "250").header("parent", parent).publish();
	}

	private static String reason(Worker worker, long sequence) throws Exception {
		return worker.message("dead-letters", sequence).getHeaders().getFirst("Dead-Letter-Reason");
	}

	private static Worker worker(Class<?> bean) {
		return Worker.run(server.url(), List.of(bean));
	}

}
