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

package io.github.jetstreamspring.listener.pull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import io.github.jetstreamspring.messaging.ReportedViolations;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.api.ConsumerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server for messages, as many as the credit allows, and notices when it doesn't
 * answer.
 * <p>
 * The requests are this class's own, on a plain subscription: the client's pull
 * subscriptions keep the status messages to themselves that say how much of a request was
 * not filled, and why.
 *
 * @since 0.1.0
 */
public final class PullFlow {

	/**
	 * How often to {@linkplain #look look}.
	 */
	public static final Duration LOOK_INTERVAL = OpenRequests.LOOK_INTERVAL;

	private final PullConnection shared;

	private final PullSource source;

	private final Credit credit;

	private final Receiver receiver;

	private final Events events;

	private final RoundTrip roundTrip;

	private final PinnedClient pin;

	private final Inboxes inboxes;

	private final Silence silence = new Silence();

	private final Requester requester;

	private final Statuses statuses;

	// What the server has forbidden since messages are asked for
	private volatile ReportedViolations violations;

	private volatile boolean withheld;

	/**
	 * Creates a flow that doesn't ask yet.
	 * @param shared the connection
	 * @param source where the messages are
	 * @param consumer the consumer's configuration
	 * @param credit says how much to ask for
	 * @param receiver takes what comes
	 * @param events is told what happens
	 */
	public PullFlow(PullConnection shared, PullSource source, ConsumerConfiguration consumer, Credit credit,
			Receiver receiver, Events events) {
		this.shared = shared;
		this.source = source;
		this.credit = credit;
		this.receiver = receiver;
		this.events = events;
		this.roundTrip = new RoundTrip(shared.connection(), source);
		this.pin = new PinnedClient(shared.connection(), source, credit);
		this.inboxes = new Inboxes(shared, receiver);
		this.requester = new Requester(shared, source, consumer, credit, this.inboxes, this.pin, this.silence, events);
		this.statuses = new Statuses(source, credit, this.pin, this.requester, events);
		this.violations = new ReportedViolations(shared.connection());
	}

	/**
	 * Starts to ask, or starts again after trouble: what was asked for before is
	 * forgotten, though what still comes of it is taken.
	 * @param consumer the consumer's configuration, whose limits are respected
	 * @return whether there is something that the server has to answer
	 */
	public boolean open(ConsumerConfiguration consumer) {
		adapt(consumer);
		this.violations = new ReportedViolations(this.shared.connection());
		this.shared.join(this.credit);
		this.inboxes.open();
		this.credit.forgetAsked();
		this.silence.restart();
		this.requester.start();
		return ask();
	}

	/**
	 * Takes over what has changed about the consumer, for the requests to come.
	 * @param consumer the consumer's configuration
	 */
	public void adapt(ConsumerConfiguration consumer) {
		this.requester.adapt(consumer);
	}

	/**
	 * Has requests wait for messages until a moment, not longer.
	 * @param deadlineNanos the {@link System#nanoTime()} of the moment
	 */
	public void expireAt(long deadlineNanos) {
		this.requester.expireAt(deadlineNanos);
	}

	/**
	 * Returns whether messages would come if there were any.
	 * @return whether they are asked for, and the server doesn't withhold them
	 */
	public boolean isDelivering() {
		return this.requester.isAsking() && !this.withheld;
	}

	/**
	 * Takes over whether the server delivers nothing, though it is asked, as the consumer
	 * is paused.
	 * @param withheld whether that is so
	 * @return whether that is over just now
	 */
	public boolean withhold(boolean withheld) {
		boolean over = this.withheld && !withheld;
		this.withheld = withheld;
		return over;
	}

	/**
	 * Asks no more. What was asked for may still come.
	 */
	public void stopAsking() {
		this.requester.stop();
	}

	/**
	 * Asks no more, and takes back what was asked for: quick handlers have asked for
	 * hundreds of messages, and would go on to get them long after.
	 * @param timeout how long to wait for what is on its way
	 * @param executor waits
	 */
	public void withdraw(Duration timeout, Executor executor) {
		this.requester.stop();
		if (this.shared.connection().getStatus() == Connection.Status.CONNECTED) {
			List<Inbox> known = this.inboxes.all();
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
	 * Asks no more for some time, and takes back what was asked for.
	 * @param timeout how long to wait for what is on its way
	 * @param executor waits
	 */
	public void rest(Duration timeout, Executor executor) {
		withdraw(timeout, executor);
		this.shared.leave(this.credit);
	}

	/**
	 * Asks no more, because the connection is lost. What was asked for would be answered
	 * to the next connection, in addition to what is asked for then; so nobody listens
	 * for that any more, unless there are messages that have come in time.
	 */
	public void lost() {
		this.requester.stop();
		this.inboxes.lost();
	}

	/**
	 * Ends the flow. What the server has sent until then is still received, as long as
	 * somebody does.
	 * @param timeout how long to wait for it
	 * @throws InterruptedException if the calling thread is interrupted
	 */
	public void close(Duration timeout) throws InterruptedException {
		this.requester.stop();
		this.shared.leave(this.credit);
		if (this.shared.connection().getStatus() == Connection.Status.CONNECTED) {
			drain(this.inboxes.all(), timeout);
		}
		else {
			this.inboxes.all().forEach(Inbox::close);
		}
	}

	/**
	 * Ends a flow of which nothing is awaited any more, without a word to the server.
	 */
	public void end() {
		this.requester.stop();
		this.shared.leave(this.credit);
		this.inboxes.all().forEach(Inbox::close);
	}

	private void drain(List<Inbox> known, Duration timeout) throws InterruptedException {
		for (Inbox inbox : known) {
			inbox.drain(this.shared.pings(), timeout);
		}
		// Has the server forget the requests that are still open: it looks for those that
		// nobody listens to when it is asked about the consumer. Otherwise it would try
		// to fill them with the first messages that are given back, and put these behind
		// the others when it can't.
		this.roundTrip.make(timeout);
	}

	/**
	 * Waits until the server has dealt with what was sent to it before.
	 * @param timeout how long that may take
	 * @return whether it has answered, also because there is no connection to ask on
	 * @throws InterruptedException if the calling thread is interrupted
	 */
	public boolean awaitServer(Duration timeout) throws InterruptedException {
		return this.shared.connection().getStatus() != Connection.Status.CONNECTED || this.roundTrip.make(timeout);
	}

	/**
	 * Returns what has the messages of this flow, and hands them on.
	 * @param sink is handed the messages
	 * @return to be used by one thread at a time
	 */
	public Receiver.Source into(Consumer<Message> sink) {
		Inboxes.Taker taker = (message, current) -> take(message, current, sink);
		return new Receiver.Source() {

			@Override
			public boolean receive(boolean wait) throws InterruptedException {
				return PullFlow.this.inboxes.receive(taker, wait);
			}

			@Override
			public boolean hasMore() {
				return PullFlow.this.inboxes.hasMore();
			}

		};
	}

	private void take(Message message, boolean current, Consumer<Message> sink) {
		this.silence.heard();
		if (message.isStatusMessage()) {
			if (current) {
				this.statuses.take(PullStatus.of(message));
			}
			return;
		}
		this.receiver.handing();
		if (current) {
			this.credit.received(message.consumeByteCount());
		}
		else {
			this.credit.receivedLate(message.consumeByteCount());
		}
		try {
			this.pin.received(message, this.requester.limits());
			if (current) {
				this.events.received();
			}
		}
		finally {
			// Counted above, it must get to whoever gives its credit back
			sink.accept(message);
		}
	}

	/**
	 * Asks for what the credit allows, if that is worth a request.
	 * @return whether something was asked for
	 */
	public boolean ask() {
		return this.requester.ask();
	}

	/**
	 * Looks whether the server has answered lately. To be called every
	 * {@link #LOOK_INTERVAL} or few of them.
	 * @param now the current {@link System#nanoTime()}
	 * @param intervals how many of them have passed since the last look
	 * @param obstacle what keeps answers from being received, or {@code null}
	 */
	public void look(long now, int intervals, @Nullable String obstacle) {
		if (this.requester.isAsking() || this.credit.inHand() > 0) {
			// Even when nothing may be asked for: what is in hand has to be finished
			// first
			this.pin.keep(this.requester.limits(), now);
		}
		if (!this.requester.isAsking()) {
			return;
		}
		if (obstacle != null) {
			this.silence.restart();
			this.events.keptWaiting(obstacle);
			return;
		}
		if (this.silence.look(this.credit.isAwaiting(), intervals)) {
			this.events.trouble(this.violations.ofQuestion(this.source.nextSubject())
				.map((violation) -> violation.describe()
						+ ". Allow it, as listeners ask for messages there and get them at the inbox")
				.orElse("the server doesn't answer requests for messages: it is out of reach, or more requests wait than the consumer's max-pull-waiting"));
		}
		else {
			int lost = this.credit.forgetLost(intervals);
			if (lost > 0) {
				this.statuses.dropped(lost);
				this.events.requestsLost();
			}
			ask();
		}
	}

	/**
	 * Returns the id by which the server knows the one client that gets messages.
	 * @return the id, or {@code null} if this isn't the client, or if several get them
	 */
	public @Nullable String pinId() {
		return this.pin.id();
	}

	/**
	 * Calls somebody when this becomes the one client that gets messages, before the
	 * first of them is handed on, and when it is no longer.
	 * @param action what to do, which must not wait
	 */
	public void onPinChange(Runnable action) {
		this.pin.onChange(action);
	}

	/**
	 * Lets another client have the messages, if this one is the only one that gets them.
	 */
	public void release() {
		this.pin.release(this.requester.limits());
	}

	/**
	 * What a flow has to say.
	 */
	public interface Events {

		/**
		 * The server has answered as it should.
		 */
		void answered();

		/**
		 * A message has come.
		 */
		void received();

		/**
		 * Messages may be there, but can't be received yet.
		 * @param reason why
		 */
		void keptWaiting(String reason);

		/**
		 * No messages come until the consumer allows larger requests, or the next message
		 * is gone.
		 * @param maxBytes how many bytes the consumer allowed when it was asked
		 */
		void blocked(long maxBytes);

		/**
		 * Requests have reached nobody, or are forgotten, though others are answered.
		 */
		default void requestsLost() {
			// They are made again
		}

		/**
		 * No messages come.
		 * @param reason why
		 */
		void trouble(String reason);

	}

}
