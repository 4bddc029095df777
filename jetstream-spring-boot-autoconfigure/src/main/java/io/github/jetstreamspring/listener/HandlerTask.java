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

/**
 * Runs the handler for one delivery on a worker and settles the delivery.
 */
final class HandlerTask implements Runnable {

	private final ReceivedDelivery delivery;

	private final DeliveryHandler handler;

	private final OutcomeDecider decider;

	private final Settler settler;

	private final Credit credit;

	HandlerTask(ReceivedDelivery delivery, DeliveryHandler handler, OutcomeDecider decider, Settler settler,
			Credit credit) {
		this.delivery = delivery;
		this.handler = handler;
		this.decider = decider;
		this.settler = settler;
		this.credit = credit;
	}

	ReceivedDelivery delivery() {
		return this.delivery;
	}

	@Override
	public void run() {
		long attempt = this.delivery.attempt();
		if (this.decider.isExhausted(attempt)) {
			settle(this.decider.exhausted(attempt));
		}
		else if (this.delivery.begin()) {
			settle(handle(attempt));
		}
	}

	private void settle(Outcome outcome) {
		if (this.delivery.claim()) {
			this.settler.settle(this.delivery, outcome);
		}
	}

	private Outcome handle(long attempt) {
		try {
			this.handler.handle(this.delivery, this.delivery.message());
			return new Outcome.Ack();
		}
		catch (Throwable ex) {
			// An Error is the handler's too: a missing class must not end the worker
			return this.decider.decide(ex, attempt);
		}
		finally {
			this.delivery.end();
			this.credit.ran(this.delivery.runNanos());
		}
	}

}
