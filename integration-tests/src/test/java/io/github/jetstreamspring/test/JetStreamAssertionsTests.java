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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.nats.client.Connection;
import io.nats.client.api.ConsumerConfiguration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.SendTo;

import static io.github.jetstreamspring.test.JetStreamAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@EmbeddedNats
@SpringBootTest(properties = { "jetstream.streams.orders.subjects=orders.>",
		"jetstream.streams.orders.consumers.order-worker.filter-subjects=orders.created",
		"jetstream.streams.mails.subjects=mails.>", "jetstream.streams.mails.retention=limits",
		"jetstream.streams.alone.subjects=alone", "jetstream.listener.retry.delay=10ms" })
class JetStreamAssertionsTests {

	private static final Duration SHORT = Duration.ofMillis(100);

	@Autowired
	private EmbeddedNatsServer server;

	@Autowired
	private JetStreamTemplate template;

	@Autowired
	private Connection connection;

	@BeforeEach
	void clear() throws Exception {
		for (String stream : this.connection.jetStreamManagement().getStreamNames()) {
			this.connection.jetStreamManagement().purgeStream(stream);
		}
	}

	@Test
	void whenAListenerIsDoneThenTheStreamIsDrainedAndHoldsNothing() {
		this.template.publish("orders.created", "bread");
		assertThat(this.server).stream("orders").isDrained().hasMessages(0);
		assertThat(this.server).hasNoMessageOn("orders.>").hasMessageOn("mails.>");
		assertThat(this.connection).messagesOn("mails.>").withHeader("tenant", "none").isEmpty();
		assertThat(this.connection).messagesOn("mails.receipt")
			.withPayload("receipt for bread")
			.hasSize(1)
			.allSatisfy((message) -> assertThat(message.payloadAs(String.class)).endsWith("bread"))
			.anySatisfy((message) -> assertThat(message.id()).isNotBlank());
	}

	@Test
	void whenSomethingComesLaterThenItIsWaitedFor() {
		CompletableFuture<?> later = CompletableFuture.runAsync(
				() -> this.template.message(new Order("o-1", 3)).to("mails.later").header("tenant", "größer").publish(),
				CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
		assertThat(this.server).hasMessageOn("mails.later");
		assertThat(this.server).messagesOn("mails.>")
			.withHeader("tenant", "größer")
			.withPayload(new Order("o-1", 3))
			.hasSize(1);
		assertThat(this.server).messagesOn("mails.>").withPayload(new Order("o-2", 3)).isEmpty();
		later.join();
	}

	@Test
	void whenAMessageIsGivenUpOnThenItIsAmongTheDeadLettersOfItsListener() {
		this.template.publish("orders.created", "sold out");
		this.template.publish("orders.created", "broken");
		assertThat(this.server).within(Duration.ofSeconds(20)).deadLettersOf("order-worker").hasSize(2);
		assertThat(this.server).deadLettersOf("order-worker")
			.withReason("not today")
			.withPayload("sold out")
			.hasSize(1);
		assertThat(this.server).deadLettersOf("order-worker").withReason("Failed 10 times").isNotEmpty();
		assertThat(this.server).deadLettersOf("mailer").isEmpty();
		assertThat(this.server).stream("orders").isDrained();
	}

	@Test
	void whenItIsNotTrueThenTheDifferenceIsSaid() {
		this.template.publish("mails.receipt", "x");
		assertFails(() -> assertThat(this.server).within(SHORT).stream("mails").hasMessages(2),
				"Expected stream 'mails' to hold 2 message(s), but it holds 1", "(Waited 100ms for it.)");
		assertFails(() -> assertThat(this.server).within(SHORT).stream("mails").isDrained(),
				"Expected stream 'mails' to be drained, but it has no consumers");
		assertFails(() -> assertThat(this.server).within(SHORT).stream("unknown").hasMessages(0), "stream not found");
		assertFails(() -> assertThat(this.server).within(SHORT).hasMessageOn("mails.other"),
				"Expected at least one message on 'mails.other', but there is none");
		assertFails(() -> assertThat(this.server).within(SHORT).hasNoMessageOn("mails.*"),
				"Expected 0 message(s) on 'mails.*', but there are 1", "message to 'mails.receipt'");
		assertFails(() -> assertThat(this.server).messagesOn("mails.>").within(SHORT).withReason("x").isNotEmpty(),
				"whose reason contains 'x'");
		assertFails(
				() -> assertThat(this.server).messagesOn("mails.>")
					.within(SHORT)
					.allSatisfy((message) -> assertThat(message.subject()).isEqualTo("other")),
				"messages on 'mails.>'");
		assertFails(() -> assertThat(this.server).stream("mails").within(SHORT).hasMessages(3), "holds 1");
	}

	@Test
	void whenWorkIsLeftThenItIsSaidOfWhichConsumer() throws Exception {
		this.connection.jetStreamManagement()
			.createConsumer("alone", ConsumerConfiguration.builder().durable("nobody").build());
		this.template.publish("alone", "x");
		assertFails(() -> assertThat(this.server).within(SHORT).stream("alone").isDrained(),
				"of consumer 'nobody' 1 message(s) wait, and 0 are out");
	}

	private static void assertFails(ThrowingCallable call, String... texts) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(call)
			.satisfies((error) -> assertThat(error.getMessage()).contains(texts));
	}

	record Order(String number, int amount) {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@JetStreamListener("order-worker")
		@SendTo("mails.receipt")
		String handle(String order) {
			switch (order) {
				case "sold out" -> throw new DeadLetterException("not today");
				case "broken" -> throw new IllegalStateException("it broke");
				default -> {
					return "receipt for " + order;
				}
			}
		}

	}

}
