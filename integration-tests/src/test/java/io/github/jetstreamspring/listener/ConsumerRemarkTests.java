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

package io.github.jetstreamspring.listener;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.api.ConsumerConfiguration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a listener says about a consumer that it can use, but that somebody else has
 * configured.
 */
@Execution(ExecutionMode.CONCURRENT)
@EmbeddedNats
class ConsumerRemarkTests {

	private static final Duration A_LOOK = Duration.ofSeconds(40);

	private static final Duration OFTEN = Duration.ofSeconds(1);

	private static EmbeddedNatsServer server;

	@AutoClose
	private TestQueue queue;

	private JetStreamListeners listeners;

	@BeforeAll
	static void startServer(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenAConsumerIsAsItShouldBeThenThereIsNothingToSay() throws Exception {
		start(UnaryOperator.identity(), ConsumerRecovery.NONE);
		await().until(() -> this.listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
		assertThat(reason()).isNull();
	}

	@Test
	void whenTheServerGivesUpBeforeTheListenerThenItsStatusSaysSo() throws Exception {
		start((consumer) -> consumer.maxDeliver(5), ConsumerRecovery.NONE);
		assertThat(this.listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.RUNNING);
		assertThat(reason()).contains("max_deliver of the consumer is 5", "max-attempts is 10", "for ever",
				"nats consumer edit " + this.queue.stream() + " worker --max-deliver=-1");
	}

	@Test
	void whenTheServerGivesUpAfterTheListenerHasThenThereIsNothingToSay() throws Exception {
		start((consumer) -> consumer.maxDeliver(21), ConsumerRecovery.NONE);
		assertThat(reason()).isNull();
	}

	@Test
	void whenALimitIsSetAndTakenAwayThenTheStatusFollows() throws Exception {
		start(UnaryOperator.identity(), ConsumerRecovery.NONE);
		assertThat(reason()).isNull();
		change((consumer) -> consumer.maxDeliver(15));
		await().atMost(A_LOOK)
			.untilAsserted(
					() -> assertThat(reason()).contains("max_deliver of the consumer is 15", "max-deliveries (20)"));
		this.queue.publish(1);
		await().until(() -> this.queue.size() == 0);
		assertThat(reason()).as("not forgotten with the next message").contains("max_deliver");
		change((consumer) -> consumer.maxDeliver(-1));
		await().atMost(A_LOOK).untilAsserted(() -> assertThat(reason()).isNull());
	}

	@Test
	void whenAConsumerHasABackoffThenTheStatusSaysSo() throws Exception {
		start((consumer) -> consumer.maxDeliver(25).backoff(Duration.ofSeconds(1), Duration.ofSeconds(5)),
				ConsumerRecovery.NONE);
		assertThat(reason()).contains("backoff", "up to 4s");
	}

	@Test
	void whenTheFilterIsNotTheDeclaredOneThenTheStatusSaysSo() throws Exception {
		start((consumer) -> consumer.filterSubject("*.other"), declaring("*.job"));
		assertThat(reason()).contains("[*.other]", "[*.job]");
		change((consumer) -> consumer.filterSubject("*.job"));
		await().atMost(A_LOOK).untilAsserted(() -> assertThat(reason()).isNull());
	}

	@Test
	void whenTheFilterOfAForeignConsumerIsChangedThenTheStatusSaysSo() throws Exception {
		// As it is outside of tests
		start(UnaryOperator.identity(), ConsumerRecovery.NONE, RecoveryPace.IDLE);
		assertThat(reason()).isNull();
		change((consumer) -> consumer.filterSubject("*.other"));
		await().atMost(A_LOOK).untilAsserted(() -> assertThat(reason()).contains("[>]", "[*.other]"));
	}

	private void start(UnaryOperator<ConsumerConfiguration.Builder> consumer, ConsumerRecovery declared)
			throws Exception {
		start(consumer, declared, OFTEN);
	}

	private void start(UnaryOperator<ConsumerConfiguration.Builder> consumer, ConsumerRecovery declared,
			Duration lookInterval) throws Exception {
		this.queue = new TestQueue(server.url(), consumer);
		this.listeners = this.queue.listener().recovery(declared).lookEvery(lookInterval).start((delivery, message) -> {
		});
	}

	private void change(UnaryOperator<ConsumerConfiguration.Builder> change) throws Exception {
		ConsumerConfiguration current = this.queue.consumer().getConsumerConfiguration();
		this.queue.management()
			.updateConsumer(this.queue.stream(), change.apply(ConsumerConfiguration.builder(current)).build());
	}

	private String reason() {
		return this.listeners.status(TestQueue.CONSUMER).reason();
	}

	private static ConsumerRecovery declaring(String filter) {
		return new ConsumerRecovery() {

			@Override
			public void recover(String stream, String consumer) {
			}

			@Override
			public List<String> filterSubjects(String stream, String consumer) {
				return List.of(filter);
			}

		};
	}

}
