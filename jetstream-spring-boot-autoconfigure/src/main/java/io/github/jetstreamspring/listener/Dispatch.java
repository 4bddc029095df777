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

import java.util.concurrent.RejectedExecutionException;

import io.github.jetstreamspring.listener.pull.Credit;
import io.github.jetstreamspring.listener.pull.Receiver;

/**
 * Has work done: by a worker, or by the receiver itself when handlers are quicker than
 * the wake-up of a worker.
 */
final class Dispatch {

	// What it costs to hand a message to another thread, which works on it in parallel
	private static final double WAKE_UP_NANOS = 10_000;

	private final String listener;

	private final Workers workers;

	private final Receiver receiver;

	private final Credit credit;

	private final Settler settler;

	/**
	 * Creates a dispatch.
	 * @param listener the listener's id
	 * @param workers do the work
	 * @param receiver receives, and may do quick work
	 * @param credit knows how quick handlers are
	 * @param settler gives back what comes too late
	 */
	Dispatch(String listener, Workers workers, Receiver receiver, Credit credit, Settler settler) {
		this.listener = listener;
		this.workers = workers;
		this.receiver = receiver;
		this.credit = credit;
		this.settler = settler;
	}

	/**
	 * Has work done by a worker, as soon as one is free.
	 * @param work the work
	 */
	void execute(Work work) {
		try {
			this.workers.execute(work);
		}
		catch (RejectedExecutionException ex) {
			work.deliveries().forEach(this.settler::giveBack);
		}
	}

	/**
	 * Has work done that has just been received.
	 * @param work the work
	 */
	void executeReceived(Work work) {
		boolean quick = this.credit.averageNanos() < WAKE_UP_NANOS && this.receiver.isReceiving();
		if (!quick || !executeHere(work)) {
			execute(work);
		}
	}

	private boolean executeHere(Work work) {
		ListenerThreads.nameAfter(this.listener);
		return this.workers.runHere(work);
	}

}
