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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import io.github.jetstreamspring.guard.OwnThreads;
import io.nats.client.api.ConsumerConfiguration;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A listener as the application has it in hand: starts and stops it, pauses it, changes
 * how much it does at once.
 */
final class ListenerContainer implements CircuitGuard.Circuit {

	private static final Log logger = LogFactory.getLog(ListenerContainer.class);

	private final ListenerDefinition definition;

	private final ListenerEnvironment environment;

	private final ConsumerFinder finder;

	private final FleetPause fleet;

	private final ListenerSupervisor supervisor;

	// Held while the listener starts or stops, which may take long
	private final ReentrantLock lifecycle = new ReentrantLock();

	// The last one, which may be about to stop
	private volatile @Nullable ListenerSession session;

	private volatile CompletableFuture<?> stopping = CompletableFuture.completedFuture(null);

	// How often it was told to stop, which takes back each start from before
	private final AtomicInteger stops = new AtomicInteger();

	private volatile boolean retired;

	private volatile CircuitGuard guard;

	// Then the guard's pause is not its own, and does not end by itself
	private volatile boolean pausedByHand;

	private volatile int concurrency;

	// Those of all sessions
	private final LastRuns runs = new LastRuns();

	ListenerContainer(ListenerDefinition definition, ListenerEnvironment environment) {
		this.definition = definition;
		this.concurrency = definition.concurrency();
		this.environment = environment;
		this.finder = new ConsumerFinder(definition, environment);
		this.fleet = new FleetPause(definition, environment.connection());
		this.supervisor = new ListenerSupervisor(definition, environment, this.finder);
		this.guard = new CircuitGuard(definition, environment.scheduler(), this);
	}

	ListenerDefinition definition() {
		return this.definition;
	}

	ListenerEnvironment environment() {
		return this.environment;
	}

	/**
	 * Cancels a job that is in hand.
	 * @param id the id of its message
	 * @return what became of it, or {@code null} if it isn't in hand
	 */
	@Nullable CancelResult cancel(String id) {
		ListenerSession current = this.session;
		return (current != null) ? current.cancel(id) : null;
	}

	/**
	 * Returns the jobs in hand, the oldest first.
	 * @param limit how many, at most
	 */
	List<JetStreamJobs.CurrentJob> jobs(int limit) {
		ListenerSession current = this.session;
		return (current != null) ? current.jobs(limit) : List.of();
	}

	ListenerStatus status() {
		return this.supervisor.status(this.concurrency, this.runs);
	}

	/**
	 * Starts the listener, unless it is started. If it is about to stop, it starts
	 * afterwards; a thread that the stop waits for doesn't wait for that.
	 * @throws IllegalStateException if the consumer can't be used
	 */
	void start() {
		planStart().run();
	}

	/**
	 * Returns a start as of now. A stop that comes before it has been carried out takes
	 * it back.
	 * @return what starts the listener, as {@link #start()} does
	 */
	Runnable planStart() {
		int stopsBefore = this.stops.get();
		return () -> start(stopsBefore);
	}

	private void start(int stopsBefore) {
		CompletableFuture<?> last = this.stopping;
		if (!last.isDone() && OwnThreads.isOne()) {
			last.whenComplete((stopped, failure) -> this.environment.executor().execute(() -> startNow(stopsBefore)));
			return;
		}
		await(last);
		startNow(stopsBefore);
	}

	private void startNow(int stopsBefore) {
		this.lifecycle.lock();
		try {
			// Who stops it counts first and takes the lock then, so none slips through
			if (!this.retired && this.stops.get() == stopsBefore && this.supervisor.starting()) {
				this.pausedByHand = false;
				FoundConsumer found = this.finder.findPatiently();
				CircuitGuard fresh = new CircuitGuard(this.definition, this.environment.scheduler(), this);
				this.guard.end();
				this.guard = fresh;
				ListenerSession started = session(found.configuration(), fresh);
				started.start();
				this.session = started;
				this.supervisor.started(started, found);
				this.finder.warn(found);
			}
		}
		catch (ConsumerUnavailableException ex) {
			throw new IllegalStateException(
					"Listener '%s' can't be started: %s".formatted(this.definition.id(), ex.reason()), ex);
		}
		finally {
			this.supervisor.notStarted();
			this.lifecycle.unlock();
			this.supervisor.tell();
		}
	}

	private ListenerSession session(ConsumerConfiguration consumer, HandlerObserver circuit) {
		UnstoredLetters unstored = this.supervisor.unstored();
		HandlerObserver observer = (nanos, deliveries, failure) -> {
			this.runs.ran(nanos, deliveries, failure);
			circuit.ran(nanos, deliveries, failure);
		};
		return new ListenerSession(this.definition, this.environment.executor(), unstored, SessionStages
			.wire(this.definition, this.concurrency, consumer, this.environment, observer, unstored, this.supervisor));
	}

	/**
	 * Stops the listener, unless it is stopped, and waits until it is; but for a thread
	 * that handles or settles messages, as that would wait for itself.
	 */
	void stop() {
		CompletableFuture<?> stopped = stopSoon();
		if (!OwnThreads.isOne()) {
			await(stopped);
		}
	}

	/**
	 * Stops the listener, unless it is stopped. No handler begins any more.
	 * @return completes when it is
	 */
	CompletableFuture<?> stopSoon() {
		// At once: a handler that stops its own listener ends before the stop begins
		this.supervisor.tellSession(ListenerSession::hold);
		return stopInTurn();
	}

	private synchronized CompletableFuture<?> stopInTurn() {
		this.stops.incrementAndGet();
		CompletableFuture<?> last = this.stopping;
		try {
			CompletableFuture<?> stopped = CompletableFuture.runAsync(this::stopNow, this.environment.executor());
			this.stopping = last.isDone() ? stopped : CompletableFuture.allOf(last, stopped);
			return stopped;
		}
		catch (RejectedExecutionException ex) {
			// It is destroyed already
			return last;
		}
	}

	/**
	 * Lets nobody start the listener any more. To be called before its last stop.
	 */
	void retire() {
		this.retired = true;
	}

	/**
	 * Returns whether there are handlers that a stopping thread may wait for.
	 * @param stopping the thread, which must not wait for its own handler
	 */
	boolean isAtWork(Thread stopping) {
		ListenerSession current = this.session;
		return current != null && current.isAtWork(stopping);
	}

	private static void await(CompletableFuture<?> stopped) {
		try {
			stopped.join();
		}
		catch (CompletionException ex) {
			// Logged where it happened: it has stopped as far as it can
			logger.error("A listener didn't stop as it should", ex.getCause());
		}
	}

	private void stopNow() {
		this.lifecycle.lock();
		try {
			ListenerSession stopped = this.supervisor.stopping();
			if (stopped != null) {
				try {
					stopped.stop();
				}
				finally {
					this.supervisor.stopped();
				}
			}
		}
		finally {
			this.lifecycle.unlock();
			this.supervisor.tell();
		}
	}

	/**
	 * Changes how many handlers run at once, now and after the next start.
	 * @param concurrency a number of at least 1
	 */
	void resize(int concurrency) {
		this.concurrency = concurrency;
		this.supervisor.tellSession((session) -> session.resize(concurrency));
	}

	void pause() {
		this.guard.undisturbed(() -> this.pausedByHand = this.supervisor.pause(null));
		this.supervisor.tell();
	}

	void pause(Duration duration) {
		this.fleet.pause(duration);
		this.supervisor.lookWithin(Duration.ZERO);
	}

	/**
	 * Ends the pause of this instance, and the one of all instances.
	 */
	void resume() {
		boolean fleetPaused = this.supervisor.isFleetPaused();
		this.guard.goOn(() -> {
			this.pausedByHand = false;
			this.supervisor.resume();
		});
		this.supervisor.tell();
		if (fleetPaused) {
			this.fleet.resume();
		}
		this.supervisor.lookWithin(Duration.ZERO);
	}

	@Override
	public void open(String reason) {
		this.supervisor.tellSession(ListenerSession::hold);
		if (!this.pausedByHand) {
			this.supervisor.pause(reason);
			this.supervisor.tellSoon();
		}
	}

	@Override
	public void tryOut() {
		this.supervisor.tellSession(ListenerSession::handleOneByOne);
		if (!this.pausedByHand) {
			this.supervisor.resume();
			this.supervisor.tellSoon();
		}
	}

	@Override
	public void close() {
		this.supervisor.tellSession(ListenerSession::handleAll);
	}

}
