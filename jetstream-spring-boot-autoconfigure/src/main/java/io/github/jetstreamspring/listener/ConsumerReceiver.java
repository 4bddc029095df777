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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.Assert;

/**
 * {@link JetStreamReceiver} of one connection. It stops with the first, as those that
 * wait for messages may keep others from stopping, such as a scheduler.
 */
final class ConsumerReceiver implements JetStreamReceiver, SmartLifecycle, DisposableBean {

	private static final Log logger = LogFactory.getLog(ConsumerReceiver.class);

	private static final Duration CALLS_TIMEOUT = Duration.ofSeconds(5);

	private static final DeliveryHandler NOBODY = (delivery, message) -> {
		throw new IllegalStateException("Messages of this consumer are received by hand");
	};

	private final ListenerEnvironment environment;

	private final ReceiverSetup setup;

	private final boolean offline;

	// Guarded by this, as all below
	private final Map<Name, PolledConsumer> consumers = new HashMap<>();

	private final Set<PolledCall<?>> calls = new HashSet<>();

	private boolean stopped;

	ConsumerReceiver(ListenerEnvironment environment, ReceiverSetup setup, boolean offline) {
		this.environment = environment;
		this.setup = setup;
		this.offline = offline;
	}

	@Override
	public <T> Optional<ReceivedMessage<T>> receive(String stream, String consumer, Class<T> type, Duration timeout) {
		return receiveMany(stream, consumer, type, 1, timeout).stream().findFirst();
	}

	@Override
	public <T> List<ReceivedMessage<T>> receiveMany(String stream, String consumer, Class<T> type, int maxMessages,
			Duration timeout) {
		Assert.hasText(stream, "'stream' must not be empty");
		Assert.hasText(consumer, "'consumer' must not be empty");
		Assert.notNull(type, "'type' must not be null");
		Assert.isTrue(maxMessages > 0, () -> "'maxMessages' must be positive, but is " + maxMessages);
		Assert.isTrue(!timeout.isNegative(), () -> "'timeout' must not be negative, but is " + timeout);
		PolledCall<T> call = begin(new Name(stream, consumer),
				new PolledCall.Wanted<>(this.setup.reader(type), maxMessages, timeout));
		try {
			return List.copyOf(call.run());
		}
		finally {
			end(call);
		}
	}

	private <T> PolledCall<T> begin(Name name, PolledCall.Wanted<T> wanted) {
		PolledConsumer known = known(name);
		if (known == null) {
			// Not under the lock, as it asks for beans
			known = new PolledConsumer(this.setup.definition(name.stream(), name.consumer(), NOBODY), this.environment,
					this.offline);
		}
		synchronized (this) {
			Assert.state(!this.stopped,
					() -> "No messages of consumer '%s' can be received, as the application context is stopped"
						.formatted(name.consumer()));
			PolledConsumer consumer = this.consumers.putIfAbsent(name, known);
			PolledCall<T> call = new PolledCall<>((consumer != null) ? consumer : known, wanted);
			this.calls.add(call);
			return call;
		}
	}

	private synchronized @Nullable PolledConsumer known(Name name) {
		return this.consumers.get(name);
	}

	private synchronized void end(PolledCall<?> call) {
		this.calls.remove(call);
	}

	@Override
	public synchronized void start() {
		this.stopped = false;
	}

	@Override
	public synchronized boolean isRunning() {
		return !this.stopped;
	}

	@Override
	public int getPhase() {
		return Integer.MAX_VALUE;
	}

	/**
	 * Ends all waits, and waits until what was received is settled.
	 */
	@Override
	public void stop() {
		List<PolledConsumer> polled;
		synchronized (this) {
			this.stopped = true;
			this.calls.forEach(PolledCall::stop);
			polled = new ArrayList<>(this.consumers.values());
			this.consumers.clear();
		}
		long start = System.nanoTime();
		boolean interrupted = Thread.interrupted() || !awaitCalls(start + CALLS_TIMEOUT.toNanos());
		for (PolledConsumer consumer : polled) {
			interrupted |= !consumer.deliveries().stop(start, interrupted);
		}
		interrupted |= !polled.isEmpty() && !flush();
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	// They may have to take back what they have asked for
	private boolean awaitCalls(long deadlineNanos) {
		try {
			while (isReceiving() && System.nanoTime() - deadlineNanos < 0) {
				TimeUnit.MILLISECONDS.sleep(10);
			}
			return true;
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

	private synchronized boolean isReceiving() {
		return !this.calls.isEmpty();
	}

	// The last acks have to be there before the connection is closed
	private boolean flush() {
		try {
			if (!this.environment.pullConnection().ping(SessionStop.DRAIN_TIMEOUT)) {
				logger.warn(
						"The server doesn't answer, so the last acks of messages that were received by hand may not have reached it");
			}
			return true;
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

	@Override
	public void stop(Runnable callback) {
		try {
			CompletableFuture.runAsync(this::stop, this.environment.executor())
				.whenComplete((result, failure) -> callback.run());
		}
		catch (RejectedExecutionException ex) {
			// All is over
			callback.run();
		}
	}

	@Override
	public void destroy() {
		stop();
	}

	private record Name(String stream, String consumer) {
	}

}
