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

package io.github.jetstreamspring.boot.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.jetstreamspring.listener.DeliveryObserver;
import io.github.jetstreamspring.listener.Settlement;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * {@link DeliveryObserver} that times handlers and counts messages.
 */
final class MicrometerDeliveryObserver implements DeliveryObserver {

	private final MeterRegistry registry;

	private final boolean timed;

	private final Map<String, ListenerMeters> meters = new ConcurrentHashMap<>();

	MicrometerDeliveryObserver(MeterRegistry registry, boolean timed) {
		this.registry = registry;
		this.timed = timed;
	}

	@Override
	public void settled(String listener, Settlement settlement, Duration runTime, @Nullable Throwable failure) {
		ListenerMeters current = this.meters.get(listener);
		if (current == null) {
			current = this.meters.computeIfAbsent(listener, (id) -> new ListenerMeters(this.registry, id, this.timed));
		}
		current.record(settlement, runTime);
	}

}
