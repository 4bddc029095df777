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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.github.jetstreamspring.listener.ConsumerUnavailableException.Kind;
import io.github.jetstreamspring.listener.pull.Credit;
import io.github.jetstreamspring.listener.pull.PullFlow;
import io.github.jetstreamspring.listener.pull.Receiver;
import io.github.jetstreamspring.messaging.Durations;
import io.github.jetstreamspring.publisher.JetStreamException;
import org.jspecify.annotations.Nullable;

/**
 * One call that receives messages by hand. The calling thread waits anyway, so it also
 * does what upkeep and supervisor do for a listener, and it returns only when nothing is
 * on its way to it any more.
 *
 * @param <T> the type of the payloads
 */
final class PolledCall<T> {

	// How long the server may take to say that the time of a request is over
	private static final long GRACE_NANOS = Duration.ofMillis(500).toNanos();

	// How long it may take to deliver what is there
	private static final Duration SHORTEST = Duration.ofMillis(50);

	private static final Duration LONGEST = Duration.ofDays(36500);

	private static final String SILENT = "The server has not answered requests for messages of consumer '%s' of stream '%s' within %s";

	private final PolledConsumer consumer;

	private final Wanted<T> wanted;

	private final long deadlineNanos;

	private final RecoveryPace pace;

	private final ConnectionWatch connection;

	private final PolledArrivals arrivals;

	private final List<HeldMessage<T>> received = new ArrayList<>();

	private volatile boolean stopped;

	// The calling thread's alone, as all below; null until the consumer is found
	private @Nullable Asking asking;

	// Whether messages come if there are any, as far as is known
	private boolean open;

	private int opened;

	private long nextTryNanos = System.nanoTime();

	private long nextLookNanos = System.nanoTime() + PullFlow.LOOK_INTERVAL.toNanos();

	// What was wrong last, null if all is well
	private @Nullable JetStreamException trouble;

	/**
	 * Creates a call.
	 * @param consumer the consumer
	 * @param wanted what to receive
	 */
	PolledCall(PolledConsumer consumer, Wanted<T> wanted) {
		this.consumer = consumer;
		this.wanted = wanted;
		Duration timeout = wanted.timeout();
		Duration time = (timeout.compareTo(SHORTEST) < 0) ? SHORTEST : timeout;
		this.deadlineNanos = System.nanoTime() + ((time.compareTo(LONGEST) < 0) ? time : LONGEST).toNanos();
		this.pace = consumer.pace();
		this.arrivals = new PolledArrivals(consumer.deliveries()::giveBack, consumer::blockage);
		this.connection = consumer.watch(this.arrivals::trouble, this.arrivals::tell);
	}

	/**
	 * Has the call return with what has come.
	 */
	void stop() {
		this.stopped = true;
		this.arrivals.tell();
	}

	/**
	 * Receives messages.
	 * @return the messages
	 * @throws JetStreamException if none has come because something is wrong
	 */
	List<HeldMessage<T>> run() {
		boolean interrupted = Thread.interrupted();
		try {
			try {
				this.connection.start();
				if (!interrupted) {
					receive();
				}
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
			finally {
				interrupted |= leave();
			}
		}
		catch (Throwable ex) {
			this.received.forEach((message) -> this.consumer.deliveries().giveBack(message.received()));
			throw ex;
		}
		finally {
			// Not before, as the client sends nothing for an interrupted thread
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
		if (this.trouble != null && this.received.isEmpty() && !interrupted && !this.stopped) {
			throw this.trouble;
		}
		return this.received;
	}

	private void receive() throws InterruptedException {
		while (!isComplete() && !this.stopped && !isOver()) {
			if (!this.open && System.nanoTime() - this.nextTryNanos >= 0 && !ask()) {
				return;
			}
			ReceivedDelivery next = this.arrivals.next(waitNanos());
			if (next != null) {
				take(next);
			}
			else {
				look();
			}
		}
		if (this.open && isAwaiting() && !this.arrivals.isAnswered()) {
			this.trouble = new JetStreamException(SILENT.formatted(this.consumer.definition().consumer(),
					this.consumer.definition().stream(), Durations.text(this.wanted.timeout())), null);
		}
	}

	private boolean isComplete() {
		// No more can come than the consumer may have out
		return this.received
			.size() >= ((this.asking != null) ? this.asking.credit().most(this.wanted.count()) : this.wanted.count());
	}

	private boolean isOver() {
		long past = System.nanoTime() - this.deadlineNanos;
		if (past >= 0 && this.asking != null) {
			this.asking.flow().stopAsking();
		}
		return past >= (isAwaiting() ? GRACE_NANOS : 0);
	}

	private boolean isAwaiting() {
		return this.open && this.asking != null && this.asking.credit().isAwaiting();
	}

	private long waitNanos() {
		long now = System.nanoTime();
		long past = now - this.deadlineNanos;
		long left = (past < 0) ? -past : GRACE_NANOS - past;
		long until = this.open ? this.nextLookNanos : this.nextTryNanos;
		return Math.min(left, until - now);
	}

	/**
	 * Asks for messages.
	 * @return whether it is of use to try it again if that fails
	 */
	private boolean ask() {
		if (!this.connection.isUp() && !this.consumer.isOffline()) {
			this.connection.checkClosed();
			failed(Objects.requireNonNullElse(this.arrivals.trouble(), ConnectionWatch.LOST), null);
			return true;
		}
		FoundConsumer found;
		try {
			found = this.consumer.find();
		}
		catch (ConsumerUnavailableException ex) {
			failed(ex.reason(), ex);
			return ex.kind() == Kind.UNREACHABLE;
		}
		this.arrivals.begin();
		Asking current = this.asking;
		if (current == null) {
			current = asking(found);
			this.asking = current;
		}
		this.opened++;
		try {
			current.flow().open(found.configuration());
			this.open = true;
		}
		catch (IllegalStateException ex) {
			// The client has too much to send, or is closed just now
			current.flow().stopAsking();
			failed("The connection takes no requests: " + ex.getMessage(), ex);
		}
		return true;
	}

	private Asking asking(FoundConsumer found) {
		Credit credit = this.consumer.credit(this.wanted.count(), found);
		Receiver receiver = this.consumer.receiver();
		PullFlow flow = this.consumer.flow(found, credit, receiver, this.arrivals);
		flow.expireAt(this.deadlineNanos);
		receiver.start(flow.into(this.consumer.deliveries().arrivals(credit, this.arrivals, flow)::accept));
		return new Asking(credit, receiver, flow);
	}

	private void failed(String reason, @Nullable Exception cause) {
		this.open = false;
		this.trouble = new JetStreamException(reason, cause);
		this.nextTryNanos = System.nanoTime() + this.pace.next().toNanos();
	}

	private void look() {
		Asking current = this.asking;
		if (!this.open || current == null) {
			return;
		}
		String problem = this.arrivals.trouble();
		if (problem != null) {
			failed(problem, null);
			this.consumer.lookAgain();
			if (this.connection.isUp()) {
				current.flow().stopAsking();
			}
			else {
				current.flow().lost();
			}
			return;
		}
		if (this.arrivals.isAnswered()) {
			this.trouble = null;
			this.pace.reset();
		}
		long now = System.nanoTime();
		if (now - this.nextLookNanos >= 0) {
			this.nextLookNanos = now + PullFlow.LOOK_INTERVAL.toNanos();
			current.receiver().check();
			current.flow().look(now, 1, null);
		}
	}

	private void take(ReceivedDelivery delivery) {
		HeldMessage<T> message = this.consumer.deliveries().open(delivery, this.wanted.reader());
		if (message != null) {
			this.received.add(message);
		}
		else if (this.asking != null) {
			// Another one takes its place
			this.asking.credit().settled();
			this.asking.flow().ask();
		}
	}

	/**
	 * Ends what goes on for this call.
	 * @return whether the calling thread was interrupted
	 */
	private boolean leave() {
		this.connection.end();
		Asking last = this.asking;
		if (last == null) {
			return false;
		}
		boolean interrupted = false;
		try {
			if (this.opened > 1 || last.credit().isAwaiting()) {
				last.flow().close(SessionStop.DRAIN_TIMEOUT);
			}
			else {
				last.flow().end();
			}
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		last.flow().release();
		List<ReceivedDelivery> left = this.arrivals.close();
		last.receiver().stop();
		for (ReceivedDelivery delivery : left) {
			if (this.received.size() < this.wanted.count()) {
				take(delivery);
			}
			else {
				this.consumer.deliveries().giveBack(delivery);
			}
		}
		return interrupted;
	}

	/**
	 * What a call is to receive.
	 *
	 * @param reader makes the payloads
	 * @param count how many messages
	 * @param timeout how long to wait for them
	 * @param <T> the type of the payloads
	 */
	record Wanted<T>(ReceiverSetup.Reader<T> reader, int count, Duration timeout) {
	}

	/**
	 * What has asked for messages.
	 *
	 * @param credit knows how many have not come yet
	 * @param receiver takes what comes
	 * @param flow asks
	 */
	private record Asking(Credit credit, Receiver receiver, PullFlow flow) {
	}

}
