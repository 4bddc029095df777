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

package io.github.jetstreamspring.boot.operations;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.deadletter.PayloadRedactor;
import io.github.jetstreamspring.deadletter.StoredDeadLetter;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.JetStreamOperationEvent;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.PullSubscribeOptions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Timeout(60)
@NeedsServer("2.12")
class MessageRequestsTests {

	private EmbeddedNatsServer server;

	private ConfigurableApplicationContext context;

	private final List<Object> events = new ArrayList<>();

	@BeforeEach
	void start() {
		this.server = EmbeddedNatsServer.start();
		this.context = new SpringApplicationBuilder(Application.class).run("--jetstream.servers=" + this.server.url(),
				"--spring.main.web-application-type=none", "--jetstream.streams.orders.subjects=orders.>",
				"--jetstream.streams.orders.consumers.worker.filter-subjects=orders.a,orders.b",
				"--jetstream.streams.jobs.subjects=jobs.>", "--jetstream.streams.jobs.allow-message-schedules=true");
	}

	@AfterEach
	void stop() {
		this.context.close();
		this.server.close();
	}

	@Test
	void theMessagesOfAConsumerAreThoseThatItHasNotDoneWith() throws Exception {
		for (String subject : List.of("orders.a", "orders.x", "orders.b", "orders.a", "orders.b")) {
			publish(subject);
		}
		JetStreamSubscription worker = this.context.getBean(Connection.class)
			.jetStream()
			.subscribe(null, PullSubscribeOptions.bind("orders", "worker"));
		worker.fetch(1, Duration.ofSeconds(5)).get(0).ackSync(Duration.ofSeconds(5));
		worker.fetch(1, Duration.ofSeconds(5));
		Map<String, Object> page = requests(null).find(Map.of("stream", "orders", "consumer", "worker", "limit", "2"));
		assertThat(messages(page)).extracting("sequence").containsExactly(3L, 4L);
		assertThat(messages(page)).extracting("delivered").containsExactly(true, false);
		assertThat(page).containsEntry("next", 5L);
		Map<String, Object> last = requests(null).find(Map.of("stream", "orders", "consumer", "worker", "from", "5"));
		assertThat(messages(last)).extracting("subject").containsExactly("orders.b");
		assertThat(last).doesNotContainKey("next");
		assertThat(messages(requests(null).find(Map.of("stream", "orders")))).hasSize(4);
		assertThat(messages(requests(null).find(Map.of("stream", "orders", "subject", "orders.x")))).hasSize(1);
		// Nobody has noticed
		assertThat(this.context.getBean(Connection.class)
			.jetStreamManagement()
			.getConsumerInfo("orders", "worker")
			.getNumPending()).isEqualTo(2);
	}

	@Test
	void contentIsShownAsFarAsItMayBe() {
		publish("orders.a");
		Map<String, Object> hidden = requests(null).message("orders", "1", null, false);
		assertThat(hidden).containsEntry("payloadText", "******");
		assertThat(hidden.get("headers").toString()).contains("tenant=[******]");
		Map<String, Object> shown = requests(null).message("orders", "1", null, true);
		assertThat(shown).containsEntry("payloadText", "hello").containsEntry("subject", "orders.a");
		assertThat(shown.get("headers").toString()).contains("tenant=[acme]");
		Map<String, Object> redacted = requests(new PayloadRedactor() {

			@Override
			public byte @Nullable [] payload(StoredDeadLetter letter) {
				return "orders".equals(letter.originalStream()) ? null : letter.payload();
			}

			@Override
			public String header(String name, String value) {
				throw new IllegalStateException();
			}

		}).message("orders", "1", null, true);
		assertThat(redacted).containsEntry("payloadText", "******");
		assertThat(redacted.get("headers").toString()).contains("tenant=[******]").doesNotContain("acme");
	}

	@Test
	void aMessageIsRemovedOnce() {
		publish("orders.a");
		assertThat(requests(null).change("orders", "1", "remove", null, "ops")).containsEntry("removed", 1);
		assertThat(this.events).singleElement().isInstanceOfSatisfying(JetStreamOperationEvent.class, (event) -> {
			assertThat(event.getTarget()).isEqualTo("message 1 of stream 'orders'");
			assertThat(event.getPrincipal()).isEqualTo("ops");
		});
		assertFailure(404, "There is no message 1", () -> requests(null).change("orders", "1", "remove", null, null));
		assertFailure(404, "There is no message 1", () -> requests(null).message("orders", "1", null, true));
		assertFailure(400, "'action' must be", () -> requests(null).change("orders", "1", "purge", null, null));
	}

	@Test
	void whatIsNotOfTheApplicationIsNotShown() throws Exception {
		this.context.getBean(Connection.class)
			.jetStreamManagement()
			.addStream(io.nats.client.api.StreamConfiguration.builder().name("secrets").subjects("secrets").build());
		assertFailure(404, "The application has no stream 'secrets'",
				() -> requests(null).find(Map.of("stream", "secrets")));
		assertFailure(404, "no stream 'secrets'", () -> requests(null).message("secrets", "1", null, true));
		assertFailure(404, "no stream 'secrets'", () -> requests(null).change("secrets", "1", "remove", null, null));
		assertFailure(404, "no connection 'x'",
				() -> requests(null).find(Map.of("stream", "orders", "connection", "x")));
		assertFailure(400, "There is no 'sort' here",
				() -> requests(null).find(Map.of("stream", "orders", "sort", "x")));
		assertFailure(400, "'from' must be a number",
				() -> requests(null).find(Map.of("stream", "orders", "from", "x")));
	}

	@Test
	void theSecretOfAScheduleIsNotShown() {
		this.context.getBean(JetStreamTemplate.class)
			.message("later")
			.to("jobs.later")
			.delay(Duration.ofHours(1))
			.publish();
		Map<String, Object> page = requests(null).find(Map.of("stream", "jobs"));
		assertThat(messages(page)).extracting("subject").containsExactly("_schedules.jobs.>");
		assertThat(requests(null).message("jobs", "1", null, true).toString())
			.doesNotContain("_schedules.jobs.delayed");
	}

	@Test
	void whenTheServerIsAwayThenItIsSaid() {
		this.server.stop();
		org.awaitility.Awaitility.await()
			.until(() -> this.context.getBean(Connection.class).getStatus() != Connection.Status.CONNECTED);
		assertFailure(503, "can't be reached", () -> requests(null).find(Map.of("stream", "orders")));
	}

	private void publish(String subject) {
		this.context.getBean(JetStreamTemplate.class).message("hello").to(subject).header("tenant", "acme").publish();
	}

	private MessageRequests requests(@Nullable PayloadRedactor redactor) {
		return MessageRequests.of(this.context.getBean(JetStreamListeners.class), this.events::add, this.context,
				redactor);
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> messages(Map<String, Object> page) {
		return (List<Map<String, Object>>) page.get("messages");
	}

	private static void assertFailure(int status, String detail, ThrowingCallable call) {
		assertThatExceptionOfType(OperationFailure.class).isThrownBy(call)
			.withMessageContaining(detail)
			.satisfies((failure) -> assertThat(failure.status()).isEqualTo(status));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
