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

// tag::flow[]
import java.time.Duration;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static io.github.jetstreamspring.test.JetStreamAssertions.assertThat;

@SpringBootTest(properties = { "jetstream.listener.retry.delay=10ms", "jetstream.listener.retry.max-attempts=3" })
@EmbeddedNats
@NeedsServer("2.12")
class OrderFlowTests {

	@Autowired
	private JetStreamTemplate template;

	@Autowired
	private EmbeddedNatsServer server;

	@Test
	void ordersBecomeReceipts() {
		this.template.publish("orders.created", new Order("o-1", 2));
		assertThat(this.server).stream("orders").isDrained();
		assertThat(this.server).messagesOn("mails.receipt").withPayload("o-1").hasSize(1);
	}

	@Test
	void whatIsSoldOutIsADeadLetter() {
		this.template.message(new Order("o-2", 500)).to("orders.created").header("tenant", "acme").publish();
		assertThat(this.server).within(Duration.ofSeconds(10))
			.deadLettersOf("order-worker")
			.withReason("sold out")
			.withHeader("tenant", "acme")
			.withPayload(new Order("o-2", 500))
			.hasSize(1);
	}

}
// end::flow[]
