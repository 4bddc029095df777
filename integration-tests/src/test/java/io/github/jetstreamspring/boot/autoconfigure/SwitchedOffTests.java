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

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.boot.actuate.JetStreamEndpoint;
import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.JetStreamReceiver;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.MessageBuilder;
import io.github.jetstreamspring.topology.Topology;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.impl.NatsMessage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * An application that is started without any server.
 */
class SwitchedOffTests {

	private static final String SERVER = "nats://127.0.0.1:1";

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start() {
		context = TestApplication.run(List.of(Worker.class), SERVER, "jetstream.enabled=false",
				"jetstream.publisher.timeout=10s", "management.endpoints.web.exposure.include=jetstream",
				"management.endpoints.jmx.exposure.include=jetstream", "jetstream.streams.orders.subjects=orders.>",
				"jetstream.streams.orders.consumers.order-worker.filter-subjects=orders.created",
				"jetstream.connections.warehouse.servers=" + SERVER,
				"jetstream.connections.warehouse.streams.picks.subjects=picks.>");
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@Test
	void thereAreNoListenersAndTheTopologyIsWhatIsConfigured() {
		assertThat(context.getBean(JetStreamListeners.class).ids()).isEmpty();
		assertThat(context.getBean(JetStreamListeners.class).isRunning()).isFalse();
		assertThat(context.getBean(Topology.class).streams()).hasSize(2);
	}

	@Test
	void theHealthOfWhatIsNotUsedIsUnknown() {
		CompositeHealthContributor contributor = context.getBean("jetstreamHealthIndicator",
				CompositeHealthContributor.class);
		assertThat(contributor.stream().map((entry) -> ((HealthIndicator) entry.contributor()).health())).hasSize(2)
			.allSatisfy((health) -> {
				assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
				assertThat(health.getDetails()).containsEntry("jetstream.enabled", false);
			});
	}

	@Test
	void whenTheContextIsStoppedAndStartedThenNobodyMissesTheServer() {
		context.stop();
		context.start();
		assertThat(context.isRunning()).isTrue();
	}

	@Test
	void whateverIsPublishedThenTheKeyIsNamedAtOnce() {
		JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
		assertRefused(() -> template.publish("orders.created", "bread"));
		assertRefused(() -> message(template).ttl(Duration.ofHours(1)).publish());
		assertRefused(() -> message(template).delay(Duration.ofHours(1)).publish());
		assertRefused(() -> message(template).uniqueUntilDone("bread").publish());
		assertRefused(() -> message(template).request(String.class, Duration.ofMinutes(1)));
		assertRefused(() -> template.publishAll(List.of(message(template))));
		assertRefused(() -> template.publishAll(List.of(message(template), message(template))));
		assertRefused(() -> template.publishAtomically(List.of(message(template))));
		assertRefused(() -> template.reply("_INBOX.caller", "bread"));
		assertRefused(() -> template.cancel("job"));
		assertRefused(() -> template.cancel("orders.created", "job"));
	}

	@Test
	void whatIsPublishedAsynchronouslyFailsInItsFuture() {
		JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
		assertThat(template.publishAsync("orders.created", "bread")).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.withCauseInstanceOf(JetStreamException.class)
			.withMessageContaining("jetstream.enabled");
		assertThat(template.send(new NatsMessage("orders.created", null, new byte[0])))
			.failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.withMessageContaining("jetstream.enabled");
		assertThat(template.requestAsync("orders.created", "bread", String.class, Duration.ofMinutes(1)))
			.failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.withMessageContaining("jetstream.enabled");
	}

	@Test
	void whoeverReceivesByHandThenTheKeyIsNamedAtOnce() {
		JetStreamReceiver receiver = context.getBean(JetStreamReceiver.class);
		assertRefused(() -> receiver.receive("orders", "order-worker", String.class, Duration.ofMinutes(1)));
	}

	@Test
	void whenAConnectionIsNamedThenItIsSwitchedOffToo() {
		JetStreamTemplate template = BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(),
				JetStreamTemplate.class, "warehouse");
		assertRefused(() -> template.publish("picks.new", "bread"));
	}

	@Test
	void whenDeadLettersAreLookedForThenTheKeyIsNamedToo() {
		DeadLetters deadLetters = context.getBean(DeadLetters.class);
		assertRefused(() -> deadLetters.find(DeadLetterQuery.all()));
		assertRefused(() -> deadLetters.get(1));
	}

	@Test
	void whenTheEndpointIsAskedThenItSaysThatThereIsNoConnection() {
		Map<?, ?> all = context.getBean(JetStreamEndpoint.class).all();
		assertThat(all.get("connections")).asString().contains("{default={status=DISCONNECTED");
		assertThat(all.get("listeners")).asString().isEqualTo("{}");
	}

	@Test
	void whenTheClientIsUsedThenTheKeyIsNamedToo() {
		assertRefused(() -> context.getBean(JetStreamManagement.class).getStreamNames());
		assertRefused(() -> context.getBean(Connection.class).subscribe("orders.>"));
	}

	private static MessageBuilder message(JetStreamTemplate template) {
		return template.message("bread").to("orders.created");
	}

	private static void assertRefused(ThrowingCallable call) {
		long start = System.nanoTime();
		assertThatExceptionOfType(JetStreamException.class).isThrownBy(call)
			.withMessageContaining("jetstream.enabled is false");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(9));
	}

	static class Worker {

		@JetStreamListener("order-worker")
		void handle(String order) {
		}

	}

}
