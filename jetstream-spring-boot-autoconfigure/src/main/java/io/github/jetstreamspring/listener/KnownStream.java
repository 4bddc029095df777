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
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.jetstreamspring.guard.Failures;
import io.nats.client.api.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * A stream as it was when it was looked at last. Looked at seldom, and hardly ever in
 * vain: who may not look at it waits for an answer that doesn't come. So that is done by
 * a thread of its own, and nobody waits for it a second time until there is an answer.
 */
final class KnownStream {

	private static final Duration MAX_AGE = Duration.ofSeconds(30);

	private static final int MAX_DOUBLINGS = 5;

	// The client gives up before
	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final String name;

	private final Callable<StreamInfo> request;

	private final Executor executor;

	private volatile @Nullable StreamInfo info;

	private volatile @Nullable Look last;

	private volatile @Nullable ServerTime time;

	// Guarded by this, as all below
	private @Nullable CompletableFuture<Look> running;

	private int failures;

	/**
	 * Creates a stream that nothing is known of.
	 * @param name its name
	 * @param request asks the server for it
	 * @param executor asks
	 */
	KnownStream(String name, Callable<StreamInfo> request, Executor executor) {
		this.name = name;
		this.request = request;
		this.executor = executor;
	}

	/**
	 * Returns the stream, as old as it may be.
	 * @throws IllegalStateException if it can't be looked at
	 */
	StreamInfo get() {
		StreamInfo known = this.info;
		return (known != null) ? known : getRecent();
	}

	/**
	 * Returns the stream as it is, or was half a minute ago.
	 * @throws IllegalStateException if it can't be looked at
	 */
	StreamInfo getRecent() {
		Look look = this.last;
		if (look == null || look.isOld()) {
			CompletableFuture<Look> next = lookAgain();
			if (look == null || look.info() != null) {
				look = await(next);
			}
		}
		return look.found();
	}

	/**
	 * Returns what time it is on the server, however wrong the clock of this machine is.
	 * Without an answer to tell by, that clock has to do.
	 */
	Instant serverTime() {
		ServerTime known = this.time;
		return (known != null) ? known.then.plusNanos(System.nanoTime() - known.nanos) : Instant.now();
	}

	private synchronized CompletableFuture<Look> lookAgain() {
		Look look = this.last;
		if (this.running != null) {
			return this.running;
		}
		if (look != null && !look.isOld()) {
			return CompletableFuture.completedFuture(look);
		}
		CompletableFuture<Look> next = new CompletableFuture<>();
		this.running = next;
		try {
			this.executor.execute(() -> next.complete(ask()));
		}
		catch (RejectedExecutionException ex) {
			this.running = null;
			next.complete(failed("the application ends"));
		}
		return next;
	}

	private Look ask() {
		Look look;
		try {
			StreamInfo found = this.request.call();
			if (found.getTimestamp() != null) {
				this.time = new ServerTime(found.getTimestamp().toInstant(), System.nanoTime());
			}
			look = new Look(found, "", System.nanoTime() + MAX_AGE.toNanos());
		}
		catch (Throwable ex) {
			look = failed(Failures.describe(ex));
		}
		synchronized (this) {
			this.running = null;
			this.failures = (look.info() != null) ? 0 : Math.min(this.failures + 1, MAX_DOUBLINGS);
			this.last = look;
			this.info = (look.info() != null) ? look.info() : this.info;
		}
		return look;
	}

	private Look failed(String why) {
		int doublings;
		synchronized (this) {
			doublings = this.failures;
		}
		return new Look(null,
				"stream '%s' can't be looked at (%s); the user of the connection needs permission for $JS.API.STREAM.INFO.%s"
					.formatted(this.name, why, this.name),
				System.nanoTime() + (MAX_AGE.toNanos() << doublings));
	}

	private Look await(CompletableFuture<Look> next) {
		try {
			return next.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return failed("interrupted");
		}
		catch (ExecutionException | TimeoutException ex) {
			return failed("it takes too long");
		}
	}

	/**
	 * When the server has answered.
	 *
	 * @param then by its clock
	 * @param nanos by the {@link System#nanoTime()} of this machine, which nobody sets
	 */
	private record ServerTime(Instant then, long nanos) {
	}

	/**
	 * A look at the stream.
	 *
	 * @param info what it was like, or {@code null}
	 * @param problem why that isn't known
	 * @param endNanos until when that is recent
	 */
	private record Look(@Nullable StreamInfo info, String problem, long endNanos) {

		boolean isOld() {
			return System.nanoTime() - this.endNanos > 0;
		}

		StreamInfo found() {
			if (this.info == null) {
				throw new IllegalStateException(this.problem);
			}
			return this.info;
		}

	}

}
