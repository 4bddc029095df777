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

import org.jspecify.annotations.Nullable;

/**
 * Is told what becomes of deliveries, for metrics.
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

}
