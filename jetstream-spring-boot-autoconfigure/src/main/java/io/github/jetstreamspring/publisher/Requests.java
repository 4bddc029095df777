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

package io.github.jetstreamspring.publisher;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.guard.GuardedScheduler;
import io.github.jetstreamspring.guard.RepeatedTask;
import io.github.jetstreamspring.messaging.ConversionFailure;
import io.github.jetstreamspring.messaging.Durations;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.messaging.RestoredMessage;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.Assert;

/**
 * Requests that wait for their replies. These come to an inbox of their own, opened with
 * the first request, because a stream keeps no reply subject of a message.
 */
final class Requests {

	private static final Duration GRACE = Duration.ofSeconds(1);

	// What is replied while nobody listens is lost
	private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);

	private final MessageConverter converter;

	private final Map<String, Waiting<?>> waiting = new ConcurrentHashMap<>();

	private final AtomicLong tokens = new AtomicLong();

	private final AnswerInbox inbox;

	private final GuardedScheduler scheduler;

	// Guarded by this; null before the first request
	private @Nullable RepeatedTask watch;

	private volatile boolean closed;

	/**
	 * Creates an object without requests.
	 * @param connection the connection
	 * @param converter reads replies
	 * @param scheduler looks whether replies are received
	 */
	Requests(Connection connection, MessageConverter converter, GuardedScheduler scheduler) {
		this.converter = converter;
		this.scheduler = scheduler;
		this.inbox = new AnswerInbox(connection, "replies", this::onReply);
	}

	/**
	 * Prepares to wait for a reply.
	 */
	<T> Waiting<T> open(@Nullable String subject, Class<T> type, Duration timeout) {
		Assert.isTrue(Durations.isTimeout(timeout),
				() -> "The timeout of a request must be positive and at most 100 years, but is "
						+ Durations.text(timeout));
		listen();
		String token = Long.toString(this.tokens.incrementAndGet(), Character.MAX_RADIX);
		Waiting<T> opened = new Waiting<>(this.inbox.prefix() + token, String.valueOf(subject), type, timeout);
		this.waiting.put(token, opened);
		opened.future().whenComplete((reply, failure) -> this.waiting.remove(token));
		// Looked at after the request is in the map: close() sees it there, or it sees
		// this
		if (this.closed) {
			opened.closed();
		}
		return opened;
	}

	/**
	 * Waits for a reply, which fails by itself when it takes too long, unless the heap is
	 * full just then.
	 */
	static <T> @Nullable T await(CompletableFuture<@Nullable T> future, String subject, Duration timeout) {
		try {
			return future.get(timeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			future.cancel(false);
			throw new RequestTimeoutException(subject, timeout, null);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			future.cancel(false);
			throw new JetStreamException("Interrupted while a request waited for its reply; it may still be handled",
					ex);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof RuntimeException failure) {
				throw failure;
			}
			throw new IllegalStateException(ex.getCause());
		}
	}

	/**
	 * Ends the wait of all.
	 */
	void close() {
		this.closed = true;
		for (Waiting<?> each : this.waiting.values()) {
			each.closed();
		}
		synchronized (this) {
			if (this.watch != null) {
				this.watch.cancel();
			}
		}
		this.inbox.close();
	}

	private void listen() {
		this.inbox.listen();
		synchronized (this) {
			if (this.watch == null && !this.closed) {
				this.watch = new RepeatedTask(this.scheduler, LOOK_INTERVAL, this.inbox::listen);
			}
		}
	}

	/**
	 * Refuses to wait on the thread that brings the replies.
	 */
	void checkMayWait() {
		Assert.state(!this.inbox
			.isOwnThread(), "This thread brings the replies to all requests and must not wait for anything."
					+ " In what depends on requestAsync(), use whenCompleteAsync() or another of the Async methods");
	}

	private void onReply(Message reply) {
		Waiting<?> request = this.waiting.get(this.inbox.token(reply));
		// Else it is the reply of a second run, or too late
		if (request != null) {
			request.replied(RestoredMessage.of(reply), this.converter);
		}
	}

	/**
	 * A request that waits for its reply.
	 *
	 * @param <T> the type of the reply
	 */
	static final class Waiting<T> {

		private final String address;

		private final String subject;

		private final Class<T> type;

		private final CompletableFuture<@Nullable T> future = new CompletableFuture<>();

		private volatile @Nullable PublishResult stored;

		Waiting(String address, String subject, Class<T> type, Duration timeout) {
			this.address = address;
			this.subject = subject;
			this.type = type;
			CompletableFuture<Void> timer = new CompletableFuture<Void>().orTimeout(timeout.toMillis(),
					TimeUnit.MILLISECONDS);
			timer.exceptionally((timedOut) -> {
				this.future.completeExceptionally(new RequestTimeoutException(this.subject, timeout, this.stored));
				return null;
			});
			this.future.whenComplete((reply, failure) -> timer.complete(null));
		}

		String address() {
			return this.address;
		}

		CompletableFuture<@Nullable T> future() {
			return this.future;
		}

		/**
		 * The request is on its way.
		 * @param published completes when it is stored
		 * @return the reply
		 */
		CompletableFuture<@Nullable T> sent(CompletableFuture<PublishResult> published) {
			published.whenComplete((result, failure) -> {
				this.stored = result;
				if (failure != null) {
					this.future.completeExceptionally(failure);
				}
			});
			return this.future;
		}

		void closed() {
			this.future.completeExceptionally(new JetStreamException(
					"A request to subject '%s' waited for its reply when the publisher was closed; it may still be handled"
						.formatted(this.subject),
					null));
		}

		void replied(Message reply, MessageConverter converter) {
			if (reply.isStatusMessage()) {
				this.future.completeExceptionally(
						new JetStreamException("The reply to a request to subject '%s' is no result, but the status %s"
							.formatted(this.subject, reply.getStatus().getMessageWithCode()), null));
				return;
			}
			Headers headers = reply.getHeaders();
			String status = (headers != null) ? headers.getFirst(JetStreamHeaders.REPLY_STATUS) : null;
			if (JetStreamHeaders.REPLY_FAILED.equals(status)) {
				this.future.completeExceptionally(
						new RequestFailedException(this.subject, headers.getFirst(JetStreamHeaders.REPLY_ERROR)));
			}
			else if (JetStreamHeaders.REPLY_NONE.equals(status) || this.type == Void.class) {
				this.future.complete(null);
			}
			else {
				read(reply, converter);
			}
		}

		private void read(Message reply, MessageConverter converter) {
			try {
				Object result = converter.fromMessage(new GenericMessage<>(reply.getData()), this.type);
				if (this.type.isInstance(result)) {
					this.future.complete(this.type.cast(result));
				}
				else {
					unreadable("the message converter makes no such object of it", null);
				}
			}
			catch (Throwable thrown) {
				Throwable ex = Failures.readable(thrown);
				unreadable(ConversionFailure.describe(ex, this.type.getName()), ConversionFailure.withoutText(ex));
			}
		}

		private void unreadable(String why, @Nullable Throwable cause) {
			this.future.completeExceptionally(
					new JetStreamException("A request to subject '%s' is handled, but its reply can't be read as %s: %s"
						.formatted(this.subject, this.type.getName(), why), cause));
		}

	}

}
