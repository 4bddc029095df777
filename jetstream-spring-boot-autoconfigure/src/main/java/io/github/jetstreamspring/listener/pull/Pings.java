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

package io.github.jetstreamspring.listener.pull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import io.nats.client.Connection;
import io.nats.client.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Pings the server of a connection, with one ping out at a time. The client closes its
 * own connection when there are more than {@code max-pings-out}, which is two with those
 * of its own, and to drain a subscription is to ping: several listeners that stop at once
 * would lose the connection of all.
 */
final class Pings {

	// By then the client's own pings have told a dead server
	private static final Duration PATIENCE = Duration.ofMinutes(1);

	// How long others may be before, if all of theirs are answered: many listeners on a
	// distant server
	private static final long MAX_QUEUE_NANOS = Duration.ofSeconds(10).toNanos();

	private static final long LOOK_NANOS = Duration.ofMillis(50).toNanos();

	private final Connection connection;

	private final Executor executor;

	// Held as long as a ping is out, however long somebody waits for it
	private final Semaphore turn = new Semaphore(1, true);

	private volatile long sentNanos;

	// The answer to the ping that waits for its turn, empty if it isn't sent after all
	private final AtomicReference<@Nullable CompletableFuture<Optional<Boolean>>> unsent = new AtomicReference<>();

	/**
	 * Creates what pings.
	 * @param connection the connection
	 * @param executor waits for the answers
	 */
	Pings(Connection connection, Executor executor) {
		this.connection = connection;
		this.executor = executor;
	}

	/**
	 * Pings the server. Those who come before the ping is sent share it.
	 * @param timeout how long it may take to answer
	 * @return whether it has answered in time
	 * @throws InterruptedException if the calling thread is interrupted
	 */
	boolean ping(Duration timeout) throws InterruptedException {
		CompletableFuture<Optional<Boolean>> shared = new CompletableFuture<>();
		CompletableFuture<Optional<Boolean>> others = this.unsent.compareAndExchange(null, shared);
		if (others == null) {
			return ping(timeout, shared);
		}
		try {
			Optional<Boolean> answered = others.get();
			// Whoever was to send it may have been interrupted
			return answered.isPresent() ? answered.get() : ping(timeout);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private boolean ping(Duration timeout, CompletableFuture<Optional<Boolean>> shared) throws InterruptedException {
		Optional<Boolean> answered = Optional.empty();
		try {
			answered = Optional.of(send(timeout, () -> {
				this.unsent.compareAndSet(shared, null);
				this.connection.flush(PATIENCE);
				return CompletableFuture.completedFuture(true);
			}));
			return answered.get();
		}
		finally {
			this.unsent.compareAndSet(shared, null);
			shared.complete(answered);
		}
	}

	/**
	 * Ends a subscription on the server, and waits until what the server has sent before
	 * has been taken from it.
	 * @param subscription the subscription, from which somebody takes messages
	 * @param timeout how long that may take, once it is its turn
	 * @return whether all of it has come and was taken; if not, the subscription may
	 * still be open
	 * @throws InterruptedException if the calling thread is interrupted
	 */
	boolean drain(Subscription subscription, Duration timeout) throws InterruptedException {
		return send(timeout, () -> subscription.drain(PATIENCE));
	}

	private boolean send(Duration timeout, Ping ping) throws InterruptedException {
		if (!awaitTurn(timeout)) {
			return false;
		}
		this.sentNanos = System.nanoTime();
		CompletableFuture<CompletableFuture<Boolean>> sent = new CompletableFuture<>();
		try {
			// By another thread: one that is interrupted sends nothing
			this.executor.execute(() -> send(ping, sent));
		}
		catch (Throwable ex) {
			// It has no thread any more, or none can be made
			this.turn.release();
			return false;
		}
		try {
			return sent.thenCompose((result) -> result).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			return false;
		}
	}

	private void send(Ping ping, CompletableFuture<CompletableFuture<Boolean>> sent) {
		try {
			sent.complete(ping.send());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			sent.completeExceptionally(ex);
		}
		catch (Throwable ex) {
			// Without a connection nobody answers
			sent.completeExceptionally(ex);
		}
		finally {
			this.turn.release();
		}
	}

	/**
	 * Waits as long as those before get their answers: when one doesn't get it in time,
	 * the next one wouldn't either.
	 */
	private boolean awaitTurn(Duration timeout) throws InterruptedException {
		long start = System.nanoTime();
		long wait = LOOK_NANOS;
		while (!this.turn.tryAcquire(wait, TimeUnit.NANOSECONDS)) {
			long now = System.nanoTime();
			long left = timeout.toNanos() - (now - this.sentNanos);
			if (left < 0 || now - start > MAX_QUEUE_NANOS) {
				return false;
			}
			// Many may wait, and should leave the processors to those whose turn it is
			wait = left + LOOK_NANOS;
		}
		return true;
	}

	/**
	 * Sends a ping and waits for its answer.
	 */
	@FunctionalInterface
	private interface Ping {

		/**
		 * Sends the ping and waits for its answer.
		 * @return completes when there is nothing more to wait for
		 */
		CompletableFuture<Boolean> send() throws InterruptedException, TimeoutException;

	}

}
