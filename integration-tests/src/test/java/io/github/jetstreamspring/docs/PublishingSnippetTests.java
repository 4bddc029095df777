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

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.MessageBuilder;
import io.github.jetstreamspring.publisher.MessageTooLargeException;
import io.github.jetstreamspring.publisher.NoStreamException;
import io.github.jetstreamspring.publisher.PublishAllException;
import io.github.jetstreamspring.publisher.PublishRefusedException;
import io.github.jetstreamspring.publisher.PublishResult;
import io.github.jetstreamspring.publisher.PublishTimeoutException;
import io.github.jetstreamspring.publisher.StreamFullException;
import io.github.jetstreamspring.publisher.UnexpectedSequenceException;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the page about publishing says, and its snippets.
 */
@EmbeddedNats(shared = false)
class PublishingSnippetTests {

	private static final Logger logger = LoggerFactory.getLogger(PublishingSnippetTests.class);

	private static EmbeddedNatsServer server;

	private static ConfigurableApplicationContext context;

	private final JetStreamTemplate template = context.getBean(JetStreamTemplate.class);

	private final JetStreamManagement management = context.getBean(JetStreamManagement.class);

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
		context = Snippets.run(ConfigurationSnippetTests.Application.class, "publishing.yml",
				"jetstream.servers=" + server.url());
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@BeforeEach
	void empty() throws Exception {
		for (String stream : List.of("orders", "accounts", "full")) {
			this.management.purgeStream(stream);
		}
	}

	@Test
	void publish() {
		Order order = new Order("o-1", 995);
		// tag::publish[]
		PublishResult result = this.template.publish("orders.created", order);
		logger.info("Stored in stream {} with sequence {}", result.stream(), result.sequence());
		// end::publish[]
		assertThat(result.stream()).isEqualTo("orders");
		assertThat(result.duplicate()).isFalse();
	}

	@Test
	void publishMany() throws Exception {
		List<Order> orders = IntStream.range(0, 2500).mapToObj((i) -> new Order("many-" + i, i)).toList();
		// tag::many[]
		List<CompletableFuture<PublishResult>> confirmations = orders.stream()
			.map((order) -> this.template.publishAsync("orders.created", order))
			.toList();
		CompletableFuture.allOf(confirmations.toArray(CompletableFuture[]::new)).join();
		// end::many[]
		assertThat(count("orders")).isEqualTo(2500);
	}

	@Test
	void publishWithBuilder() throws Exception {
		Order order = new Order("o-2", 995);
		// tag::builder[]
		this.template.message(order)
			.to("orders.created")
			.header("tenant", "acme")
			.header("source", "web-shop")
			.id("order-" + order.id())
			.publish();
		// end::builder[]
		PublishResult again = this.template.message(order).to("orders.created").id("order-o-2").publish();
		assertThat(again.duplicate()).isTrue();
		MessageInfo message = this.management.getMessage("orders", again.sequence());
		assertThat(message.getHeaders().getFirst("tenant")).isEqualTo("acme");
		assertThat(new String(message.getData())).isEqualTo("{\"id\":\"o-2\",\"cents\":995}");
	}

	@Test
	void publishAll() throws Exception {
		Order order = new Order("o-5", 995);
		Object invoice = new Order("i-5", 995);
		this.management.addStream(
				StreamConfiguration.builder().name("shop").subjects("shop.>").allowAtomicPublish(atomic()).build());
		// tag::all[]
		List<PublishResult> results = this.template
			.publishAll(List.of(this.template.message(order).to("shop.orders.created").id("order-" + order.id()),
					this.template.message(invoice).to("shop.invoices.created").id("invoice-" + order.id())));
		// end::all[]
		assertThat(results).extracting(PublishResult::sequence).containsExactly(1L, 2L);
		List<MessageBuilder> messages = List.of(
				this.template.message(order).to("shop.orders.created").expectLastSubjectSequence(0),
				this.template.message(invoice).to("shop.invoices.created"));
		// tag::outcomes[]
		try {
			this.template.publishAll(messages);
		}
		catch (PublishAllException ex) {
			ex.getOutcomes()
				.stream()
				.filter((outcome) -> !outcome.isStored())
				.forEach((outcome) -> logger.error("{} was not stored", outcome.messageId(), outcome.failure()));
		}
		// end::outcomes[]
		assertThat(count("shop")).isEqualTo(atomic() ? 2 : 3);
	}

	private boolean atomic() {
		return context.getBean(Connection.class).getServerInfo().isSameOrNewerThanVersion("2.12.1");
	}

	@Test
	void publishInOrder() throws Exception {
		long sequence = append("first", last());
		assertThat(append("second", sequence)).isEqualTo(sequence + 1);
		assertThatExceptionOfType(UnexpectedSequenceException.class).isThrownBy(() -> append("third", sequence))
			.satisfies((ex) -> assertThat(ex.getErrorCode()).isEqualTo(10071));
		assertThat(count("accounts")).isEqualTo(2);
	}

	@Test
	void aRepetitionWithAnExpectedSequenceIsStoredOnce() throws Exception {
		MessageBuilder message = this.template.message("x").to("accounts.1").id("x-1").expectLastSequence(last());
		message.publish();
		try {
			// nats-server 2.10 looks at the id first, and 2.15 at the sequence
			assertThat(message.publish().duplicate()).isTrue();
		}
		catch (UnexpectedSequenceException ex) {
			assertThat(ex.getErrorCode()).isEqualTo(10071);
		}
		assertThat(count("accounts")).isEqualTo(1);
	}

	private long append(String booking, long last) {
		// tag::sequence[]
		PublishResult result = this.template.message(booking).to("accounts.4711").expectLastSequence(last).publish();
		long next = result.sequence(); // to be expected by the next one
		// end::sequence[]
		return next;
	}

	@Test
	@NeedsServer("2.11")
	void publishWithTimeToLive() throws Exception {
		this.management
			.addStream(StreamConfiguration.builder().name("offers").subjects("offers.>").allowMessageTtl(true).build());
		Object offer = new Order("o-3", 1);
		// tag::ttl[]
		this.template.message(offer).to("offers.daily").ttl(Duration.ofHours(24)).publish();
		// end::ttl[]
		assertThat(this.management.getMessage("offers", 1).getHeaders().getFirst("Nats-TTL")).isEqualTo("86400s");
		assertThatExceptionOfType(PublishRefusedException.class)
			.isThrownBy(() -> this.template.message(offer).to("orders.daily").ttl(Duration.ofHours(24)).publish())
			.withMessageContaining("per-message TTL is disabled");
	}

	@Test
	void failuresSayWhatHappened() throws Exception {
		assertThatExceptionOfType(NoStreamException.class).isThrownBy(() -> this.template.publish("nowhere", "x"));
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.template.publish("full.up", "x".repeat(2000)));
		this.template.publish("full.up", "x");
		assertThatExceptionOfType(StreamFullException.class).isThrownBy(() -> this.template.publish("full.up", "x"));
		assertThat(count("full")).isEqualTo(1);
	}

	@Test
	void whatCanNeverWorkIsThrownAtOnce() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.template.publishAsync("orders.*", "x"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.template.publishAsync("$JS.API.INFO", "x"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.template.message("x").header("nats-rollup", "all"))
			.withMessageContaining("reserved");
		assertThatIllegalArgumentException().isThrownBy(() -> this.template.message("x").header("name", "two\nlines"))
			.withMessageContaining("'name'");
	}

	@Test
	void failuresOfFuturesAreNotWrappedTwice() {
		Order order = new Order("o-4", 1);
		// tag::async[]
		this.template.publishAsync("orders.created", order).whenComplete((result, failure) -> {
			if (failure != null) {
				logger.error("Order {} was not stored", order.id(), failure);
			}
		});
		// end::async[]
		assertThat(this.template.publishAsync("nowhere.created", order)).failsWithin(Duration.ofSeconds(30))
			.withThrowableThat()
			.withCauseInstanceOf(NoStreamException.class);
	}

	@Test
	void whatWasNotConfirmedCanBePublishedAgain() throws Exception {
		server.stop();
		PublishTimeoutException failure = catchThrowableOfType(PublishTimeoutException.class,
				() -> this.template.publish("orders.created", "x"));
		server.restart();
		await().atMost(Duration.ofSeconds(30))
			.ignoreExceptions()
			.until(() -> this.template.message("x").to("orders.created").id(failure.getMessageId()).publish() != null);
		assertThat(count("orders")).isEqualTo(1);
	}

	private long last() throws IOException, JetStreamApiException {
		return this.management.getStreamInfo("accounts").getStreamState().getLastSequence();
	}

	private long count(String stream) throws IOException, JetStreamApiException {
		return this.management.getStreamInfo(stream).getStreamState().getMsgCount();
	}

	private record Order(String id, int cents) {
	}

}
