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

import org.jspecify.annotations.Nullable;

/**
 * Is told what becomes of deliveries, for metrics, and may follow the runs of handlers,
 * for traces.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface DeliveryObserver {

	/**
	 * Does nothing.
	 */
	DeliveryObserver NONE = (listener, settlement, runTime, failure) -> {
	};

	/**
	 * Is called once for each delivery, when it is settled. Must not block.
	 * @param listener the listener's id
	 * @param settlement how the delivery ended
	 * @param runTime how long the handler ran, zero if it didn't
	 * @param failure what the handler threw, or {@code null}
	 */
	void settled(String listener, Settlement settlement, Duration runTime, @Nullable Throwable failure);

	/**
	 * Is called when the lease of a delivery has been extended, by the listener or by the
	 * handler. Must not block.
	 * @param listener the listener's id
	 */
	default void extended(String listener) {
	}

	/**
	 * Is called when a handler and its interceptors are about to run for one delivery, on
	 * the thread that runs them. Must not block. If it throws, the handler runs without
	 * being followed.
	 * @param listener the listener's id
	 * @param delivery the delivery
	 * @return what follows the run, or {@code null} if nothing does
	 */
	default @Nullable FollowedRun follow(String listener, Delivery delivery) {
		return null;
	}

	/**
	 * Is called when a handler and its interceptors are about to run for a batch, on the
	 * thread that runs them. Must not block. If it throws, the handler runs without being
	 * followed.
	 * @param listener the listener's id
	 * @param batch the deliveries of the batch; not empty
	 * @return what follows the run, or {@code null} if nothing does
	 */
	default @Nullable FollowedRun follow(String listener, List<Delivery> batch) {
		return null;
	}

	/**
	 * Returns one for several, none of which keeps the others from being called by
	 * throwing.
	 * @param observers the observers; the first one's scope is outermost
	 * @return one that calls all of them
	 */
	static DeliveryObserver of(List<? extends DeliveryObserver> observers) {
		return switch (observers.size()) {
			case 0 -> NONE;
			case 1 -> observers.get(0);
			default -> new DeliveryObservers(List.copyOf(observers));
		};
	}

}
