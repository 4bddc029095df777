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

import java.util.concurrent.Executor;

import io.github.jetstreamspring.guard.Guard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Ends what takes longer than it may: gives back what waits, interrupts what runs, and
 * gives up on the thread of what doesn't end.
 */
final class OverrunHandler implements LeaseKeeper.Overruns {

	private static final Log logger = LogFactory.getLog(OverrunHandler.class);

	private final ListenerDefinition definition;

	private final Workers workers;

	private final Settler settler;

	private final OutcomeDecider decider;

	private final Executor executor;

	/**
	 * Creates a handler.
	 * @param definition the listener
	 * @param workers run its handlers
	 * @param settler settles deliveries
	 * @param decider decides what an overrun means for a message
	 * @param executor runs what may wait for the server
	 */
	OverrunHandler(ListenerDefinition definition, Workers workers, Settler settler, OutcomeDecider decider,
			Executor executor) {
		this.definition = definition;
		this.workers = workers;
		this.settler = settler;
		this.decider = decider;
		this.executor = executor;
	}

	@Override
	public void overrun(ReceivedDelivery delivery) {
		if (!delivery.isRunning()) {
			// Somebody else may have a worker for it
			this.settler.giveBack(delivery);
			return;
		}
		boolean undecided = delivery.claim();
		// The leases of others must not wait for it
		this.executor.execute(() -> {
			Outcome outcome = interrupt(delivery);
			if (undecided) {
				this.settler.settle(delivery, outcome);
			}
		});
	}

	private Outcome interrupt(ReceivedDelivery delivery) {
		MaxRunTimeException overrun = new MaxRunTimeException(this.definition.maxRunTime());
		try {
			// Where the handler hangs is what its author needs to know
			overrun.setStackTrace(delivery.run().interrupt());
			logger.warn("Listener '%s': the handler of message %s runs for longer than max-run-time and is interrupted"
				.formatted(this.definition.id(), delivery), overrun);
		}
		catch (Throwable ex) {
			Guard.log(logger, () -> "Listener '%s': the handler of message %s can't be interrupted"
				.formatted(this.definition.id(), delivery), ex);
		}
		return this.decider.decide(overrun, delivery);
	}

	@Override
	public void stuck(ReceivedDelivery delivery) {
		Work work = delivery.run().work();
		if (work != null) {
			MaxRunTimeException stuck = new MaxRunTimeException(this.definition.maxRunTime());
			stuck.setStackTrace(delivery.run().stack());
			logger.warn(
					"Listener '%s': the handler of message %s doesn't end, though it was interrupted; its thread is given up on, and another one takes its place"
						.formatted(this.definition.id(), delivery),
					stuck);
			this.workers.abandon(work);
			work.deliveries().forEach(ReceivedDelivery::end);
		}
	}

}
