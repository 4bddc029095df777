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

package io.github.jetstreamspring.annotation;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishResult;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for unique jobs on their way through a listener: their key is taken until they
 * are done.
 */
@EmbeddedNats
class UniqueJobListenerTests {

	private static final Logger logger = LoggerFactory.getLogger(UniqueJobListenerTests.class);

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenAJobRunsOrWaitsForItsRetryThenItsKeyIsTakenUntilItIsAcked() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Gate.class))) {
			Gate gate = worker.bean(Gate.class);
			assertThat(publish(worker, "customer-1").duplicate()).isFalse();
			gate.awaitRun();
			assertThat(publish(worker, "customer-1").duplicate()).isTrue();
			assertThat(publish(worker, "customer-2").duplicate()).isFalse();
			gate.open();
			// The first attempt fails, and the second is as the first
			gate.awaitRun();
			assertThat(publish(worker, "customer-1").duplicate()).isTrue();
			gate.open();
			await().until(() -> worker.size("jobs") == 0);
			worker.listeners().stop("worker");
			assertThat(publish(worker, "customer-1").duplicate()).isFalse();
		}
	}

	@Test
	void whenAJobIsADeadLetterThenItsKeyIsFree() throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Failing.class))) {
			assertThat(publish(worker, "customer-1").duplicate()).isFalse();
			await().until(() -> worker.size("dead-letters") == 1 && worker.size("jobs") == 0);
			assertThat(worker.message("dead-letters", 1).getHeaders().getFirst("Dead-Letter-Attempts")).isEqualTo("3");
			assertThat(publish(worker, "customer-1").duplicate()).isFalse();
		}
	}

	private static PublishResult publish(Worker worker, String customer) {
		JetStreamTemplate template = worker.template();
		// tag::unique[]
		PublishResult result = template.message(customer).to("jobs.invoice").uniqueUntilDone(customer).publish();
		if (result.duplicate()) {
			logger.info("The invoice of {} waits or is being made already", customer);
		}
		// end::unique[]
		return result;
	}

	/**
	 * Lets a test see and end each run; the first attempt at a job fails.
	 */
	static class Gate {

		private final SynchronousQueue<CountDownLatch> runs = new SynchronousQueue<>();

		private volatile CountDownLatch current = new CountDownLatch(0);

		@JetStreamListener("worker")
		void handle(String job, Delivery delivery) throws InterruptedException {
			if (job.equals("customer-2")) {
				return;
			}
			CountDownLatch latch = new CountDownLatch(1);
			this.runs.offer(latch, 5, TimeUnit.SECONDS);
			latch.await(30, TimeUnit.SECONDS);
			if (delivery.attempt() == 1) {
				throw new IllegalStateException("not yet");
			}
		}

		void awaitRun() throws InterruptedException {
			CountDownLatch latch = this.runs.poll(30, TimeUnit.SECONDS);
			assertThat(latch).isNotNull();
			this.current = latch;
		}

		void open() {
			this.current.countDown();
		}

	}

	static class Failing {

		@JetStreamListener("worker")
		void handle(String job) {
			throw new IllegalStateException("broken");
		}

	}

}
