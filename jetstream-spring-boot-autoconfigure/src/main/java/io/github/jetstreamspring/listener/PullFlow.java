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
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.jetstreamspring.messaging.PermissionViolation;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.api.ConsumerConfiguration;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
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

	private static final Log logger = LogFactory.getLog(PullFlow.class);

	// Three heartbeats: a request that is lost with a leader that goes is made again
	// within two seconds, and a pause of a second is no reason to suspect anybody
	private static final int SILENCE = OpenRequests.looks(Duration.ofMillis(1500));

	// Where too many requests wait it goes on and on
	private static final long WARNING_INTERVAL_NANOS = Duration.ofMinutes(10).toNanos();

	// How long the receiver waits for messages before it looks for another inbox
	private static final Duration WAIT = Duration.ofMillis(200);

	private final Connection connection;

	private final String stream;

	private final String consumer;

	private final String nextSubject;

	private final Credit credit;

	private final ByteShares shares;

	private final Pings pings;

	private final RoundTrip roundTrip;

	private final Consumer<Message> sink;

	private final Events events;

	private final PinnedClient pin;

	private final Precedence precedence;

	private volatile PullRequests requests;

	private volatile @Nullable Inbox inbox;

	// Set by open() and lost() alone, which their caller keeps apart
	private volatile @Nullable Inbox previousInbox;

	// Older ones that are not drained yet, as after quick pauses
	private final List<Inbox> drainingInboxes = new CopyOnWriteArrayList<>();

	// Wakes up a receiver that has no inbox
	private final Semaphore opened = new Semaphore(0);

	// Whether anything has come since the last look
	private volatile boolean heard;

	// How many looks nothing has come that was awaited. The time would be no measure: a
	// JVM that was paused has not yet read what has come.
	private volatile int silentLooks;

	private volatile boolean open;

	private volatile long nextWarningNanos = System.nanoTime();

	PullFlow(ListenerEnvironment environment, ListenerDefinition definition, ConsumerConfiguration configuration,
			Credit credit, RoundTrip roundTrip, Consumer<Message> sink, Events events) {
		this.connection = environment.connection();
		this.shares = environment.shares();
		this.pings = environment.pings();
		this.precedence = definition.precedence();
		this.stream = definition.stream();
		this.consumer = definition.consumer();
		this.nextSubject = "$JS.API.CONSUMER.MSG.NEXT." + this.stream + "." + this.consumer;
		this.credit = credit;
		this.sink = sink;
		this.events = events;
		this.roundTrip = roundTrip;
		this.requests = PullRequests.within(configuration, this.connection.getMaxPayload(), this.precedence);
		this.pin = new PinnedClient(this.connection, this.stream, this.consumer, this.nextSubject);
	}

	/**
	 * Starts to ask, or starts afresh after trouble: what was asked for before is
	 * forgotten, and what comes of it all the same is still taken.
	 * @param consumer the consumer's configuration, whose limits are respected
	 */
	void open(ConsumerConfiguration consumer) {
		adapt(consumer);
		this.shares.join(this.credit);
		// The last inbox stays for one round more, for what is on its way to it
		Inbox last = this.previousInbox;
		if (last != null && last.isDraining()) {
			this.drainingInboxes.add(last);
		}
		else if (last != null) {
			last.close();
		}
		this.previousInbox = this.inbox;
		this.inbox = new Inbox(this.connection);
		this.credit.forgetAsked();
		this.silentLooks = 0;
		this.open = true;
		this.opened.release();
		ask();
	}

	/**
	 * Takes over what has changed about the consumer, for the requests to come.
	 * @param consumer the consumer's configuration
	 */
	void adapt(ConsumerConfiguration consumer) {
		this.requests = PullRequests.within(consumer, this.connection.getMaxPayload(), this.precedence);
	}

	boolean isAsking() {
		return this.open;
	}

	/**
	 * Stops to ask. What was asked for may still come.
	 */
	void stopAsking() {
		this.open = false;
	}

	/**
	 * Stops to ask, and takes back what was asked for: quick handlers have asked for
	 * hundreds of messages, and would go on to get them long after.
	 * @param timeout how long to wait for what is on its way
	 * @param executor waits
	 */
	void withdraw(Duration timeout, Executor executor) {
		this.open = false;
		if (this.connection.getStatus() == Connection.Status.CONNECTED) {
			List<Inbox> known = inboxes();
			known.forEach(Inbox::draining);
			executor.execute(() -> {
				try {
					drain(known, timeout);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
		}
	}

	/**
	 * Stops to ask, because the connection is lost. What was asked for would be answered
	 * to the next connection, in addition to what is asked for then; so nobody listens
	 * for that any more, unless there are messages that have come in time.
	 */
	void lost() {
		this.open = false;
		List<Inbox> known = inboxes();
		if (known.stream().allMatch(Inbox::isEmpty)) {
			known.forEach(Inbox::close);
			this.inbox = null;
			this.previousInbox = null;
		}
	}

	/**
	 * Ends the flow. What the server has sent until then still reaches the sink, as long
	 * as somebody {@linkplain #receive() receives}.
	 * @param timeout how long to wait for it
	 * @throws InterruptedException if the calling thread is interrupted
	 */
	void close(Duration timeout) throws InterruptedException {
		this.open = false;
		this.shares.leave(this.credit);
		if (this.connection.getStatus() == Connection.Status.CONNECTED) {
			drain(inboxes(), timeout);
		}
		else {
			inboxes().forEach(Inbox::close);
		}
	}

	private void drain(List<Inbox> known, Duration timeout) throws InterruptedException {
		for (Inbox inbox : known) {
			inbox.drain(this.pings, timeout);
		}
		// Has the server forget the requests that are still open: it looks for those that
		// nobody listens to when it is asked about the consumer. Otherwise it would try
		// to
		// fill them with the first messages that are given back, and put these behind the
		// others when it can't.
		this.roundTrip.make(timeout);
	}

	private List<Inbox> inboxes() {
		return Stream.concat(Stream.of(this.inbox, this.previousInbox), this.drainingInboxes.stream())
			.filter(Objects::nonNull)
			.map(Objects::requireNonNull)
			.toList();
	}

	/**
	 * Takes the next message from where messages come in and hands it to the sink.
	 */
	void receive() throws InterruptedException {
		Inbox late = this.previousInbox;
		if (late != null && !late.isEmpty()) {
			receiveAll(late);
		}
		if (!this.drainingInboxes.isEmpty()) {
			receiveDraining();
		}
		Inbox current = this.inbox;
		if (current != null && current.isOpen()) {
			receive(current, current.next(WAIT));
		}
		else {
			this.opened.tryAcquire(WAIT.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	private void receiveDraining() throws InterruptedException {
		for (Inbox draining : this.drainingInboxes) {
			receiveAll(draining);
			if (!draining.isOpen() && draining.isEmpty()) {
				this.drainingInboxes.remove(draining);
			}
		}
	}

	private void receiveAll(Inbox late) throws InterruptedException {
		Message next = late.next(null);
		while (next != null) {
			receive(late, next);
			next = late.next(null);
		}
	}

	private void receive(Inbox from, @Nullable Message message) {
		if (message == null) {
			return;
		}
		boolean current = (from == this.inbox);
		if (!this.heard) {
			this.heard = true;
		}
		if (message.isStatusMessage()) {
			if (current) {
				onAnswer(Answer.of(message));
			}
			return;
		}
		if (current) {
			this.credit.received(message.consumeByteCount());
		}
		else {
			this.credit.receivedLate(message.consumeByteCount());
		}
		try {
			this.pin.received(message, this.requests);
			if (current) {
				this.events.received();
			}
		}
		finally {
			// Counted above, it must get to whoever gives its credit back
			this.sink.accept(message);
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
		boolean sent = true;
		while (sent) {
			OpenRequests.Request request = this.credit.claim(this.requests.maxBatch(), this.requests.maxBytes());
			sent = (request != null) && send(request, current);
		}
	}

	private boolean send(OpenRequests.Request request, Inbox current) {
		try {
			this.connection.publish(this.nextSubject, current.replyFor(request), body(request));
			return true;
		}
		catch (Throwable ex) {
			this.credit.ended(request.number(), request.count());
			this.events.trouble("the connection takes no requests: " + ex.getMessage());
			return false;
		}
	}

	private byte[] body(OpenRequests.Request request) {
		boolean borrowed = request.bytes() > this.shares.each();
		return this.requests.body(request.count(), request.bytes(), borrowed, this.pin.idForRequest());
	}

	/**
	 * Looks whether the server has answered lately. To be called every
	 * {@link OpenRequests#LOOK_INTERVAL}.
	 * @param now the current {@link System#nanoTime()}
	 * @param obstacle what keeps answers from being received, or {@code null}
	 */
	void look(long now, @Nullable String obstacle) {
		if (this.open || this.credit.inHand() > 0) {
			// Even when nothing may be asked for: what is in hand has to be finished
			// first
			this.pin.keep(this.requests, now);
		}
		if (!this.open) {
			return;
		}
		if (obstacle != null) {
			this.silentLooks = 0;
			this.events.keptWaiting(obstacle);
			return;
		}
		if (this.heard || !this.credit.isAwaiting()) {
			this.heard = false;
			this.silentLooks = 0;
		}
		else {
			this.silentLooks++;
		}
		if (this.silentLooks >= SILENCE) {
			this.events.trouble(PermissionViolation.of(this.connection.getLastError())
				.filter((violation) -> violation.keepsAnswersFrom(this.nextSubject))
				.map((violation) -> violation.describe()
						+ ". Allow it, as listeners ask for messages there and get them at the inbox")
				.orElse("the server doesn't answer requests for messages: it is out of reach, or more requests wait than the consumer's max-pull-waiting"));
		}
		else {
			int lost = this.credit.forgetLost();
			if (lost > 0) {
				dropped(lost);
			}
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

	private void onAnswer(Answer answer) {
		if (answer.isWaiting()) {
			this.events.answered();
			return;
		}
		OpenRequests.Request ended = this.credit.ended(answer.request(), answer.unfilled());
		if (answer.isPinLost()) {
			this.pin.lost();
		}
		else if (answer.isExpired()) {
			this.credit.rested();
		}
		if (answer.isTooSmall() && ended != null) {
			tooSmall(ended);
		}
		else if (answer.isOrdinary()) {
			this.events.answered();
			// Requests for a message each have all become one in the end when what they
			// asked for is asked for at the next look
			if (!answer.isExpired() || !this.credit.isAwaiting()) {
				ask();
			}
		}
		else if (answer.isTooMany() && this.credit.isAwaiting()) {
			dropped(answer.unfilled());
		}
		else if (this.open) {
			this.events.trouble("the server answers \"" + answer.status().getMessageWithCode() + "\"");
		}
	}

	private void tooSmall(OpenRequests.Request request) {
		PullRequests current = this.requests;
		if (request.bytes() >= current.maxBytes()) {
			this.events.blocked(new Blockage(current.maxBytes()));
			return;
		}
		this.events.answered();
		this.credit.exceeds(request.bytes(), current.maxMessage());
		ask();
	}

	private void dropped(int count) {
		String what = "Consumer '%s' of stream '%s': the server has dropped requests for %d message(s), which are made anew. It does so while the consumer's leader changes, and when more requests wait than its max-pull-waiting, which is to be raised then"
			.formatted(this.consumer, this.stream, count);
		long now = System.nanoTime();
		if (now - this.nextWarningNanos < 0) {
			logger.debug(what);
		}
		else {
			this.nextWarningNanos = now + WARNING_INTERVAL_NANOS;
			logger.warn(what);
		}
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
		 * A message has come that is in hand already.
		 */
		void deliveredAgain();

		/**
		 * Messages may be there, but can't be received yet.
		 * @param reason why
		 */
		void keptWaiting(String reason);

		/**
		 * No messages can be had until the consumer allows larger requests, or the next
		 * message is gone.
		 */
		void blocked(Blockage blockage);

		/**
		 * No messages can be had.
		 * @param reason why
		 */
		void trouble(String reason);

	}

}
