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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.listener.pull.Precedence;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.nats.client.Connection;
import io.nats.client.api.PriorityPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Listeners of which some are preferred, and the others help out.
 */
@EmbeddedNats
class PriorityListenerTests {

	private static final int JOBS = 20;

	private final HandledJobs near = new HandledJobs();

	private final HandledJobs far = new HandledJobs();

	private final CountDownLatch release = new CountDownLatch(1);

	private final List<Connection> clients = new ArrayList<>();

	private EmbeddedNatsServer server;

	private TestQueue queue;

	@BeforeEach
	void startServer(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		this.queue = new TestQueue(this.server.url(), UnaryOperator.identity());
	}

	@AfterEach
	void close() throws Exception {
		this.release.countDown();
		this.queue.close();
		for (Connection client : this.clients) {
			client.close();
		}
	}

	@Test
	@NeedsServer("2.12")
	void whenInstancesHavePrioritiesThenTheFirstIsPreferred() throws Exception {
		createConsumer(PriorityPolicy.Prioritized);
		start(priority(5), this.far::handle);
		start(priority(0), this.near::handle);
		await().until(() -> this.queue.consumer().getNumWaiting() >= 2);
		for (int job = 1; job <= JOBS; job++) {
			this.queue.publish(1);
			int expected = job;
			await().pollInterval(Duration.ofMillis(2)).until(() -> this.near.runs() + this.far.runs() == expected);
			System.out.println(
					"XX " + job + " " + this.near.runs() + " " + this.far.runs() + " " + System.currentTimeMillis());
		}
		// The other one may have one in the moment in which the first asks again
		assertThat(this.near.runs()).isGreaterThan(JOBS / 2);
	}

	@Test
	@NeedsServer("2.12")
	void whenTheFirstIsBusyThenTheOtherHelpsOut() throws Exception {
		createConsumer(PriorityPolicy.Prioritized);
		start(priority(5), this.far::handle);
		start(priority(0), this::block);
		this.queue.publish(JOBS);
		// Two are with the workers of the first
		await().until(() -> this.far.runs() == JOBS - 2);
		assertThat(this.near.runs()).isZero();
		this.release.countDown();
		await().until(() -> this.near.runs() == 2);
	}

	@Test
	@NeedsServer("2.11")
	void whenAnInstanceIsForTheOverflowThenItHelpsOutAsSoonAsEnoughWaits() throws Exception {
		createConsumer(PriorityPolicy.Overflow);
		start(new Precedence(null, 10L, null), this.far::handle);
		start(Precedence.NONE, this::block);
		this.queue.publish(8);
		await().until(() -> this.queue.consumer().getNumAckPending() == 2);
		await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(10)).until(() -> this.far.runs() == 0);
		this.queue.publish(JOBS);
		await().until(() -> this.far.runs() > 0);
		assertThat(this.near.runs()).isZero();
	}

	@Test
	@NeedsServer("2.11")
	void whenAnInstanceIsForWorkThatPilesUpThenItHelpsOutAsSoonAsEnoughIsAtWork() throws Exception {
		createConsumer(PriorityPolicy.Overflow);
		start(new Precedence(null, null, 2L), this.far::handle);
		this.queue.publish(1);
		await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(10)).until(() -> this.far.runs() == 0);
		start(Precedence.NONE, this::block);
		await().until(() -> this.queue.consumer().getNumAckPending() == 1);
		this.queue.publish(JOBS);
		await().until(() -> this.far.runs() > 0);
		assertThat(this.near.runs()).isZero();
	}

	@Test
	void whenTheConsumerHasAnotherPolicyThenTheListenerDoesNotStartAndSaysWhatIsMissing() {
		assertThatExceptionOfType(ListenerStartException.class).isThrownBy(() -> start(priority(1), this.near::handle))
			.withMessageContaining("priority-policy: prioritized");
		assertThatExceptionOfType(ListenerStartException.class)
			.isThrownBy(() -> start(new Precedence(null, 10L, null), this.near::handle))
			.withMessageContaining("priority-policy: overflow");
	}

	@Test
	void whenSettingsAreForTwoPoliciesThenTheyAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> start(new Precedence(1, 10L, null), this.near::handle))
			.withMessageContaining("'priority' can't be set together with 'min-pending'");
	}

	private void block(Delivery delivery, io.nats.client.Message message) throws Exception {
		this.release.await();
		this.near.handle(delivery, message);
	}

	private void start(Precedence precedence, TestQueue.Handler handler) throws Exception {
		Connection client = TestConnections.connect(TestQueue.options(this.server.url()));
		this.clients.add(client);
		this.queue.listener()
			.connection(client)
			.options(ListenerOptions.builder()
				.concurrency(2)
				.maxBuffer(0)
				.priority(precedence.priority())
				.minPending(precedence.minPending())
				.minAckPending(precedence.minAckPending())
				.build())
			.start(handler);
	}

	private static Precedence priority(int priority) {
		return new Precedence(priority, null, null);
	}

	private void createConsumer(PriorityPolicy policy) throws Exception {
		this.queue.management().deleteConsumer(this.queue.stream(), TestQueue.CONSUMER);
		this.queue.createConsumer((
				consumer) -> consumer.priorityPolicy(policy).priorityGroups("workers").ackWait(Duration.ofSeconds(30)));
	}

}
