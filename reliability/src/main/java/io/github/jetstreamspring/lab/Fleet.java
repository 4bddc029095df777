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

package io.github.jetstreamspring.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

import io.github.jetstreamspring.lab.Event.Type;

/**
 * The workers. One that has died is replaced, as a container platform does.
 */
final class Fleet implements AutoCloseable {

	private static final long LOOK_MILLIS = 100;

	private final Ledger ledger;

	private final Function<String, LabProcess> starter;

	private final Predicate<LabProcess> works;

	// Guarded by this
	private final List<LabProcess> workers = new ArrayList<>();

	private int replaced;

	private final Thread supervisor = new Thread(this::supervise, "supervisor");

	private volatile boolean supervising = true;

	/**
	 * Creates a fleet without workers.
	 * @param ledger notes that a worker has died
	 * @param starter starts one of a name
	 * @param works tells whether one that was started works by now
	 */
	Fleet(Ledger ledger, Function<String, LabProcess> starter, Predicate<LabProcess> works) {
		this.ledger = ledger;
		this.starter = starter;
		this.works = works;
		this.supervisor.setDaemon(true);
	}

	/**
	 * Starts one worker more.
	 */
	synchronized LabProcess add() {
		LabProcess worker = this.starter.apply("worker-" + this.workers.size());
		this.workers.add(worker);
		return worker;
	}

	/**
	 * Begins to replace those that die.
	 */
	void superviseFromNow() {
		this.supervisor.start();
	}

	synchronized int size() {
		return this.workers.size();
	}

	synchronized LabProcess get(int index) {
		return this.workers.get(index);
	}

	/**
	 * Starts another one in the place of one that has died, unless somebody else has.
	 */
	synchronized void replace(int index) {
		if (!get(index).isAlive()) {
			this.workers.set(index, next(index));
		}
	}

	/**
	 * Starts one that is to take the place of another one.
	 */
	synchronized LabProcess next(int index) {
		return this.starter.apply("worker-" + index + "-" + ++this.replaced);
	}

	/**
	 * Puts one in the place of another one, which isn't taken for one that has died.
	 * @return the other one
	 */
	synchronized LabProcess set(int index, LabProcess next) {
		return this.workers.set(index, next);
	}

	private void supervise() {
		// One that has died is a fault until another one works in its place
		Map<Integer, String> faults = new HashMap<>();
		while (this.supervising) {
			for (int i = 0; i < size(); i++) {
				if (!get(i).isAlive()) {
					faults.computeIfAbsent(i, this::died);
					replace(i);
				}
				else if (faults.containsKey(i) && this.works.test(get(i))) {
					this.ledger.write(Type.CURED, faults.remove(i));
				}
			}
			try {
				TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

	private String died(int index) {
		String name = "worker %d died-%d".formatted(index, System.nanoTime());
		this.ledger.write(Type.FAULT, name);
		return name;
	}

	/**
	 * Asks all to end, and waits.
	 */
	void stop() throws Exception {
		this.supervising = false;
		this.supervisor.join();
		for (int i = 0; i < size(); i++) {
			get(i).askToEnd();
		}
		for (int i = 0; i < size(); i++) {
			get(i).awaitEnd();
		}
	}

	@Override
	public synchronized void close() {
		this.supervising = false;
		this.workers.forEach(LabProcess::close);
	}

}
