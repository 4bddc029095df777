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
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

import io.github.jetstreamspring.listener.Settlement;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one listener. They all exist from its first message on, so that a
 * dashboard shows zero dead letters rather than no data.
 */
final class ListenerMeters {

	private final @Nullable Timer handling;

	private final Map<Settlement, Counter> messages = new EnumMap<>(Settlement.class);

	/**
	 * Registers the meters.
	 * @param registry where to register them
	 * @param listener the listener's id
	 * @param timed whether to time handlers, as nothing else does
	 */
	ListenerMeters(MeterRegistry registry, String listener, boolean timed) {
		this.handling = timed ? Timer.builder("jetstream.listener.handling")
			.description("Time that the handler takes for a message")
			.tag("listener", listener)
			.register(registry) : null;
		for (Settlement settlement : Settlement.values()) {
			this.messages.put(settlement,
					Counter.builder("jetstream.listener.messages")
						.description("Messages by what became of them")
						.tag("listener", listener)
						.tag("outcome", settlement.name().toLowerCase(Locale.ROOT).replace('_', '-'))
						.register(registry));
		}
	}

	void record(Settlement settlement, Duration runTime) {
		// Without a run the handler was not called
		if (this.handling != null && !runTime.isZero()) {
			this.handling.record(runTime);
		}
		Counter counter = this.messages.get(settlement);
		if (counter != null) {
			counter.increment();
		}
	}

}
