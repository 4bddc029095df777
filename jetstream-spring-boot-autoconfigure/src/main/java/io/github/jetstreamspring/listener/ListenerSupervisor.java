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
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

import io.github.jetstreamspring.listener.ConsumerUnavailableException.Kind;
import io.github.jetstreamspring.listener.pull.FoundConsumer;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a listener going: when messages can't be had, it looks for the consumer again and
 * again until they can.
 * <p>
 * What happens, on whatever thread, ends in one of a few methods that run under this
 * object's lock, never wait for the server, and leave session and state fitting together.
 */
final class ListenerSupervisor implements ListenerSession.Events {

	private static final String CONNECTION_LOST = "the connection to the server is lost; the client connects anew by itself";

	private static final String CONNECTION_CLOSED = "the connection is closed for good, and this instance gets no messages any more. Restart the application when its credentials are valid and jetstream.connection.max-reconnects is -1";

	private final ListenerDefinition definition;

	private final ListenerEnvironment environment;

	private final ConsumerFinder finder;

	private final StateAnnouncer announcer;

	private final UnstoredLetters unstored;

	private final ConnectionListener connectionListener = (connection, event) -> onConnectionEvent(event);

	private final ListenerStateMachine machine = new ListenerStateMachine();

	private final RecoveryPace pace = new RecoveryPace();

	// Guarded by this, as all below
	private @Nullable ListenerSession session;

	private @Nullable ConsumerWatch watch;

	private @Nullable FoundConsumer consumer;

	private boolean asking;

	private @Nullable Blockage blockage;

	private boolean pausedHere;

	ListenerSupervisor(ListenerDefinition definition, ListenerEnvironment environment, ConsumerFinder finder) {
		this.definition = definition;
		this.environment = environment;
		this.finder = finder;
		this.announcer = new StateAnnouncer(definition, environment);
		this.unstored = new UnstoredLetters(definition.id(), this::unstoredChanged);
	}

	synchronized ListenerStatus status(int concurrency) {
		ListenerSession current = this.session;
		return new ListenerStatus(this.definition.id(), this.definition.stream(), this.definition.consumer(),
				this.machine.state(), reason(), concurrency, (current != null) ? current.busyWorkers() : 0,
				(current != null) ? current.inHand() : 0, this.unstored.count());
	}

	UnstoredLetters unstored() {
		return this.unstored;
	}

	private void unstoredChanged() {
		synchronized (this) {
			this.announcer.add(this.machine.state(), reason());
		}
		this.announcer.tellSoon();
	}

	private @Nullable String reason() {
		String reason = this.machine.reason();
		return this.unstored
			.reason((reason == null && this.machine.state() == ListenerState.RUNNING) ? this.finder.remarks() : reason);
	}

	/**
	 * Tells the application what is new. Not under a lock, as it may take its time.
	 */
	void tell() {
		this.announcer.tell();
	}

	/**
	 * The same, by a thread that may wait, as the calling one must not.
	 */
	void tellSoon() {
		this.announcer.tellSoon();
	}

	/**
	 * The listener is about to start.
	 * @return whether it may, as it is stopped
	 */
	synchronized boolean starting() {
		if (this.machine.state() != ListenerState.STOPPED) {
			return false;
		}
		this.pausedHere = false;
		change(ListenerState.STARTING, null);
		return true;
	}

	synchronized void started(ListenerSession started, FoundConsumer found) {
		this.session = started;
		this.pace.reset();
		this.watch = new ConsumerWatch(this.environment, this::look);
		this.environment.connection().addConnectionListener(this.connectionListener);
		found(found);
		if (this.pausedHere) {
			change(ListenerState.PAUSED, null);
		}
		this.watch.lookWithin(RecoveryPace.IDLE);
	}

	/**
	 * The start has ended, be it with a session or not.
	 */
	synchronized void notStarted() {
		if (this.machine.state() == ListenerState.STARTING) {
			change(ListenerState.STOPPED, null);
		}
	}

	/**
	 * The listener is about to stop.
	 * @return what is to be stopped, or {@code null} if there is nothing
	 */
	synchronized @Nullable ListenerSession stopping() {
		ListenerSession stopping = this.session;
		if (this.watch != null) {
			this.watch.end();
		}
		this.environment.connection().removeConnectionListener(this.connectionListener);
		this.session = null;
		this.asking = false;
		this.blockage = null;
		return stopping;
	}

	synchronized void stopped() {
		change(ListenerState.STOPPED, null);
		this.unstored.leave();
	}

	/**
	 * Has the session do something, if there is one.
	 * @param action what to do, which must not wait
	 */
	synchronized void tellSession(Consumer<ListenerSession> action) {
		if (this.session != null) {
			action.accept(this.session);
		}
	}

	/**
	 * Pauses this instance, as soon as it has started if it is about to.
	 * @param why the reason, or {@code null} if it was asked for
	 * @return whether there is something to pause
	 */
	synchronized boolean pause(@Nullable String why) {
		if (this.session == null) {
			this.pausedHere = this.machine.state() == ListenerState.STARTING;
			return this.pausedHere;
		}
		this.pausedHere = true;
		stopAsking(ListenerState.PAUSED, why);
		this.session.withdraw();
		return true;
	}

	synchronized void resume() {
		if (!this.pausedHere) {
			return;
		}
		this.pausedHere = false;
		if (this.session == null) {
			return;
		}
		if (this.consumer == null || !isConnected()) {
			stopAsking(ListenerState.RECOVERING, CONNECTION_LOST);
		}
		else {
			// What was asked for before the pause may be lost: begin anew
			found(this.consumer);
		}
	}

	synchronized boolean isFleetPaused() {
		return this.consumer != null && this.consumer.pausedUntil() != null;
	}

	synchronized void lookWithin(Duration delay) {
		if (this.watch != null) {
			this.watch.lookWithin(delay);
		}
	}

	@Override
	public void answered() {
		// Without the lock, as it is true for nearly every answer
		if (this.machine.state() == ListenerState.RUNNING) {
			return;
		}
		synchronized (this) {
			// Answers to what was asked for before the trouble say nothing
			if (this.asking && this.machine.state() != ListenerState.PAUSED) {
				this.pace.reset();
				change(ListenerState.RUNNING, null);
			}
		}
		this.announcer.tellSoon();
	}

	@Override
	public void received() {
		if (this.machine.state() == ListenerState.RUNNING && this.machine.reason() == null) {
			return;
		}
		answered();
		synchronized (this) {
			if (this.asking && this.machine.state() == ListenerState.RUNNING) {
				// It stands by no longer
				change(ListenerState.RUNNING, null);
			}
		}
		this.announcer.tellSoon();
	}

	@Override
	public void deliveredAgain() {
		lookWithin(Duration.ZERO);
	}

	@Override
	public void keptWaiting(String reason) {
		synchronized (this) {
			if (this.asking && this.machine.state() == ListenerState.RUNNING) {
				change(ListenerState.RECOVERING, reason);
			}
		}
		this.announcer.tellSoon();
	}

	@Override
	public synchronized void blocked(long maxBytes) {
		if (this.asking && this.session != null) {
			this.asking = false;
			this.session.stopAsking();
			// What is wrong is said when the consumer has been looked at
			this.blockage = new Blockage(maxBytes);
			lookWithin(this.pace.next());
		}
	}

	@Override
	public void trouble(String what) {
		synchronized (this) {
			if (!this.asking) {
				return;
			}
			stopAsking(ListenerState.RECOVERING, what);
			lookWithin(this.pace.next());
		}
		this.announcer.tellSoon();
	}

	private void onConnectionEvent(ConnectionListener.Events event) {
		switch (event) {
			case DISCONNECTED -> connectionLost(ListenerState.RECOVERING, CONNECTION_LOST);
			case CLOSED -> connectionLost(ListenerState.FAILED, CONNECTION_CLOSED);
			// Not RECONNECTED: subscriptions are not yet back then
			case RESUBSCRIBED -> lookWithin(Duration.ZERO);
			default -> {
			}
		}
	}

	private void connectionLost(ListenerState next, String why) {
		synchronized (this) {
			if (this.session == null) {
				return;
			}
			this.session.connectionLost();
			this.asking = false;
			// What has failed has a better reason, unless this one is for good
			if (!this.pausedHere && (this.machine.state() != ListenerState.FAILED || next == ListenerState.FAILED)) {
				stopAsking(next, why);
			}
		}
		this.announcer.tellSoon();
	}

	private Duration look() {
		if (isConnected()) {
			try {
				// Not under the lock: it may take seconds
				found(this.finder.find());
			}
			catch (ConsumerUnavailableException ex) {
				unavailable(ex);
			}
		}
		else if (this.environment.connection().getStatus() == Connection.Status.CLOSED) {
			// The client doesn't always come to tell
			connectionLost(ListenerState.FAILED, CONNECTION_CLOSED);
		}
		this.announcer.tellSoon();
		return this.pace.interval(this.machine.state());
	}

	private synchronized void found(FoundConsumer found) {
		ListenerSession current = this.session;
		if (current == null) {
			return;
		}
		if (this.consumer != null && !this.consumer.isSame(found)) {
			current.consumerReplaced();
		}
		this.consumer = new FoundConsumer(found.info(), false);
		if (found.streamReplaced()) {
			current.disown();
			this.unstored.clear();
		}
		current.adapt(found.configuration());
		this.unstored.look(found.info().getNumAckPending(), this.asking);
		current.fleetPaused(found.pausedUntil() != null);
		if (this.pausedHere) {
			return;
		}
		Blockage by = this.blockage;
		this.blockage = null;
		boolean reopened = !this.asking;
		this.asking = true;
		Instant pausedUntil = found.pausedUntil();
		if (pausedUntil != null) {
			change(ListenerState.PAUSED, "the consumer is paused on the server, for all instances, until "
					+ pausedUntil.truncatedTo(ChronoUnit.SECONDS));
		}
		else if (by != null && by.persists(found)) {
			change(ListenerState.RECOVERING, by.reason(this.definition, found));
		}
		else if (this.machine.state() != ListenerState.RECOVERING && this.machine.state() != ListenerState.FAILED) {
			change(ListenerState.RUNNING, standBy(current, found));
		}
		if (reopened) {
			current.open(found.configuration());
			if (!current.isAwaiting()) {
				// All workers are busy, so nothing was asked for that could be answered
				answered();
			}
		}
	}

	private static @Nullable String standBy(ListenerSession session, FoundConsumer found) {
		String pinned = found.pinnedClient();
		return (pinned != null && !pinned.equals(session.pinId()))
				? "standing by: another instance gets the messages of the consumer, and this one when that has gone"
				: null;
	}

	private synchronized void unavailable(ConsumerUnavailableException problem) {
		if (this.session == null || this.pausedHere) {
			return;
		}
		// As long as messages come it does no harm that the consumer can't be read, and
		// without a connection there is a better reason
		if (problem.kind() == Kind.UNREACHABLE && (this.asking || !isConnected())) {
			return;
		}
		stopAsking((problem.kind() == Kind.UNUSABLE) ? ListenerState.FAILED : ListenerState.RECOVERING,
				problem.reason());
	}

	private void stopAsking(ListenerState next, @Nullable String why) {
		this.asking = false;
		if (this.session != null) {
			this.session.stopAsking();
		}
		change(next, why);
	}

	private void change(ListenerState next, @Nullable String why) {
		if (this.machine.change(next, why)) {
			this.announcer.announce(next, (next == ListenerState.STOPPED) ? why : this.unstored.reason(why));
		}
	}

	private boolean isConnected() {
		return this.environment.connection().getStatus() == Connection.Status.CONNECTED;
	}

}
