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

package io.github.jetstreamspring.publisher;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for jobs of which only one at a time may wait or run.
 */
@Timeout(60)
@EmbeddedNats
class UniqueJobTests {

	@AutoClose
	private PublishServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = new PublishServer(embedded);
	}

	@Test
	void whenAJobWaitsOrRunsOrIsRetriedThenAnotherOneWithItsKeyIsNotStored() throws Exception {
		JetStreamTemplate template = queue();
		JetStreamSubscription worker = worker();
		assertThat(publish(template, "k")).isEqualTo(new PublishResult("orders", 1, false));
		assertThat(this.server.message(1).getSubject()).isEqualTo("orders.created.k");
		assertThat(publish(template, "k")).isEqualTo(new PublishResult("orders", 1, true));
		Message running = next(worker);
		assertThat(publish(template, "k")).isEqualTo(new PublishResult("orders", 1, true));
		running.nakWithDelay(Duration.ofMillis(200));
		assertThat(publish(template, "k")).isEqualTo(new PublishResult("orders", 1, true));
		Message again = next(worker);
		assertThat(publish(template, "k").duplicate()).isTrue();
		again.ackSync(Duration.ofSeconds(10));
		assertThat(publish(template, "k")).isEqualTo(new PublishResult("orders", 2, false));
		next(worker).term();
		await().until(() -> this.server.count() == 0);
		assertThat(publish(template, "k")).isEqualTo(new PublishResult("orders", 3, false));
	}

	@Test
	void jobsWithOtherKeysAreStored() throws Exception {
		JetStreamTemplate template = queue();
		assertThat(publish(template, "a").duplicate()).isFalse();
		assertThat(publish(template, "b").duplicate()).isFalse();
		assertThat(template.publish(PublishServer.SUBJECT, "without a key").duplicate()).isFalse();
		assertThat(this.server.count()).isEqualTo(3);
	}

	@Test
	void whenManyPublishTheSameKeyTogetherThenOneIsStored() throws Exception {
		JetStreamTemplate template = queue();
		List<PublishResult> results = IntStream.range(0, 200)
			.mapToObj(
					(number) -> template.message(number).to(PublishServer.SUBJECT).uniqueUntilDone("k").publishAsync())
			.toList()
			.stream()
			.map(CompletableFuture::join)
			.toList();
		assertThat(results).filteredOn((result) -> !result.duplicate()).hasSize(1);
		assertThat(results).allMatch((result) -> result.sequence() == 1);
		assertThat(this.server.count()).isEqualTo(1);
		await().untilAsserted(() -> assertThat(this.server.observed()).hasSize(200).containsOnly("stored"));
	}

	@Test
	void whenTheConfirmationIsLostThenTheJobIsStoredOnceAndIsItsOwnDuplicate() throws Exception {
		this.server.stream((stream) -> stream.retentionPolicy(RetentionPolicy.WorkQueue).noAck(true));
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofSeconds(50), 10));
		CompletableFuture<PublishResult> future = template.message("a")
			.to(PublishServer.SUBJECT)
			.uniqueUntilDone("k")
			.publishAsync();
		await().until(() -> this.server.count() == 1);
		this.server.management()
			.updateStream(StreamConfiguration
				.builder(this.server.management().getStreamInfo(PublishServer.STREAM).getConfiguration())
				.noAck(false)
				.build());
		assertThat(future.join()).isEqualTo(new PublishResult("orders", 1, true));
		assertThat(this.server.count()).isEqualTo(1);
	}

	@Test
	void whenTheKeyIsNoTokenThenItIsRefused() {
		MessageBuilder message = this.server.template().message("a").to(PublishServer.SUBJECT);
		for (String key : List.of("", " ", "a.b", "a b", "*", ">", "ü", "a\n")) {
			assertThatIllegalArgumentException().as(key).isThrownBy(() -> message.uniqueUntilDone(key));
		}
	}

	@Test
	void whenTheStreamDoesntListenOnTheKeysThenThatIsSaid() throws Exception {
		this.server.management()
			.addStream(StreamConfiguration.builder()
				.name("orders")
				.subjects("orders.created", "orders.created.special")
				.retentionPolicy(RetentionPolicy.WorkQueue)
				.build());
		assertThatExceptionOfType(NoStreamException.class).isThrownBy(() -> publish(this.server.template(), "special"))
			.withMessageContaining("'orders.created.*'");
		assertThat(this.server.count()).isZero();
	}

	@Test
	void whenTheStreamKeepsJobsThatAreDoneThenThatIsSaid() throws Exception {
		this.server.stream((stream) -> stream.retentionPolicy(RetentionPolicy.Limits));
		assertThatExceptionOfType(JetStreamException.class).isThrownBy(() -> publish(this.server.template(), "k"))
			.withMessageContaining("stream 'orders' keeps jobs that are done")
			.withMessageContaining("jetstream.streams.orders.retention to work-queue");
		assertThat(this.server.count()).isZero();
	}

	private JetStreamTemplate queue() throws Exception {
		this.server.stream((stream) -> stream.retentionPolicy(RetentionPolicy.WorkQueue));
		return this.server.template();
	}

	private JetStreamSubscription worker() throws Exception {
		this.server.management()
			.addOrUpdateConsumer("orders",
					ConsumerConfiguration.builder().durable("worker").ackPolicy(AckPolicy.Explicit).build());
		return this.server.connection().jetStream().subscribe(null, PullSubscribeOptions.bind("orders", "worker"));
	}

	private static Message next(JetStreamSubscription worker) {
		List<Message> messages = worker.fetch(1, Duration.ofSeconds(20));
		assertThat(messages).hasSize(1);
		return messages.get(0);
	}

	private static PublishResult publish(JetStreamTemplate template, String key) {
		return template.message("a").to(PublishServer.SUBJECT).uniqueUntilDone(key).publish();
	}

}
