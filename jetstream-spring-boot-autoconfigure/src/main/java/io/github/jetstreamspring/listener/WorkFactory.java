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
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Makes work of deliveries: a call of the listener's handler, and what follows from it.
 */
final class WorkFactory {

	private final Interceptors interceptors;

	private final OutcomeDecider decider;

	private final Settler settler;

	private final Workers workers;

	private final HandlerObserver observer;

	private final FollowedRuns runs;

	private final @Nullable Once once;

	/**
	 * Creates a factory.
	 * @param interceptors take part
	 * @param decider decides what a failure means
	 * @param settler settles deliveries
	 * @param workers go on with what has gone on without its thread
	 * @param observer is told how handlers end
	 * @param runs are followed by somebody, maybe
	 * @param once has messages handled once, {@code null} for at least once
	 */
	WorkFactory(Interceptors interceptors, OutcomeDecider decider, Settler settler, Workers workers,
			HandlerObserver observer, FollowedRuns runs, @Nullable Once once) {
		this.interceptors = interceptors;
		this.decider = decider;
		this.settler = settler;
		this.workers = workers;
		this.observer = observer;
		this.runs = runs;
		this.once = once;
	}

	/**
	 * Returns what makes work of a delivery.
	 * @param handler handles one message at a time
	 */
	Function<ReceivedDelivery, Work> single(DeliveryHandler handler) {
		DeliveryHandler intercepted = this.interceptors
			.around((this.once != null) ? this.once.around(handler) : handler);
		return (delivery) -> new DeliveryWork(delivery, intercepted, this.decider, this.settler, this.observer,
				this.runs);
	}

	/**
	 * Returns what makes work of a batch.
	 * @param handler handles several messages at a time
	 */
	Function<List<ReceivedDelivery>, Work> batch(BatchHandler handler) {
		return (batch) -> new BatchWork(batch, handler, this.interceptors, this.workers::goOn, this.decider,
				this.settler, this.observer, this.runs, this.once);
	}

}
