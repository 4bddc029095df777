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

package io.github.jetstreamspring.boot.autoconfigure;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishForbiddenException;
import io.github.jetstreamspring.publisher.PublishResult;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Publishing what the server's permissions forbid. The timeout is longer than the tests
 * may take.
 */
@Timeout(60)
@EmbeddedNats(config = "authorization { users: [ { user: app, password: pass, "
		+ "permissions: { publish: { deny: [ 'orders.secret.>', 'orders.it.s' ] } } } ] }")
class ForbiddenPublishTests {

	private static ConfigurableApplicationContext context;

	private static JetStreamTemplate template;

	@BeforeAll
	static void start(EmbeddedNatsServer server) {
		context = TestApplication.run(server.url(), "jetstream.username=app", "jetstream.password=pass",
				"jetstream.streams.orders.subjects=orders.>", "jetstream.publisher.timeout=10m");
		template = context.getBean(JetStreamTemplate.class);
		warmUp();
	}

	/**
	 * Has the client do once what it takes long for the first time: a message that is not
	 * answered within a second is sent again, and not known to be forbidden any more.
	 */
	private static void warmUp() {
		Connection connection = context.getBean(Connection.class);
		template.publish("orders.warm-up", "a");
		connection.publish("orders.secret.warm-up", new byte[0]);
		await().until(() -> connection.getStatistics().getErrs() > 0);
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@Test
	void whenASubjectIsForbiddenThenPublishingFailsAtOnceAndSaysWhatToDo() {
		assertThatExceptionOfType(PublishForbiddenException.class)
			.isThrownBy(() -> template.publish("orders.secret.one", "a"))
			.withMessageContaining("forbids publishing to subject 'orders.secret.one'; the message was not stored")
			.withMessageContaining("Allow it in the publish permissions");
	}

	@Test
	void whenSomeAreForbiddenThenTheOthersAreStored() {
		CompletableFuture<PublishResult> first = template.publishAsync("orders.one", "a");
		CompletableFuture<PublishResult> forbidden = template.publishAsync("orders.secret.two", "b");
		CompletableFuture<PublishResult> other = template.publishAsync("orders.secret.three", "c");
		CompletableFuture<PublishResult> last = template.publishAsync("orders.two", "d");
		assertThat(first.join().stream()).isEqualTo("orders");
		assertThat(last.join().stream()).isEqualTo("orders");
		assertThatExceptionOfType(CompletionException.class).isThrownBy(forbidden::join)
			.withCauseInstanceOf(PublishForbiddenException.class);
		assertThatExceptionOfType(CompletionException.class).isThrownBy(other::join)
			.withMessageContaining("orders.secret.three");
	}

}
