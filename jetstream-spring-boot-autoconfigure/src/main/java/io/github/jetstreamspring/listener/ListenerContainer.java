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
import java.util.concurrent.locks.ReentrantLock;

/**
 * A listener as the application has it in hand: starts and stops it, pauses it, changes
 * how much it does at once.
 */
final class ListenerContainer implements CircuitGuard.Circuit {

	private final ListenerDefinition definition;

	private final ListenerEnvironment environment;

	private final ConsumerFinder finder;

	private final FleetPause fleet;

	private final ListenerSupervisor supervisor;

	// Held while the listener starts or stops, which may take long
	private final ReentrantLock lifecycle = new ReentrantLock();

	private volatile CircuitGuard guard;

	// Then the guard's pause is none of its own, and does not end by itself
	private volatile boolean pausedByHand;

	private volatile int concurrency;

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

	ListenerStatus status() {
		return this.supervisor.status(this.concurrency);
	}

	/**
	 * Starts the listener, unless it is started.
	 * @throws IllegalStateException if the consumer can't be had
	 */
	void start() {
		this.lifecycle.lock();
		try {
			if (this.supervisor.starting()) {
				this.pausedByHand = false;
				FoundConsumer found = this.finder.findPatiently();
				CircuitGuard fresh = new CircuitGuard(this.definition, this.environment.scheduler(), this);
				this.guard.end();
				this.guard = fresh;
				this.supervisor.started(new ListenerSession(this.definition, this.concurrency, found.configuration(),
						this.environment, this.supervisor, fresh), found);
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

	/**
	 * Stops the listener, unless it is stopped, and waits until it is.
	 */
	void stop() {
		this.lifecycle.lock();
		try {
			ListenerSession stopped = this.supervisor.stopping();
			if (stopped != null) {
				stopped.stop();
				this.supervisor.stopped();
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
		this.supervisor.resize(concurrency);
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
		this.supervisor.hold();
		if (!this.pausedByHand) {
			this.supervisor.pause(reason);
			this.supervisor.tellSoon();
		}
	}

	@Override
	public void tryOut() {
		this.supervisor.handleOneByOne();
		if (!this.pausedByHand) {
			this.supervisor.resume();
			this.supervisor.tellSoon();
		}
	}

	@Override
	public void close() {
		this.supervisor.handleAll();
	}

}
