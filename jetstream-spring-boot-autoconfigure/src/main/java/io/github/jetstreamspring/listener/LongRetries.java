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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import io.github.jetstreamspring.messaging.RestoredMessage;
import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishTimeoutException;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.NatsMessage;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Lets messages wait for a far attempt as schedules of their stream. One that waits for a
 * delayed nak instead keeps its place among those that the consumer may have out.
 */
final class LongRetries {

	private static final Log logger = LogFactory.getLog(LongRetries.class);

	private static final String TTL = "Nats-TTL";

	private final Duration scheduleAfter;

	private final JetStreamTemplate template;

	private final ExecutorService executor;

	private final RetrySeals seals;

	private final WholeMessages wholeMessages;

	private final String listener;

	// Whether it is said that the stream can't be looked at
	private final AtomicBoolean unknown = new AtomicBoolean();

	private LongRetries(ListenerDefinition definition, ListenerEnvironment environment, JetStreamTemplate template,
			RetrySeals seals, WholeMessages wholeMessages) {
		this.seals = seals;
		this.wholeMessages = wholeMessages;
		this.listener = definition.id();
		this.scheduleAfter = definition.scheduleRetriesAfter();
		this.template = template;
		this.executor = environment.executor();
	}

	/**
	 * Returns what a listener needs, or {@code null} if its retries stay with its
	 * consumer: a schedule gives up the message's place, which an order depends on.
	 */
	static @Nullable LongRetries of(ListenerDefinition definition, ListenerEnvironment environment, RetrySeals seals,
			WholeMessages wholeMessages) {
		JetStreamTemplate template = environment.template();
		boolean possible = template != null && definition.orderedBy() == null && !definition.exclusive()
				&& definition.handler() instanceof DeliveryHandler;
		return (possible && template != null) ? new LongRetries(definition, environment, template, seals, wholeMessages)
				: null;
	}

	boolean isFor(ReceivedDelivery delivery, Duration delay) {
		return delay.compareTo(this.scheduleAfter) > 0 && isStorable(delivery);
	}

	/**
	 * Returns whether a message can wait as a schedule for its dead letter to be stored.
	 * One whose dead letter may be stored already, unconfirmed, can't: as another message
	 * it would have a second one.
	 */
	boolean isFor(ReceivedDelivery delivery, Throwable problem) {
		return !(problem instanceof PublishTimeoutException || problem instanceof TimeoutException)
				&& isStorable(delivery) && RestoredMessage.fault(delivery.message()) == null;
	}

	// What is redriven has a lane that others of its stream don't see. The time to live
	// would start again with each attempt, and a payload that did not
	// come would be lost
	private boolean isStorable(ReceivedDelivery delivery) {
		return !delivery.isDisowned() && delivery.origin().redriven() == null && !delivery.headers().containsKey(TTL)
				&& !this.wholeMessages.mayLackPayload(delivery.message());
	}

	/**
	 * Returns whether a message that a stream delivers once more reaches nobody but the
	 * consumer that had it, which keeps it from others of its stream.
	 */
	static boolean areIn(StreamConfiguration stream) {
		boolean copied = stream.getMirror() != null || stream.getSubjectTransform() != null
				|| (stream.getSources() != null && !stream.getSources().isEmpty());
		return stream.getRetentionPolicy() == RetentionPolicy.WorkQueue && stream.getAllowMsgSchedules() && !copied
				&& ScheduleSubjects.isAmong(stream.getSubjects(), stream.getName());
	}

	/**
	 * Stores a message for its next attempt.
	 * @param delivery the delivery, which is to be removed from its queue afterwards
	 * @param delay the time until the next attempt
	 * @param givenUp why it is given up on, {@code null} if it is to be handled again
	 * @return completes when that is done, with {@code false} if the stream isn't one for
	 * it; completes exceptionally if it may not be stored
	 */
	CompletionStage<Boolean> store(ReceivedDelivery delivery, Duration delay, @Nullable String givenUp) {
		long start = System.nanoTime();
		try {
			return CompletableFuture.supplyAsync(() -> tryStore(delivery, delay, start, givenUp), this.executor)
				.thenCompose(Function.identity());
		}
		catch (RejectedExecutionException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private CompletionStage<Boolean> tryStore(ReceivedDelivery delivery, Duration delay, long start,
			@Nullable String givenUp) {
		if (!isPossible()) {
			return CompletableFuture.completedFuture(false);
		}
		// By the server's clock, as it is the server who waits
		Instant due = this.seals.stream().serverTime().plus(delay).minusNanos(System.nanoTime() - start);
		NatsMessage message = new NatsMessage(delivery.subject(), null, this.seals.seal(delivery, givenUp),
				delivery.message().getData());
		return this.template.sendAt(message, due, this.seals.subject(delivery)).thenApply((result) -> true);
	}

	private boolean isPossible() {
		try {
			boolean possible = areIn(this.seals.stream().getRecent().getConfiguration());
			this.unknown.set(false);
			return possible;
		}
		catch (IllegalStateException ex) {
			if (this.unknown.compareAndSet(false, true)) {
				logger.warn(
						"Listener '%s': messages that wait long for their next attempt wait as some of max-ack-pending, not as schedules, as long as %s"
							.formatted(this.listener, ex.getMessage()));
			}
			return false;
		}
	}

}
