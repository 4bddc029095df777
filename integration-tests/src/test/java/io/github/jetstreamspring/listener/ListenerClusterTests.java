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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNatsCluster;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import io.nats.client.Options;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a listener does when the leaders of a replicated stream and its consumer change.
 */
class ListenerClusterTests {

	private static final int JOBS = 600;

	private final HandledJobs handled = new HandledJobs();

	private EmbeddedNatsCluster cluster;

	private TestQueue queue;

	@BeforeEach
	void createQueue() {
		this.cluster = EmbeddedNatsCluster.start();
		Options options = Options.builder()
			.servers(this.cluster.urls().toArray(String[]::new))
			.maxReconnects(-1)
			.reconnectWait(Duration.ofSeconds(1))
			.build();
		// A cluster takes a while until it has a leader that knows all its servers
		await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> {
			this.queue = new TestQueue(options, 3, UnaryOperator.identity());
			return true;
		});
	}

	@AfterEach
	void close() throws Exception {
		if (this.queue != null) {
			this.queue.close();
		}
		this.cluster.close();
	}

	@Test
	void whenTheLeaderOfTheConsumerMovesThenWorkResumesWithinTwoSeconds() throws Exception {
		move("$JS.API.CONSUMER.LEADER.STEPDOWN." + this.queue.stream() + "." + TestQueue.CONSUMER);
	}

	@Test
	void whenTheLeaderOfTheStreamMovesThenWorkResumesWithinTwoSeconds() throws Exception {
		move("$JS.API.STREAM.LEADER.STEPDOWN." + this.queue.stream());
	}

	@ParameterizedTest
	@EnumSource
	void whenTheLeaderOfTheConsumerMovesAgainAndAgainThenNothingIsHandledTwice(AckMode mode) throws Exception {
		start(ListenerOptions.builder().concurrency(8).ack(mode));
		Set<Integer> published = new TreeSet<>();
		for (int i = 0; i < 10; i++) {
			// Not all at first: a new leader takes what has waited for longer than
			// ack-wait
			// for late, and delivers it again at once
			while (published.size() < 50 * (i + 1)) {
				int job = published.size();
				this.queue.publish(this.queue.message(Integer.toString(job)).build());
				published.add(job);
			}
			this.handled.awaitJobs(50 * i + 25);
			stepDownConsumer();
		}
		// What was acked in vain would come again, and be in the queue until then
		await().atMost(Duration.ofSeconds(60)).until(() -> this.queue.size() == 0);
		assertThat(this.handled.order()).containsExactlyInAnyOrderElementsOf(published);
	}

	private void move(String stepDown) throws Exception {
		this.queue.publish(JOBS);
		start();
		this.handled.awaitJobs(50);
		String before = leader();
		this.queue.connection().request(stepDown, new byte[0]).get(5, TimeUnit.SECONDS);
		Duration silence = longestSilence();
		assertThat(silence).as("longest time without a run, after the leader %s has moved", before)
			.isLessThan(Duration.ofSeconds(2));
		await().atMost(Duration.ofSeconds(20)).until(() -> this.queue.size() == 0);
		assertThat(this.handled.jobs()).hasSize(JOBS);
	}

	@Test
	void whenTheServerOfTheLeaderIsKilledThenAllWorkIsDone() throws Exception {
		this.queue.publish(JOBS);
		start();
		this.handled.awaitJobs(50);
		// The one that the listener is not connected to: the connection stays
		String connected = this.queue.connection().getConnectedUrl();
		await().atMost(Duration.ofSeconds(30)).ignoreExceptions().pollInterval(Duration.ofMillis(500)).until(() -> {
			if (!server(leader()).url().equals(connected)) {
				return true;
			}
			stepDownConsumer();
			return false;
		});
		server(leader()).kill();
		await().atMost(Duration.ofSeconds(60)).until(() -> this.handled.jobs().size() == JOBS);
		assertThat(this.queue.connection().getStatus()).isEqualTo(Connection.Status.CONNECTED);
	}

	private void stepDownConsumer() throws Exception {
		this.queue.connection()
			.request("$JS.API.CONSUMER.LEADER.STEPDOWN." + this.queue.stream() + "." + TestQueue.CONSUMER, new byte[0])
			.get(5, TimeUnit.SECONDS);
	}

	private EmbeddedNatsServer server(String name) {
		return this.cluster.server(Integer.parseInt(name.substring(1)));
	}

	private String leader() {
		return await().atMost(Duration.ofSeconds(10))
			.ignoreExceptions()
			.until(() -> this.queue.consumer().getClusterInfo().getLeader(), (leader) -> leader != null);
	}

	private void start() {
		start(ListenerOptions.builder().concurrency(2));
	}

	private void start(ListenerOptions.Builder options) {
		this.queue.listener().options(options.maxBuffer(0).build()).start((delivery, message) -> {
			this.handled.handle(delivery, message);
			new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
		});
	}

	/**
	 * Returns the longest time between two runs until all jobs are done.
	 */
	private Duration longestSilence() {
		Duration longest = Duration.ZERO;
		int before = this.handled.runs();
		while (this.handled.jobs().size() < JOBS) {
			Duration silence = this.handled.awaitRunAfter(before, Duration.ofSeconds(30));
			longest = (silence.compareTo(longest) > 0) ? silence : longest;
			before = this.handled.runs();
		}
		return longest;
	}

}
