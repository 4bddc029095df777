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
import io.github.jetstreamspring.messaging.ConversionFailure;
import io.github.jetstreamspring.messaging.Durations;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.messaging.RestoredMessage;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.Assert;

/**
 * Requests that wait for their replies. These come to an inbox of its own, opened with
 * the first request, because a stream keeps no reply subject of a message.
 */
final class Requests {

	private static final Duration GRACE = Duration.ofSeconds(1);

	private final Connection connection;

	private final MessageConverter converter;

	private final Map<String, Waiting<?>> waiting = new ConcurrentHashMap<>();

	private final AtomicLong tokens = new AtomicLong();

	// Guarded by this
	private @Nullable Dispatcher dispatcher;

	private final String inbox;

	private volatile @Nullable Thread receiver;

	private volatile boolean closed;

	Requests(Connection connection, MessageConverter converter) {
		this.connection = connection;
		this.converter = converter;
		this.inbox = connection.createInbox() + ".";
	}

	/**
	 * Prepares to wait for a reply.
	 */
	<T> Waiting<T> open(@Nullable String subject, Class<T> type, Duration timeout) {
		Assert.isTrue(Durations.isTimeout(timeout),
				() -> "The timeout of a request must be positive, and 100 years at the most, but is "
						+ Durations.text(timeout));
		listen();
		String token = Long.toString(this.tokens.incrementAndGet(), Character.MAX_RADIX);
		Waiting<T> opened = new Waiting<>(this.inbox + token, String.valueOf(subject), type, timeout);
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
		this.waiting.values().forEach(Waiting::closed);
		synchronized (this) {
			if (this.dispatcher != null) {
				AnswerInbox.close(this.connection, this.dispatcher);
			}
		}
	}

	private synchronized void listen() {
		if ((this.dispatcher == null || !this.dispatcher.isActive()) && !this.closed) {
			Dispatcher created = this.connection.createDispatcher();
			// A reply that is dropped would look like one that was never given
			created.setPendingLimits(-1, -1);
			created.subscribe(this.inbox + "*", this::onReply);
			this.dispatcher = created;
		}
	}

	/**
	 * Refuses to wait on the thread that brings the replies.
	 */
	void checkMayWait() {
		Assert.state(Thread.currentThread() != this.receiver,
				"This thread brings the replies to all requests and must not wait for anything."
						+ " In what depends on requestAsync(), use whenCompleteAsync() or another of the Async methods");
	}

	private void onReply(Message reply) {
		this.receiver = Thread.currentThread();
		Waiting<?> request = this.waiting.get(reply.getSubject().substring(this.inbox.length()));
		// Else it is the reply of a second run, or too late
		try {
			if (request != null) {
				request.replied(RestoredMessage.of(reply), this.converter);
			}
		}
		finally {
			// Left behind by a converter or by what depends on the reply: the client
			// takes it
			// for the end of this thread
			Thread.interrupted();
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
