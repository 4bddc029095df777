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

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.listener.ConsumerUnavailableException.Kind;
import io.nats.client.api.ConsumerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a listener going: when no messages come, it looks for the consumer again and
 * again until they can.
 * <p>
 * What happens, on whatever thread, ends in one of a few methods that run under this
 * object's lock, never wait for the server, and leave session and state fitting together.
 */
final class ListenerSupervisor implements ListenerSession.Events {

	private final ListenerDefinition definition;

	private final ListenerEnvironment environment;

	private final ConsumerFinder finder;

	private final ListenerReport report;

	private final AckRight acks;

	private final ConnectionWatch connection;

	private final RecoveryPace pace;

	// Guarded by this, as all below
	private @Nullable ListenerSession session;

	private @Nullable ConsumerWatch watch;

	private @Nullable FoundConsumer consumer;

	private boolean asking;

	private @Nullable Blockage blockage;

	private boolean pausedHere;

	private boolean doubtingAcks;

	ListenerSupervisor(ListenerDefinition definition, ListenerEnvironment environment, ConsumerFinder finder) {
		this.definition = definition;
		this.environment = environment;
		this.pace = new RecoveryPace(environment.lookInterval(), () -> environment.pullConnection().rhythm());
		this.finder = finder;
		this.report = new ListenerReport(definition, environment, finder::remarks);
		this.acks = new AckRight(definition, environment.connection());
		this.connection = new ConnectionWatch(environment.connection(), this::connectionLost,
				() -> lookWithin(Duration.ZERO));
	}

	synchronized ListenerStatus status(int concurrency, LastRuns runs) {
		ListenerSession current = this.session;
		return new ListenerStatus(this.definition.id(), this.definition.stream(), this.definition.consumer(),
				this.report.state(), this.report.reason(), concurrency, (current != null) ? current.busyWorkers() : 0,
				(current != null) ? current.inHand() : 0, (current != null) ? current.credit() : 0,
				this.report.unstored().count(), runs.handled(), runs.error());
	}

	UnstoredLetters unstored() {
		return this.report.unstored();
	}

	/**
	 * Tells the application what is new. Not under a lock, as it may take its time.
	 */
	void tell() {
		this.report.tell();
	}

	/**
	 * The same, by a thread that may wait, as the calling one must not.
	 */
	void tellSoon() {
		this.report.tellSoon();
	}

	/**
	 * The listener is about to start.
	 * @return whether it may, as it is stopped
	 */
	synchronized boolean starting() {
		if (this.report.state() != ListenerState.STOPPED) {
			return false;
		}
		this.pausedHere = false;
		this.report.change(ListenerState.STARTING, null);
		return true;
	}

	synchronized void started(ListenerSession started, FoundConsumer found) {
		this.session = started;
		this.pace.reset();
		this.watch = new ConsumerWatch(this.environment, this::look);
		this.connection.start();
		found(found);
		if (this.pausedHere) {
			this.report.change(ListenerState.PAUSED, null);
		}
		this.watch.lookWithin(this.pace.idle());
	}

	/**
	 * The start has ended, be it with a session or not.
	 */
	synchronized void notStarted() {
		if (this.report.state() == ListenerState.STARTING) {
			this.report.change(ListenerState.STOPPED, null);
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
		this.connection.end();
		this.session = null;
		this.asking = false;
		this.blockage = null;
		return stopping;
	}

	synchronized void stopped() {
		this.report.change(ListenerState.STOPPED, null);
		this.report.unstored().leave();
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
			this.pausedHere = this.report.state() == ListenerState.STARTING;
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
		if (this.consumer == null || !this.connection.isUp()) {
			stopAsking(ListenerState.RECOVERING, ConnectionWatch.LOST);
		}
		else {
			// What was asked for before the pause may be lost: begin again
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
		if (this.report.state() == ListenerState.RUNNING) {
			return;
		}
		synchronized (this) {
			// Answers to what was asked for before the trouble say nothing
			if (this.asking && this.report.state() != ListenerState.PAUSED) {
				this.pace.reset();
				this.report.change(ListenerState.RUNNING, null);
			}
		}
		this.report.tellSoon();
	}

	@Override
	public void received() {
		if (this.report.isPlain()) {
			return;
		}
		answered();
		synchronized (this) {
			if (this.asking && this.report.state() == ListenerState.RUNNING) {
				// It stands by no longer
				this.report.change(ListenerState.RUNNING, null);
			}
		}
		this.report.tellSoon();
	}

	@Override
	public void deliveredAgain() {
		lookWithin(Duration.ZERO);
	}

	@Override
	public void checkAcks() {
		if (!this.acks.isRefused()) {
			return;
		}
		synchronized (this) {
			if (this.session != null && this.asking) {
				refused(this.session);
				lookWithin(this.pace.next());
			}
		}
		this.report.tellSoon();
	}

	// What is asked for is taken back, as it would only come to be delivered again
	private void refused(ListenerSession current) {
		current.holdUnsettled(true);
		if (this.asking) {
			current.withdraw();
		}
		stopAsking(ListenerState.RECOVERING, this.acks.reason());
	}

	@Override
	public void keptWaiting(String reason) {
		synchronized (this) {
			if (this.asking && this.report.state() == ListenerState.RUNNING) {
				this.report.change(ListenerState.RECOVERING, reason);
			}
		}
		this.report.tellSoon();
	}

	// What was acked at the same time may have reached nobody either
	@Override
	public synchronized void requestsLost() {
		this.doubtingAcks = true;
		lookWithin(Duration.ZERO);
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
		this.report.tellSoon();
	}

	private void connectionLost(ListenerState next, String why) {
		synchronized (this) {
			if (this.session == null) {
				return;
			}
			this.session.connectionLost(this.consumer != null && this.consumer.replicated());
			this.asking = false;
			// What has failed has a better reason, unless this one is for good
			if (!this.pausedHere && (this.report.state() != ListenerState.FAILED || next == ListenerState.FAILED)) {
				stopAsking(next, why);
			}
		}
		this.report.tellSoon();
	}

	private Duration look() {
		if (this.connection.isUp()) {
			try {
				// Not under the lock: it may take seconds
				this.acks.tryOut();
				found(this.finder.find());
			}
			catch (ConsumerUnavailableException ex) {
				unavailable(ex);
			}
		}
		else {
			this.connection.checkClosed();
		}
		this.report.tellSoon();
		return this.pace.interval(this.report.state());
	}

	private synchronized void found(FoundConsumer found) {
		ListenerSession current = this.session;
		if (current == null) {
			return;
		}
		if (this.consumer != null && !this.consumer.isSame(found)) {
			current.consumerReplaced();
		}
		this.consumer = found.known();
		if (found.streamReplaced()) {
			current.disown();
			this.report.unstored().clear();
		}
		current.adapt(found.configuration());
		this.report.unstored().look(found, this.asking);
		current.fleetPaused(found.pausedUntil() != null);
		if (this.pausedHere) {
			return;
		}
		if (this.acks.isRefused()) {
			refused(current);
			return;
		}
		current.holdUnsettled(false);
		Blockage by = this.blockage;
		this.blockage = null;
		boolean reopened = !this.asking;
		if (reopened || this.doubtingAcks) {
			// Before a new leader is asked, which takes what has waited long for late
			this.doubtingAcks = current.reassure();
		}
		if (this.doubtingAcks) {
			lookWithin(this.pace.next());
		}
		this.asking = true;
		this.report.asked(found, (by != null && by.persists(found)) ? by.reason(this.definition, found) : null,
				() -> current.standBy(found));
		if (reopened) {
			open(current, found.configuration());
		}
	}

	private void open(ListenerSession current, ConsumerConfiguration consumer) {
		try {
			if (!current.open(consumer)) {
				// All workers are busy, so nothing was asked for that could be answered
				answered();
			}
		}
		catch (Throwable ex) {
			// The client has too much to send, or is closed just now
			stopAsking(ListenerState.RECOVERING, "the connection takes no requests: " + Failures.describe(ex));
			lookWithin(this.pace.next());
		}
	}

	private synchronized void unavailable(ConsumerUnavailableException problem) {
		if (this.session == null || this.pausedHere) {
			return;
		}
		// As long as messages come it does no harm that the consumer can't be read, and
		// without a connection there is a better reason
		if (problem.kind() == Kind.UNREACHABLE && (this.asking || !this.connection.isUp())) {
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
		this.report.change(next, why);
	}

}
