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

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.RetryHeaders;
import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.jspecify.annotations.Nullable;

/**
 * Lets messages wait for a far attempt as schedules of their stream. One that waits for a
 * delayed nak instead keeps its place among those that the consumer may have out.
 */
final class LongRetries {

	private static final Duration MAX_AGE = Duration.ofSeconds(30);

	private static final String RESERVED = "Nats-";

	private static final String TTL = "Nats-TTL";

	private final String streamName;

	private final String consumer;

	private final Duration scheduleAfter;

	private final Connection connection;

	private final JetStreamTemplate template;

	private final ExecutorService executor;

	private volatile @Nullable Known known;

	private LongRetries(ListenerDefinition definition, ListenerEnvironment environment, JetStreamTemplate template) {
		this.streamName = definition.stream();
		this.consumer = definition.consumer();
		this.scheduleAfter = definition.scheduleRetriesAfter();
		this.connection = environment.connection();
		this.template = template;
		this.executor = environment.executor();
	}

	/**
	 * Returns what a listener needs, or {@code null} if its retries stay with its
	 * consumer: a schedule gives up the message's place, which an order depends on.
	 */
	static @Nullable LongRetries of(ListenerDefinition definition, ListenerEnvironment environment) {
		JetStreamTemplate template = environment.template();
		boolean possible = template != null && definition.orderedBy() == null && !definition.exclusive()
				&& definition.handler() instanceof DeliveryHandler;
		return (possible && template != null) ? new LongRetries(definition, environment, template) : null;
	}

	boolean isFor(ReceivedDelivery delivery, Duration delay) {
		// The time to live would begin anew with each attempt, and a payload that did not
		// come would be lost
		return delay.compareTo(this.scheduleAfter) > 0 && !delivery.isDisowned() && !delivery.headers().containsKey(TTL)
				&& !WholeMessages.isWithoutPayload(delivery.message());
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
	 * @return completes when that is done, with {@code false} if the stream isn't one for
	 * it; completes exceptionally if it may not be stored
	 */
	CompletionStage<Boolean> store(ReceivedDelivery delivery, Duration delay) {
		Instant due = Instant.now().plus(delay);
		try {
			return CompletableFuture.supplyAsync(() -> tryStore(delivery, due), this.executor)
				.thenCompose(Function.identity());
		}
		catch (RejectedExecutionException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private CompletionStage<Boolean> tryStore(ReceivedDelivery delivery, Instant due) {
		if (!areIn(stream())) {
			return CompletableFuture.completedFuture(false);
		}
		long sequence = delivery.firstSequence();
		// The same for all attempts: two schedules would be two messages
		String subject = ScheduleSubjects.retry(this.streamName, this.consumer, sequence);
		NatsMessage message = new NatsMessage(delivery.subject(), null, headers(delivery, sequence),
				delivery.message().getData());
		return this.template.sendAt(message, due, subject).thenApply((result) -> true);
	}

	private static Headers headers(ReceivedDelivery delivery, long sequence) {
		HeaderFields headers = new HeaderFields();
		delivery.headers().forEach((name, values) -> {
			if (!name.regionMatches(true, 0, RESERVED, 0, RESERVED.length())) {
				headers.put(name, values);
			}
		});
		headers.put(RetryHeaders.ATTEMPTS, Long.toString(delivery.attempt()));
		headers.put(RetryHeaders.SEQUENCE, Long.toString(sequence));
		return headers.toHeaders();
	}

	private StreamConfiguration stream() {
		Known last = this.known;
		if (last == null || System.nanoTime() - last.nanos() > MAX_AGE.toNanos()) {
			try {
				last = new Known(
						this.connection.jetStreamManagement().getStreamInfo(this.streamName).getConfiguration(),
						System.nanoTime());
			}
			catch (IOException | JetStreamApiException ex) {
				throw new IllegalStateException(
						"stream '%s' can't be looked at: %s".formatted(this.streamName, ex.getMessage()), ex);
			}
			this.known = last;
		}
		return last.stream();
	}

	/**
	 * The stream, as it was a moment ago.
	 *
	 * @param stream the stream's configuration
	 * @param nanos when it was asked for
	 */
	private record Known(StreamConfiguration stream, long nanos) {
	}

}
