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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.jetstreamspring.guard.Guard;
import io.nats.client.Connection;
import io.nats.client.Message;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells the server what became of deliveries: acks of all kinds. A delivery whose stream
 * is gone has nobody to be told.
 */
final class Acks {

	private static final Log logger = LogFactory.getLog(Acks.class);

	private static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(2);

	// A consumer has no leader for up to nine seconds when its server has died
	private static final long CONFIRM_PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

	// The server says at once that the consumer has no leader
	private static final long CONFIRM_PAUSE_MILLIS = 100;

	private static final byte[] ACK = "+ACK".getBytes(StandardCharsets.US_ASCII);

	private final String listener;

	private final Connection connection;

	private final DeliveryLimits limits;

	private final ScheduledExecutorService scheduler;

	private final RecentAcks recent = new RecentAcks();

	/**
	 * Creates acks.
	 * @param listener the listener's id
	 * @param connection the connection
	 * @param limits tell what the server makes of the delay of a nak
	 * @param scheduler asks again for what is not confirmed
	 */
	Acks(String listener, Connection connection, DeliveryLimits limits, ScheduledExecutorService scheduler) {
		this.listener = listener;
		this.connection = connection;
		this.limits = limits;
		this.scheduler = scheduler;
	}

	/**
	 * Returns those that nobody has confirmed.
	 */
	RecentAcks recent() {
		return this.recent;
	}

	/**
	 * Sends those again that nobody has confirmed.
	 * @return whether that is to be tried once more, as the client didn't take all of
	 * them
	 */
	boolean repeat() {
		try {
			int count = this.recent.repeat(this.connection::publish);
			logger.debug("Listener '%s': sent the last %d ack(s) once more, as some may have reached nobody"
				.formatted(this.listener, count));
			return false;
		}
		catch (RuntimeException ex) {
			logger.debug("Listener '%s': the last acks could not be sent once more; that is tried again"
				.formatted(this.listener), ex);
			return true;
		}
	}

	void ack(ReceivedDelivery delivery) {
		int epoch = this.recent.epoch();
		if (send(delivery, "ack", Message::ack)) {
			remember(epoch, delivery, ACK);
		}
	}

	private void remember(int epoch, ReceivedDelivery delivery, byte[] body) {
		// What is redriven is another consumer's
		if (delivery.origin().redriven() == null) {
			this.recent.sent(epoch, delivery.message().getReplyTo(), body);
		}
	}

	/**
	 * Acks, and waits for the server to confirm it.
	 * @param delivery the delivery
	 * @return completes with whether the server has confirmed it, after several attempts
	 * if need be; exceptionally if nobody could ask it
	 */
	CompletableFuture<Boolean> ackConfirmed(ReceivedDelivery delivery) {
		CompletableFuture<Boolean> confirmed = new CompletableFuture<>();
		if (delivery.isDisowned()) {
			confirmed.complete(true);
		}
		else {
			confirm(delivery, System.nanoTime() + CONFIRM_PATIENCE_NANOS, confirmed);
		}
		return confirmed;
	}

	private void confirm(ReceivedDelivery delivery, long deadline, CompletableFuture<Boolean> confirmed) {
		request(delivery).whenComplete((confirmation, problem) -> {
			try {
				if (problem != null && System.nanoTime() - deadline < 0 && !delivery.isDisowned()
						&& this.connection.getStatus() != Connection.Status.CLOSED) {
					this.scheduler.schedule(() -> confirm(delivery, deadline, confirmed), CONFIRM_PAUSE_MILLIS,
							TimeUnit.MILLISECONDS);
				}
				else {
					confirmed.complete(problem == null);
				}
			}
			catch (RejectedExecutionException ex) {
				// All is about to end
				confirmed.complete(false);
			}
			catch (Throwable ex) {
				confirmed.completeExceptionally(ex);
			}
		});
	}

	private CompletableFuture<Message> request(ReceivedDelivery delivery) {
		try {
			return this.connection.requestWithTimeout(delivery.message().getReplyTo(), ACK, CONFIRM_TIMEOUT);
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Has a message delivered again.
	 * @param delivery the delivery
	 * @param delay how long that is to take at least
	 */
	void nak(ReceivedDelivery delivery, Duration delay) {
		// Before it can come again
		delivery.returning();
		send(delivery, "nak", (message) -> {
			if (delay.isZero()) {
				message.nak();
			}
			else {
				message.nakWithDelay(this.limits.nakDelay(delivery, delay));
			}
		});
	}

	/**
	 * Has a message delivered no more, and tells whoever waits for a reply to it.
	 * @param delivery the delivery
	 * @param answer why, as far as that may leave the application: the server tells it to
	 * whoever listens to its advisories
	 */
	void terminate(ReceivedDelivery delivery, String answer) {
		// jnats has no method that carries a reason; the server takes one since 2.10.4
		byte[] term = ("+TERM " + HeaderText.of(answer)).getBytes(StandardCharsets.UTF_8);
		int epoch = this.recent.epoch();
		if (send(delivery, "term", (message) -> this.connection.publish(message.getReplyTo(), term))) {
			remember(epoch, delivery, term);
		}
		try {
			FailureReply.send(this.connection, delivery, answer);
		}
		catch (Throwable ex) {
			// The message is settled, whoever waits for a reply
			Guard.log(logger, () -> "Listener '%s': the caller of request %s could not be told that it is given up on"
				.formatted(this.listener, delivery), ex);
		}
	}

	// Whether the server is to know, even if it can't be told now
	private boolean send(ReceivedDelivery delivery, String verb, Consumer<Message> action) {
		if (delivery.isDisowned()) {
			return false;
		}
		try {
			action.accept(delivery.message());
			return true;
		}
		catch (Error ex) {
			Guard.log(logger,
					() -> "Listener '%s': the %s of message %s could not be sent; the server delivers it again"
						.formatted(this.listener, verb, delivery),
					ex);
		}
		catch (RuntimeException ex) {
			// Closed for good, or the buffer for the time of a reconnect is full: an ack
			// is
			// sent when the connection is back
			logger.warn("Listener '%s': the %s of message %s could not be sent; the server delivers it again: %s"
				.formatted(this.listener, verb, delivery, ex));
			return true;
		}
		return false;
	}

}
