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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.topology.TopologyResult.Outcome;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several applications that declare the same at the same time.
 */
@EmbeddedNats
class TopologyRaceTests {

	@AutoClose
	private TopologyServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) {
		this.server = new TopologyServer(embedded);
	}

	@Test
	void whenManyDeclareTheSameThenAllSucceed() throws Exception {
		int applications = 8;
		CyclicBarrier together = new CyclicBarrier(applications);
		ExecutorService executor = Executors.newFixedThreadPool(applications);
		try {
			List<Callable<List<TopologyResult>>> starts = IntStream.range(0, applications)
				.<Callable<List<TopologyResult>>>mapToObj((i) -> () -> {
					together.await();
					return declare(this.server.management(), 1);
				})
				.toList();
			for (Future<List<TopologyResult>> results : executor.invokeAll(starts)) {
				assertThat(results.get()).extracting(TopologyResult::outcome)
					.containsAnyOf(Outcome.CREATED, Outcome.UNCHANGED);
			}
		}
		finally {
			executor.shutdownNow();
		}
		assertThat(declare(this.server.management(), 1)).extracting(TopologyResult::outcome)
			.containsOnly(Outcome.UNCHANGED);
	}

	@Test
	void whenStreamAppearsMeanwhileThenItIsReadAgainAndUpdated() {
		assertThat(declare(overtaken("addStream"), 2)).containsExactly(
				new TopologyResult("orders", null, Outcome.UPDATED, List.of("max-age 1h -> 2h")),
				new TopologyResult("orders", "worker", Outcome.UPDATED, List.of("ack-wait 1m -> 2m")));
	}

	@Test
	void whenConsumerAppearsMeanwhileThenItIsReadAgainAndUpdated() throws Exception {
		declare(this.server.management(), 1);
		this.server.management().deleteConsumer("orders", "worker");
		assertThat(declare(overtaken("createConsumer"), 2)).extracting(TopologyResult::outcome)
			.containsExactly(Outcome.UPDATED, Outcome.UPDATED);
		assertThat(this.server.consumer("orders", "worker").getAckWait()).isEqualTo(Duration.ofMinutes(2));
	}

	@Test
	void whenConsumerDisappearsMeanwhileThenItIsCreated() throws Exception {
		declare(this.server.management(), 1);
		assertThat(
				declare(before("updateConsumer", () -> this.server.management().deleteConsumer("orders", "worker")), 2))
			.extracting(TopologyResult::outcome)
			.containsExactly(Outcome.UPDATED, Outcome.CREATED);
	}

	private List<TopologyResult> declare(JetStreamManagement management, int version) {
		return this.server.declarer(management, TopologyMode.UPDATE)
			.declare(new Topology(List.of(StreamDefinition.named("orders")
				.subjects("orders.>")
				.maxAge(Duration.ofHours(version))
				.consumer(ConsumerDefinition.named("worker").ackWait(Duration.ofMinutes(version)).build())
				.build())));
	}

	/**
	 * Returns access to a server where another application is faster.
	 */
	private JetStreamManagement overtaken(String method) {
		return before(method, () -> declare(this.server.management(), 1));
	}

	private JetStreamManagement before(String method, Callable<?> action) {
		AtomicBoolean done = new AtomicBoolean();
		return (JetStreamManagement) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { JetStreamManagement.class }, (proxy, called, arguments) -> {
					if (called.getName().equals(method) && done.compareAndSet(false, true)) {
						action.call();
					}
					try {
						return called.invoke(this.server.management(), arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

}
