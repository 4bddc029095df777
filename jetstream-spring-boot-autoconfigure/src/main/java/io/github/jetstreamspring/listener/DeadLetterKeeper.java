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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.jetstreamspring.messaging.Durations;
import org.jspecify.annotations.Nullable;

/**
 * Has dead letters kept by whoever the application has for it, without trust in that: it
 * may take its time, throw anything, or never end.
 */
final class DeadLetterKeeper {

	// Longer than a publisher tries, usually
	private static final Duration MAX_TIMEOUT = Duration.ofSeconds(30);

	private final DeadLetterHandler handler;

	private final WholeMessages wholeMessages;

	private final Duration timeout;

	private final Executor executor;

	private final ScheduledExecutorService scheduler;

	private DeadLetterKeeper(DeadLetterHandler handler, ListenerDefinition definition, ListenerEnvironment environment,
			WholeMessages wholeMessages) {
		this.handler = handler;
		this.wholeMessages = wholeMessages;
		this.timeout = (definition.maxRunTime().compareTo(MAX_TIMEOUT) < 0) ? definition.maxRunTime() : MAX_TIMEOUT;
		this.executor = environment.executor();
		this.scheduler = environment.scheduler();
	}

	/**
	 * Returns what has the dead letters of a listener kept.
	 * @return the keeper, or {@code null} if they are discarded
	 */
	static @Nullable DeadLetterKeeper of(ListenerDefinition definition, ListenerEnvironment environment,
			WholeMessages wholeMessages) {
		DeadLetterHandler handler = environment.deadLetterHandler();
		return (handler != null) ? new DeadLetterKeeper(handler, definition, environment, wholeMessages) : null;
	}

	/**
	 * Has a dead letter kept, by a thread that may wait: the calling one may be the one
	 * that receives the confirmations which that waits for.
	 * @param delivery the delivery of the message
	 * @param outcome why it is given up on
	 * @return completes when it is kept, exceptionally if it isn't
	 */
	CompletableFuture<?> keep(ReceivedDelivery delivery, Outcome.GiveUp outcome) {
		CompletableFuture<Object> kept = new CompletableFuture<>();
		try {
			// One that never completes would keep the message, and its worker's place,
			// for ever
			ScheduledFuture<?> timer = this.scheduler.schedule(
					() -> kept.completeExceptionally(new TimeoutException(
							"the dead-letter handler has not ended within " + Durations.text(this.timeout))),
					this.timeout.toNanos(), TimeUnit.NANOSECONDS);
			kept.whenComplete((result, failure) -> timer.cancel(false));
			this.executor.execute(() -> HandlerStage.follow(() -> handle(delivery, outcome), kept));
		}
		catch (Throwable ex) {
			kept.completeExceptionally(ex);
		}
		return kept;
	}

	private CompletionStage<?> handle(ReceivedDelivery delivery, Outcome.GiveUp outcome) {
		@Nullable CompletionStage<?> stage = this.handler
			.handle(new DeadLetter(delivery, this.wholeMessages.of(delivery), outcome.reason(), outcome.failure()));
		if (stage == null) {
			throw new IllegalStateException(
					"the dead-letter handler (%s) returned null, but has to return a stage that completes when the dead letter is safe"
						.formatted(this.handler.getClass().getName()));
		}
		return stage;
	}

}
