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
import java.util.concurrent.CopyOnWriteArrayList;
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
 * Consumers that limit the requests for their messages.
 */
@Execution(ExecutionMode.CONCURRENT)
@EmbeddedNats
class RequestLimitTests {

	private static final String LARGE = "x".repeat(5_000);

	private static EmbeddedNatsServer server;

	private final List<Integer> handled = new CopyOnWriteArrayList<>();

	private final List<ListenerState> states = new CopyOnWriteArrayList<>();

	@AutoClose
	private TestQueue queue;

	private JetStreamListeners listeners;

	@BeforeAll
	static void startServer(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenAMessageIsLargerThanMaxBytesThenTheStatusSaysSoAndRequestsPause() throws Exception {
		start((consumer) -> consumer.maxBytes(2_000));
		this.queue.publish(1);
		this.queue.publish(this.queue.message(LARGE).build());
		this.queue.publish(20);
		await().untilAsserted(() -> assertThat(reason()).contains("max-bytes of the consumer is 2000",
				"behind sequence 1.", "jetstream.streams." + this.queue.stream() + ".consumers.worker.max-bytes"));
		assertThat(this.listeners.state(TestQueue.CONSUMER)).isEqualTo(ListenerState.RECOVERING);
		long answers = answers();
		await().during(Duration.ofSeconds(3)).until(() -> answers() - answers < 100);
		assertThat(this.states).as("said once").containsExactly(ListenerState.RUNNING, ListenerState.RECOVERING);
		change((consumer) -> consumer.maxBytes(10_000));
		await().atMost(Duration.ofSeconds(10)).until(() -> this.queue.size() == 0);
		await().until(() -> this.listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
		assertThat(reason()).isNull();
		assertThat(this.handled).hasSize(22);
	}

	@Test
	void whenTheMessageThatIsTooLargeIsRemovedThenTheOthersFollow() throws Exception {
		start((consumer) -> consumer.maxBytes(2_000));
		this.queue.publish(this.queue.message(LARGE).build());
		this.queue.publish(20);
		await().untilAsserted(() -> assertThat(reason()).contains("behind sequence 0."));
		this.queue.management().deleteMessage(this.queue.stream(), 1);
		await().until(() -> this.queue.size() == 0);
		await().until(() -> this.listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
	}

	@Test
	void whenMessagesTogetherAreLargerThanMaxBytesThenAllIsWell() throws Exception {
		start((consumer) -> consumer.maxBytes(600));
		this.queue.publish(500);
		await().until(() -> this.queue.size() == 0);
		assertThat(this.handled).hasSize(500);
		assertThat(this.states).containsExactly(ListenerState.RUNNING);
	}

	@Test
	void whenMaxBytesIsLoweredWhileTheListenerRunsThenItIsKept() throws Exception {
		start(UnaryOperator.identity());
		this.queue.publish(1);
		await().until(() -> this.handled.size() == 1);
		change((consumer) -> consumer.maxBytes(2_000));
		this.queue.publish(5);
		await().atMost(Duration.ofSeconds(20)).until(() -> this.queue.size() == 0);
		this.queue.publish(this.queue.message(LARGE).build());
		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(reason()).contains("max-bytes of the consumer is 2000"));
		change((consumer) -> consumer.maxBytes(-1));
		await().atMost(Duration.ofSeconds(10)).until(() -> this.queue.size() == 0);
	}

	@Test
	void whenMaxBatchIsLoweredWhileTheListenerRunsThenItIsKept() throws Exception {
		start(UnaryOperator.identity());
		change((consumer) -> consumer.maxBatch(1).maxExpires(1_000));
		this.queue.publish(100);
		await().atMost(Duration.ofSeconds(20)).until(() -> this.queue.size() == 0);
		await().until(() -> this.listeners.state(TestQueue.CONSUMER) == ListenerState.RUNNING);
	}

	private void start(UnaryOperator<ConsumerConfiguration.Builder> consumer) throws Exception {
		this.queue = new TestQueue(server.url(), consumer);
		this.listeners = this.queue.listener()
			.options(ListenerOptions.builder().concurrency(4).build())
			.onStateChange((event) -> {
				if (event.getState() != ListenerState.STARTING) {
					this.states.add(event.getState());
				}
			})
			.start((delivery, message) -> this.handled.add(message.getData().length));
	}

	private void change(UnaryOperator<ConsumerConfiguration.Builder> change) throws Exception {
		this.queue.management()
			.addOrUpdateConsumer(this.queue.stream(),
					change.apply(ConsumerConfiguration.builder(this.queue.consumer().getConsumerConfiguration()))
						.build());
	}

	private String reason() {
		return this.listeners.status(TestQueue.CONSUMER).reason();
	}

	private long answers() {
		return this.queue.connection().getStatistics().getInMsgs();
	}

}
