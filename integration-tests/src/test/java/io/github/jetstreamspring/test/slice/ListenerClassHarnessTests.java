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

package io.github.jetstreamspring.test.slice;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.jetstreamspring.annotation.JetStreamHandler;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.test.JetStreamTest;
import io.github.jetstreamspring.test.ListenerHarness;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A class whose methods get the messages of the harness by their types.
 */
@JetStreamTest(value = ListenerClassHarnessTests.Parcels.class,
		properties = { "spring.config.location=classpath:slice/application.yml", "jetstream.messaging.type-header=Kind",
				"jetstream.messaging.compress-above=10B",
				"jetstream.messaging.types.gone=io.github.jetstreamspring.test.slice.ListenerClassHarnessTests$Sent" })
class ListenerClassHarnessTests {

	@Autowired
	private ListenerHarness harness;

	@Autowired
	private Parcels parcels;

	@Test
	void whenAPayloadIsDeliveredThenItsTypeDecidesWhichMethodGetsIt() {
		assertThat(this.harness.deliver("parcels", new Sent("1".repeat(100))).send()).isAcked();
		assertThat(this.harness.deliver("parcels", new Packed("2")).send()).isAcked();
		assertThat(this.harness.deliver("parcels", "{\"id\":\"3\"}").header("Kind", "gone").send()).isAcked();
		assertThat(this.harness.deliver("parcels", "text").send()).isDeadLettered("without a type");
		assertThat(this.parcels.handled).containsExactly("sent " + "1".repeat(100), "packed 2", "sent 3");
	}

	record Sent(String id) {
	}

	record Packed(String id) {
	}

	@JetStreamListener(stream = "orders", consumer = "parcels", subjects = "orders.parcels")
	static class Parcels {

		final List<String> handled = new CopyOnWriteArrayList<>();

		@JetStreamHandler
		void sent(Sent sent) {
			this.handled.add("sent " + sent.id());
		}

		@JetStreamHandler
		void packed(Packed packed) {
			this.handled.add("packed " + packed.id());
		}

	}

}
