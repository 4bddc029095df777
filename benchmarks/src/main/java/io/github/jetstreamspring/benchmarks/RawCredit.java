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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.PullRequestOptions;
import io.nats.client.Subscription;

import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Threads that take messages from one plain subscription, with requests for as many as
 * were settled: the best there is for several workers. Takes no account of failures.
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

	private final String inbox;

	private final Subscription subscription;

	private final List<Thread> threads = new ArrayList<>();

	// Settled since the last request
	private final AtomicInteger settled = new AtomicInteger();

	private volatile boolean closed;

	RawCredit(Case testCase, Connection connection, Work work) {
		this.connection = connection;
		this.work = work;
		this.confirmed = testCase.confirmed();
		int buffer = (testCase.handlerTime().toMillis() < 10) ? QUICK_BUFFER : Math.max(1, testCase.concurrency() / 4);
		this.window = testCase.concurrency() + buffer;
		this.portion = Math.max(1, Math.min(MAX_PORTION, this.window / 4));
		this.inbox = connection.createInbox();
		this.subscription = connection.subscribe(this.inbox);
		this.subscription.setPendingLimits(-1, -1);
		ThreadFactory factory = testCase.virtual() ? new VirtualThreadTaskExecutor("raw-").getVirtualThreadFactory()
				: new CustomizableThreadFactory("raw-");
		for (int count = 0; count < testCase.concurrency(); count++) {
			this.threads.add(factory.newThread(this::loop));
		}
	}

	@Override
	public void start() {
		this.threads.forEach(Thread::start);
		request(this.window);
	}

	private void loop() {
		try {
			while (!this.closed) {
				Message message = this.subscription.nextMessage(LOOK_INTERVAL);
				if (message != null && !message.isStatusMessage()) {
					handle(message);
				}
			}
		}
		catch (InterruptedException | IllegalStateException ex) {
			if (!this.closed) {
				ex.printStackTrace();
			}
		}
	}

	private void handle(Message message) {
		byte[] data = message.getData();
		this.work.run(Payload.number(data), Payload.time(data));
		if (this.confirmed) {
			this.connection.requestWithTimeout(message.getReplyTo(), ACK, CONFIRM_TIMEOUT)
				.whenComplete((confirmation, failure) -> settled());
		}
		else {
			message.ack();
			settled();
		}
	}

	private void settled() {
		if (this.settled.incrementAndGet() % this.portion == 0) {
			request(this.portion);
		}
	}

	private void request(int count) {
		this.connection.publish("$JS.API.CONSUMER.MSG.NEXT." + Queue.STREAM + "." + Queue.CONSUMER, this.inbox,
				PullRequestOptions.builder(count).expiresIn(EXPIRY).build().serialize());
	}

	@Override
	public void close() {
		this.closed = true;
		this.threads.forEach(Thread::interrupt);
		RawConnections.close(this.connection);
	}

}
