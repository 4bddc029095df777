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

import io.github.jetstreamspring.listener.pull.Receiver;

/**
 * What becomes of messages whose order key can't be told.
 */
final class KeyFailures implements KeyedIntake.Failed, OrderKeyWatch.Overruns {

	private final OutcomeDecider decider;

	private final Settler settler;

	private final Receiver receiver;

	private final Executor executor;

	/**
	 * Creates what settles them.
	 * @param decider decides what a failure means for a message
	 * @param settler settles deliveries
	 * @param receiver has another thread receive when one is given up on
	 * @param executor runs what may wait
	 */
	KeyFailures(OutcomeDecider decider, Settler settler, Receiver receiver, Executor executor) {
		this.decider = decider;
		this.settler = settler;
		this.receiver = receiver;
		this.executor = executor;
	}

	@Override
	public void failed(ReceivedDelivery delivery, Throwable failure) {
		settle(this.decider, this.settler, delivery, failure);
	}

	static void settle(OutcomeDecider decider, Settler settler, ReceivedDelivery delivery, Throwable failure) {
		Outcome outcome = decider.decide(failure, delivery);
		if (delivery.claim()) {
			// A dead letter may have to wait, and other messages must not
			settler.settleSoon(delivery, outcome);
		}
	}

	@Override
	public void stuck(ReceivedDelivery delivery, Throwable failure) {
		this.receiver.replace();
		this.executor.execute(() -> failed(delivery, failure));
	}

}
