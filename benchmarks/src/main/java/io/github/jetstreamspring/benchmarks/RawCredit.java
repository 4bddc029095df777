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

package io.github.jetstreamspring.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.PullRequestOptions;
import io.nats.client.Subscription;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Threads that take messages from one plain subscription, with requests for as many as
 * were settled: the best there is, with one worker or many. A message goes from the
 * connection's reader straight to a worker, and nothing takes account of failures.
 */
final class RawCredit implements Worker {

	private static final int QUICK_BUFFER = 500;

	private static final int MAX_PORTION = 125;

	private static final byte[] ACK = "+ACK".getBytes(StandardCharsets.US_ASCII);

	private static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(10);

	// Longer than any round
	private static final Duration EXPIRY = Duration.ofMinutes(5);

	private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

	private final Connection connection;

	private final Work work;

	private final boolean confirmed;

	private final int window;

	private final int portion;

	private final int concurrency;

	private final ThreadFactory threadFactory;

	private @Nullable Run run;

	RawCredit(Case testCase, Connection connection, Work work) {
		this.connection = connection;
		this.work = work;
		this.confirmed = testCase.confirmed();
		this.concurrency = testCase.concurrency();
		int buffer = (testCase.handlerTime().toMillis() < 10) ? QUICK_BUFFER : Math.max(1, this.concurrency / 4);
		this.window = this.concurrency + buffer;
		this.portion = Math.max(1, Math.min(MAX_PORTION, this.window / 4));
		this.threadFactory = testCase.virtual() ? new VirtualThreadTaskExecutor("raw-").getVirtualThreadFactory()
				: new CustomizableThreadFactory("raw-");
	}

	@Override
	public void start() {
		this.run = new Run();
	}

	@Override
	public void stop() throws Exception {
		if (this.run != null) {
			this.run.stop();
		}
	}

	@Override
	public void close() {
		RawConnections.close(this.connection);
	}

	private final class Run {

		private final String inbox = RawCredit.this.connection.createInbox();

		private final Subscription subscription = RawCredit.this.connection.subscribe(this.inbox);

		// Settled since the last request
		private final AtomicInteger settled = new AtomicInteger();

		private final List<Thread> threads = IntStream.range(0, RawCredit.this.concurrency)
			.mapToObj((number) -> RawCredit.this.threadFactory.newThread(this::loop))
			.toList();

		private volatile boolean stopped;

		Run() {
			this.subscription.setPendingLimits(-1, -1);
			this.threads.forEach(Thread::start);
			request(RawCredit.this.window);
		}

		private void loop() {
			try {
				while (!this.stopped) {
					Message message = this.subscription.nextMessage(LOOK_INTERVAL);
					if (message != null && !message.isStatusMessage()) {
						handle(message);
					}
				}
			}
			catch (InterruptedException ex) {
				// Stopped
			}
		}

		private void handle(Message message) {
			byte[] data = message.getData();
			RawCredit.this.work.run(Payload.number(data), Payload.time(data));
			if (RawCredit.this.confirmed) {
				RawCredit.this.connection.requestWithTimeout(message.getReplyTo(), ACK, CONFIRM_TIMEOUT)
					.whenComplete((confirmation, failure) -> settled());
			}
			else {
				message.ack();
				settled();
			}
		}

		private void settled() {
			if (this.settled.incrementAndGet() % RawCredit.this.portion == 0) {
				request(RawCredit.this.portion);
			}
		}

		private void request(int count) {
			RawCredit.this.connection.publish("$JS.API.CONSUMER.MSG.NEXT." + Queue.STREAM + "." + Queue.CONSUMER,
					this.inbox, PullRequestOptions.builder(count).expiresIn(EXPIRY).build().serialize());
		}

		void stop() throws InterruptedException {
			this.stopped = true;
			this.threads.forEach(Thread::interrupt);
			for (Thread thread : this.threads) {
				thread.join();
			}
			this.subscription.unsubscribe();
		}

	}

}
