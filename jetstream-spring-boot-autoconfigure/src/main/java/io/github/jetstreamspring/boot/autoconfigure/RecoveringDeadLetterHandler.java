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

package io.github.jetstreamspring.boot.autoconfigure;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import io.github.jetstreamspring.listener.DeadLetter;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.publisher.NoStreamException;
import org.jspecify.annotations.Nullable;

/**
 * Declares the stream for dead letters again when somebody has deleted it, and then tries
 * once more. Without a listener of its own nobody else would miss it.
 */
final class RecoveringDeadLetterHandler implements DeadLetterHandler {

	// The server is asked, which the thread that brings confirmations must not wait for
	private final DeadLetterHandler delegate;

	private final Runnable recovery;

	RecoveringDeadLetterHandler(DeadLetterHandler delegate, Runnable recovery) {
		this.delegate = delegate;
		this.recovery = recovery;
	}

	@Override
	public CompletionStage<?> handle(DeadLetter deadLetter) {
		return attempt(deadLetter).exceptionallyCompose((failure) -> {
			if (!isGone(failure)) {
				return CompletableFuture.failedFuture(failure);
			}
			return CompletableFuture.runAsync(this.recovery, RecoveringDeadLetterHandler::start)
				.thenCompose((declared) -> attempt(deadLetter));
		});
	}

	private CompletionStage<@Nullable Object> attempt(DeadLetter deadLetter) {
		return this.delegate.handle(deadLetter).thenApply((stored) -> stored);
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "jetstream-dead-letter-recovery");
		thread.setDaemon(true);
		thread.start();
	}

	private static boolean isGone(Throwable failure) {
		return failure instanceof NoStreamException
				|| (failure instanceof CompletionException && failure.getCause() instanceof NoStreamException);
	}

}
