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

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * What a worker runs: the handler, for one delivery or for a batch of them.
 */
abstract class Work {

	private final Settler settler;

	// Guarded by the workers that run it
	boolean abandoned;

	/**
	 * Creates work.
	 * @param settler settles what it can't
	 */
	Work(Settler settler) {
		this.settler = settler;
	}

	/**
	 * Returns which deliveries are handled.
	 * @return the deliveries
	 */
	abstract List<ReceivedDelivery> deliveries();

	/**
	 * Runs the handler and settles the deliveries. Throws nothing.
	 * @return completes, in whatever way, when the handler has ended; {@code null} if it
	 * has when this method returns
	 */
	final @Nullable CompletableFuture<?> run() {
		try {
			return handle();
		}
		catch (Throwable ex) {
			abort(ex);
			return null;
		}
	}

	/**
	 * Runs the handler and settles the deliveries.
	 * @return completes, in whatever way, when the handler has ended; {@code null} if it
	 * has when this method returns
	 */
	protected abstract @Nullable CompletableFuture<?> handle();

	/**
	 * Ends the work after an internal error: what is not settled is to be tried again.
	 * @param problem what was thrown
	 */
	void abort(Throwable problem) {
		for (ReceivedDelivery delivery : deliveries()) {
			abort(delivery, problem);
		}
	}

	/**
	 * Returns what is to become of a delivery whose handler has ended, and none of whose
	 * verbs has settled it.
	 * @param failure what was thrown, or {@code null}
	 * @param decider decides what that means
	 */
	protected static Outcome outcome(ReceivedDelivery delivery, @Nullable Throwable failure, OutcomeDecider decider) {
		HeldVerbs verbs = delivery.heldVerbs();
		Outcome said = (verbs != null) ? verbs.outcome() : null;
		if (said != null) {
			return said;
		}
		return (failure != null) ? decider.decide(failure, delivery) : Outcome.ACK;
	}

	/**
	 * Returns how a delivery is to end whose handler has ended.
	 * @param outcome what the end of the handler means, if none of the delivery's verbs
	 * was called
	 */
	protected final Settlement settlement(ReceivedDelivery delivery, Outcome outcome) {
		Settlement decided = delivery.run().decided();
		return (decided != null) ? decided : outcome.settlement(this.settler.keepsDeadLetters());
	}

	/**
	 * Settles a delivery, unless somebody else has.
	 */
	protected final void settle(ReceivedDelivery delivery, Outcome outcome) {
		if (delivery.claim()) {
			this.settler.settle(delivery, outcome);
		}
	}

	/**
	 * Settles a delivery that can't be handled, if that is because it is cancelled.
	 */
	protected final void settleCancelled(ReceivedDelivery delivery) {
		if (delivery.isCancelled()) {
			settle(delivery, Outcome.CANCELLED);
		}
	}

	final void abort(ReceivedDelivery delivery, Throwable problem) {
		delivery.end();
		if (delivery.claim()) {
			this.settler.rescue(delivery, problem);
		}
	}

}
