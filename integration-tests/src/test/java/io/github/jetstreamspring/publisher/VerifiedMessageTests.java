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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.ServerUsers;
import io.github.jetstreamspring.test.TestConnections;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A message of the library's own is stored once, whoever has used its id before.
 */
@EmbeddedNats
class VerifiedMessageTests {

	@AutoClose
	private PublishServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = new PublishServer(embedded).stream((stream) -> stream);
	}

	@Test
	void whenSomethingElseHasItsIdThenItIsStoredUnderAnother() throws Exception {
		JetStreamTemplate template = this.server.template();
		template.send(message("stolen")).get(5, TimeUnit.SECONDS);
		PublishResult result = template.sendVerified(message("mine")).get(5, TimeUnit.SECONDS);
		assertThat(this.server.message(result.sequence()).getData()).asString().isEqualTo("mine");
	}

	@Test
	void whenItIsThereAlreadyThenItIsNotStoredAgain() throws Exception {
		JetStreamTemplate template = this.server.template();
		template.send(message("mine")).get(5, TimeUnit.SECONDS);
		assertThat(template.sendVerified(message("mine")).get(5, TimeUnit.SECONDS).duplicate()).isTrue();
		assertThat(this.server.count()).isEqualTo(1);
	}

	@Test
	void whenItsConfirmationIsLostAndItIsConsumedThenItIsNotStoredAgain() throws Exception {
		AtomicBoolean first = new AtomicBoolean(true);
		Connection connection = UnansweredConnection.of(this.server.connection(), (headers) -> first.getAndSet(false));
		JetStreamTemplate template = this.server.template(connection, PublisherOptions.DEFAULTS);
		CompletableFuture<PublishResult> result = template.sendVerified(message("mine"));
		await().untilAsserted(() -> assertThat(this.server.count()).isEqualTo(1));
		this.server.management().deleteMessage(PublishServer.STREAM, 1);
		assertThat(result.get(10, TimeUnit.SECONDS).duplicate()).isTrue();
		assertThat(this.server.count()).isZero();
	}

	@Test
	void whenItCantBeLookedUpForAMomentThenItIsStoredOnceAllTheSame() throws Exception {
		JetStreamTemplate template = this.server.template();
		template.send(message("mine")).get(5, TimeUnit.SECONDS);
		AtomicBoolean lost = new AtomicBoolean(true);
		Connection connection = UnansweredConnection.ofRequests(this.server.connection(), lost::get);
		JetStreamTemplate deaf = this.server.template(connection, new PublisherOptions(Duration.ofSeconds(1), 10));
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> deaf.sendVerified(message("mine")).get(10, TimeUnit.SECONDS))
			.withCauseInstanceOf(PublishTimeoutException.class);
		lost.set(false);
		assertThat(deaf.sendVerified(message("mine")).get(10, TimeUnit.SECONDS).duplicate()).isTrue();
		assertThat(this.server.count()).isEqualTo(1);
	}

	@Test
	void whenItMayNotBeLookedUpThenItIsStoredOnceMore() throws Exception {
		try (EmbeddedNatsServer guarded = EmbeddedNatsServer.builder()
			.config(ServerUsers.config("publish: { deny: [ \"$JS.API.STREAM.MSG.GET.>\" ] }, subscribe: \">\""))
			.start()) {
			Connection connection = TestConnections
				.connect(TestConnections.options(guarded.url()).userInfo("app", "app").build());
			try {
				connection.jetStreamManagement()
					.addStream(StreamConfiguration.builder().name(PublishServer.STREAM).subjects("orders.>").build());
				JetStreamTemplate template = this.server.template(connection, PublisherOptions.DEFAULTS);
				template.send(message("mine")).get(5, TimeUnit.SECONDS);
				PublishResult result = template.sendVerified(message("mine")).get(5, TimeUnit.SECONDS);
				assertThat(result).isEqualTo(new PublishResult(PublishServer.STREAM, 2, false));
			}
			finally {
				connection.close();
			}
		}
	}

	private static Message message(String payload) {
		return NatsMessage.builder()
			.subject(PublishServer.SUBJECT)
			.headers(new Headers().put("Nats-Msg-Id", "id"))
			.data(payload)
			.build();
	}

}
