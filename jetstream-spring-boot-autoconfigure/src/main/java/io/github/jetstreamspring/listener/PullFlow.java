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
import java.util.function.Consumer;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.MessageHandler;
import io.nats.client.Subscription;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.support.Status;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server for messages, as many as the credit allows, and notices when it doesn't
 * answer.
 * <p>
 * The requests are this class's own, on a plain subscription: the client's pull
 * subscriptions keep the status messages to themselves that say how much of a request was
 * not filled, and why.
 */
final class PullFlow {

	// Three heartbeats: a request that is lost with a leader that goes is made again
	// within two seconds, and a pause of a second is no reason to suspect anybody
	private static final long SILENCE_NANOS = Duration.ofMillis(1500).toNanos();

	private static final int CONFLICT = 409;

	private static final int REQUEST_TIMEOUT = 408;

	private final Connection connection;

	private final String nextSubject;

	private final Credit credit;

	private final Consumer<Message> sink;

	private final Events events;

	private final Dispatcher dispatcher;

	private final PinnedClient pin;

	private volatile PullRequests requests;

	private volatile @Nullable Inbox inbox;

	// Touched by open() and lost() alone, which their caller keeps apart
	private @Nullable Inbox previousInbox;

	private volatile long heardNanos;

	private volatile boolean open;

	PullFlow(Connection connection, String stream, String consumer, ConsumerConfiguration configuration, Credit credit,
			Consumer<Message> sink, Events events) {
		this.connection = connection;
		this.nextSubject = "$JS.API.CONSUMER.MSG.NEXT." + stream + "." + consumer;
		this.credit = credit;
		this.sink = sink;
		this.events = events;
		this.requests = PullRequests.within(configuration, connection.getMaxPayload());
		this.pin = new PinnedClient(connection, stream, consumer, this.nextSubject);
		this.dispatcher = connection.createDispatcher();
		// What may come is bounded by the credit, and dropping it would leak credit
		this.dispatcher.setPendingLimits(-1, -1);
	}

	/**
	 * Starts to ask, or starts afresh after trouble: what was asked for before is
	 * forgotten, and what comes of it all the same is still taken.
	 * @param consumer the consumer's configuration, whose limits are respected
	 */
	void open(ConsumerConfiguration consumer) {
		this.requests = PullRequests.within(consumer, this.connection.getMaxPayload());
		// The last inbox stays for one round more, for what is on its way to it
		if (this.previousInbox != null) {
			this.previousInbox.close();
		}
		this.previousInbox = this.inbox;
		this.inbox = new Inbox();
		this.credit.forgetAsked();
		this.open = true;
		ask();
	}

	/**
	 * Stops to ask. What was asked for may still come.
	 */
	void pause() {
		this.open = false;
	}

	/**
	 * Stops to ask, because the connection is lost. What was asked for would be answered
	 * to the next connection, in addition to what is asked for then; so nobody listens
	 * for that any more, unless there are messages that have come in time.
	 */
	void lost() {
		this.open = false;
		if (this.dispatcher.getPendingMessageCount() == 0) {
			for (Inbox known : new Inbox[] { this.inbox, this.previousInbox }) {
				if (known != null) {
					known.close();
				}
			}
			this.inbox = null;
			this.previousInbox = null;
		}
	}

	/**
	 * Ends the flow. What the server has sent until then still reaches the sink.
	 * @param timeout how long to wait for it
	 */
	void close(Duration timeout) {
		this.open = false;
		try {
			if (this.connection.getStatus() == Connection.Status.CONNECTED) {
				this.dispatcher.drain(timeout).join();
			}
			else if (this.dispatcher.isActive()) {
				this.connection.closeDispatcher(this.dispatcher);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RuntimeException ex) {
			// The connection is gone, and with it whatever was on its way
		}
	}

	/**
	 * Asks for what the credit allows, if that is worth a request.
	 */
	void ask() {
		Inbox current = this.inbox;
		if (!this.open || current == null) {
			return;
		}
		int count = this.credit.claim(this.requests.maxBatch());
		if (count > 0) {
			this.heardNanos = System.nanoTime();
			try {
				this.connection.publish(this.nextSubject, current.replyFor(count),
						this.requests.body(count, this.pin.idForRequest()));
			}
			catch (RuntimeException ex) {
				this.credit.returned(count);
				this.events.trouble("the connection takes no requests: " + ex.getMessage());
			}
		}
	}

	/**
	 * Looks whether the server has answered lately. To be called several times a second.
	 * @param now the current {@link System#nanoTime()}
	 */
	void look(long now) {
		// Even when nothing may be asked for: what is in hand has to be finished first
		this.pin.keep(this.requests, now);
		if (!this.open) {
			return;
		}
		if (this.credit.isAwaiting() && now - this.heardNanos > SILENCE_NANOS) {
			this.events.trouble("the server doesn't answer requests for messages");
		}
		else {
			ask();
		}
	}

	/**
	 * Returns the id by which the server knows the one client that gets messages.
	 * @return the id, or {@code null} if this isn't the client, or if several get them
	 */
	@Nullable String pinId() {
		return this.pin.id();
	}

	/**
	 * Lets another client have the messages, if this one is the only one that gets them.
	 */
	void release() {
		this.pin.release(this.requests);
	}

	private void onStatus(Message message) {
		Status status = message.getStatus();
		if (status.isHeartbeat() || status.isFlowControl()) {
			this.events.answered();
			return;
		}
		this.credit.returned(unfilled(message));
		if (status.getCode() == Status.PIN_ERROR_CODE) {
			this.pin.lost();
		}
		if (isOrdinaryEnd(status)) {
			this.events.answered();
			ask();
		}
		else if (this.open) {
			this.events.trouble("the server answers \"" + status.getMessageWithCode() + "\"");
		}
	}

	private static boolean isOrdinaryEnd(Status status) {
		return status.getCode() == REQUEST_TIMEOUT || status.getCode() == Status.PIN_ERROR_CODE
				|| (status.getCode() == CONFLICT && (Status.BATCH_COMPLETED.equals(status.getMessage())
						|| Status.MESSAGE_SIZE_EXCEEDS_MAX_BYTES.equals(status.getMessage())));
	}

	private static int unfilled(Message message) {
		String pending = (message.getHeaders() != null) ? message.getHeaders().getFirst("Nats-Pending-Messages") : null;
		String subject = message.getSubject();
		// A refused request says nothing: then all of it is unfilled
		return Integer.parseInt((pending != null) ? pending : subject.substring(subject.lastIndexOf('.') + 1));
	}

	/**
	 * What a flow has to say.
	 */
	interface Events {

		/**
		 * The server has answered as it should.
		 */
		void answered();

		/**
		 * A message has come.
		 */
		void received();

		/**
		 * No messages can be had.
		 * @param reason why
		 */
		void trouble(String reason);

	}

	/**
	 * Where answers come in. Each start has its own, so that late answers to forgotten
	 * requests are told from those to new ones.
	 */
	private final class Inbox implements MessageHandler {

		private final String subject = PullFlow.this.connection.createInbox();

		private final Subscription subscription = PullFlow.this.dispatcher.subscribe(this.subject + ".*", this);

		/**
		 * Returns the subject for the answers to a request.
		 * @param count the number of messages asked for, from which a refusal is told
		 * @return the subject
		 */
		String replyFor(int count) {
			return this.subject + "." + count;
		}

		@Override
		public void onMessage(Message message) {
			boolean current = (this == PullFlow.this.inbox);
			PullFlow.this.heardNanos = System.nanoTime();
			if (message.isStatusMessage()) {
				if (current) {
					onStatus(message);
				}
				return;
			}
			PullFlow.this.pin.received(message, PullFlow.this.requests);
			if (current) {
				PullFlow.this.credit.received();
				PullFlow.this.events.received();
			}
			else {
				PullFlow.this.credit.receivedLate();
			}
			PullFlow.this.sink.accept(message);
		}

		void close() {
			// A connection that is closed for good takes its dispatchers with it
			if (PullFlow.this.dispatcher.isActive()) {
				PullFlow.this.dispatcher.unsubscribe(this.subscription);
			}
		}

	}

}
