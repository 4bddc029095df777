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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryObserver;
import io.github.jetstreamspring.listener.FollowedRun;
import io.github.jetstreamspring.listener.Settlement;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times what listeners do with messages.
 */
final class MicrometerDeliveryObserver implements DeliveryObserver {

	private final MeterRegistry registry;

	private final boolean timed;

	private final Map<String, ListenerMeters> meters = new ConcurrentHashMap<>();

	/**
	 * Creates an observer.
	 * @param registry where to register meters
	 * @param timed whether to time handlers, as nothing else does
	 */
	MicrometerDeliveryObserver(MeterRegistry registry, boolean timed) {
		this.registry = registry;
		this.timed = timed;
	}

	@Override
	public void settled(String listener, Settlement settlement, Duration runTime, @Nullable Throwable failure) {
		of(listener).settled(settlement, runTime, failure);
	}

	@Override
	public void extended(String listener) {
		of(listener).extended();
	}

	@Override
	public @Nullable FollowedRun follow(String listener, Delivery delivery) {
		// Of later attempts it would tell how long the retry policy waits
		if (delivery.attempt() == 1) {
			of(listener).handling(Duration.between(delivery.timestamp(), Instant.now()));
		}
		return null;
	}

	@Override
	public @Nullable FollowedRun follow(String listener, List<Delivery> batch) {
		of(listener).batch(batch.size());
		batch.forEach((delivery) -> follow(listener, delivery));
		return null;
	}

	/**
	 * Forgets the meters of listeners that are gone.
	 */
	void forget(Set<String> listeners) {
		this.meters.keySet().removeAll(listeners);
	}

	private ListenerMeters of(String listener) {
		ListenerMeters current = this.meters.get(listener);
		return (current != null) ? current
				: this.meters.computeIfAbsent(listener, (id) -> new ListenerMeters(this.registry, id, this.timed));
	}

}
