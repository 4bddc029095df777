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

package io.github.jetstreamspring.topology;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.topology.TopologyResult.Outcome;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link Inventory}, as {@link TopologyDeclarer} uses it.
 */
@EmbeddedNats
class InventoryTests {

	@AutoClose
	private TopologyServer server;

	@BeforeEach
	void connect(EmbeddedNatsServer server) {
		this.server = new TopologyServer(server);
	}

	@Test
	void whenThereAreManyThenTheServerIsAskedForSeveralAtOnce() {
		StreamDefinition[] streams = streams(20);
		this.server.declare(streams);
		AtomicInteger asked = new AtomicInteger();
		CountDownLatch together = new CountDownLatch(5);
		JetStreamManagement waiting = asking((question) -> {
			// The first one is asked alone
			if (asked.incrementAndGet() > 1) {
				together.countDown();
				await(together);
			}
		});
		assertThat(outcomes(waiting, streams)).hasSize(40).containsOnly(Outcome.UNCHANGED);
		assertThat(together.getCount()).isZero();
		assertThat(asked).hasValue(40);
	}

	@Test
	void whenOneStreamHasManyConsumersThenTheyAreReadAtOnce() {
		StreamDefinition.Builder stream = StreamDefinition.limits("many").subjects("many.>");
		IntStream.range(0, 20).forEach((i) -> stream.consumer(ConsumerDefinition.named("worker-" + i).build()));
		this.server.declare(stream.build());
		CountDownLatch together = new CountDownLatch(5);
		AtomicInteger consumers = new AtomicInteger();
		JetStreamManagement waiting = asking((question) -> {
			if (question.equals("getConsumerInfo") && consumers.incrementAndGet() > 1) {
				together.countDown();
				await(together);
			}
		});
		assertThat(outcomes(waiting, stream.build())).hasSize(21).containsOnly(Outcome.UNCHANGED);
		assertThat(together.getCount()).isZero();
	}

	@Test
	void whenSomeOfManyAreMissingThenTheyAreCreated() throws Exception {
		StreamDefinition[] streams = streams(8);
		this.server.declare(streams);
		this.server.management().deleteStream("stream-3");
		this.server.management().deleteConsumer("stream-5", "worker");
		List<TopologyResult> results = this.server.declare(streams);
		assertThat(results).filteredOn((result) -> result.outcome() == Outcome.CREATED)
			.extracting(TopologyResult::stream, TopologyResult::consumer)
			.containsExactlyInAnyOrder(tuple("stream-3", null), tuple("stream-3", "worker"),
					tuple("stream-5", "worker"));
		assertThat(results).hasSize(16);
	}

	@Test
	void whenTheServerDoesntAnswerThenItIsAskedOnce() {
		AtomicInteger asked = new AtomicInteger();
		JetStreamManagement silent = asking((question) -> {
			asked.incrementAndGet();
			throw new IOException("Timeout or no response waiting for NATS JetStream server");
		});
		assertThatExceptionOfType(TopologyException.class).isThrownBy(() -> outcomes(silent, streams(20)))
			.satisfies((ex) -> assertThat(ex.getProblems()).singleElement()
				.satisfies((problem) -> assertThat(problem.key()).isEqualTo("jetstream.streams.stream-0")));
		assertThat(asked).hasValue(1);
	}

	private List<Outcome> outcomes(JetStreamManagement management, StreamDefinition... streams) {
		return this.server.declarer(management, TopologyMode.UPDATE)
			.declare(new Topology(List.of(streams)))
			.stream()
			.map(TopologyResult::outcome)
			.toList();
	}

	private static StreamDefinition[] streams(int number) {
		return IntStream.range(0, number)
			.mapToObj((i) -> StreamDefinition.workQueue("stream-" + i)
				.subjects("subject-" + i + ".>")
				.consumer(ConsumerDefinition.named("worker").build())
				.build())
			.toArray(StreamDefinition[]::new);
	}

	private static void await(CountDownLatch latch) {
		TopologyServer.call(() -> latch.await(20, TimeUnit.SECONDS));
	}

	private JetStreamManagement asking(Question before) {
		JetStreamManagement management = this.server.management();
		return (JetStreamManagement) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { JetStreamManagement.class }, (proxy, method, arguments) -> {
					before.ask(method.getName());
					try {
						return method.invoke(management, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

	/**
	 * Is called before the server is asked.
	 */
	@FunctionalInterface
	private interface Question {

		void ask(String name) throws IOException;

	}

}
