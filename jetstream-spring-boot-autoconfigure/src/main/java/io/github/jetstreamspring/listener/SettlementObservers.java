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

import io.github.jetstreamspring.guard.Guard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * All who are told how a delivery ended, whatever they make of it.
 */
final class SettlementObservers {

	private static final Log logger = LogFactory.getLog(SettlementObservers.class);

	private final String listener;

	private final DeliveryObserver observer;

	private final Interceptors interceptors;

	private final UnstoredLetters unstored;

	SettlementObservers(ListenerDefinition definition, ListenerEnvironment environment, UnstoredLetters unstored) {
		this.listener = definition.id();
		this.observer = environment.observer();
		this.interceptors = environment.interceptors(definition);
		this.unstored = unstored;
	}

	void settled(ReceivedDelivery delivery, Settlement settlement, @Nullable Throwable failure) {
		// What goes back to its queue is still to become a dead letter
		if (settlement != Settlement.DEAD_LETTER_FAILED && settlement != Settlement.RETURNED) {
			this.unstored.settled(delivery);
		}
		tellObserver(delivery, settlement, failure);
		this.interceptors.settled(delivery, settlement, failure);
	}

	/**
	 * Tells those alone who count, of a delivery that stays in hand.
	 */
	void tellObserver(ReceivedDelivery delivery, Settlement settlement, @Nullable Throwable failure) {
		try {
			this.observer.settled(this.listener, settlement, Duration.ofNanos(delivery.runNanos()), failure);
		}
		catch (Throwable ex) {
			Guard.log(logger,
					() -> "Listener '%s': an observer failed for message %s".formatted(this.listener, delivery), ex);
		}
	}

	void extended() {
		try {
			this.observer.extended(this.listener);
		}
		catch (Throwable ex) {
			Guard.log(logger, () -> "Listener '%s': an observer failed".formatted(this.listener), ex);
		}
	}

}
