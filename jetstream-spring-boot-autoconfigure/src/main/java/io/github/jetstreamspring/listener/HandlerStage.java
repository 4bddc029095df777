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

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.guard.Guard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The stage of a handler as a future of our own, which completes when the stage says so,
 * fails when it doesn't work, and can always be cancelled.
 */
final class HandlerStage extends CompletableFuture<Object> {

	private static final Log logger = LogFactory.getLog(HandlerStage.class);

	private final CompletionStage<?> stage;

	private HandlerStage(CompletionStage<?> stage) {
		this.stage = stage;
	}

	/**
	 * Returns a future of a stage.
	 * @param stage the stage, which may be anybody's
	 * @return the stage itself if it is a plain future
	 */
	static CompletableFuture<?> of(CompletionStage<?> stage) {
		if (stage.getClass() == CompletableFuture.class) {
			return (CompletableFuture<?>) stage;
		}
		HandlerStage future = new HandlerStage(stage);
		try {
			stage.whenComplete(future::completed);
		}
		catch (Throwable ex) {
			future.completeExceptionally(ex);
		}
		return future;
	}

	/**
	 * Completes a future as a stage does. Its failure is one that other futures can wrap,
	 * which have its text made.
	 * @param stage makes the stage
	 * @param future the future
	 */
	static void follow(Supplier<? extends CompletionStage<?>> stage, CompletableFuture<Object> future) {
		try {
			of(stage.get()).handle((result, failure) -> (failure != null)
					? future.completeExceptionally(Failures.readable(failure)) : future.complete(result));
		}
		catch (Throwable ex) {
			future.completeExceptionally(Failures.readable(ex));
		}
	}

	private void completed(Object result, Throwable failure) {
		if (failure != null) {
			completeExceptionally(failure);
		}
		else {
			complete(result);
		}
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		if (isDone()) {
			return false;
		}
		try {
			this.stage.toCompletableFuture().cancel(mayInterruptIfRunning);
		}
		catch (Throwable ex) {
			// Whoever cancels it has a message to settle, and others to cancel
			Guard.log(logger, () -> "What a handler waits for can't be cancelled", ex);
		}
		completeExceptionally(new CancellationException());
		return true;
	}

}
