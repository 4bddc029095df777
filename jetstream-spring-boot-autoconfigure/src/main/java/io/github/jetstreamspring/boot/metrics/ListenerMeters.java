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
import java.util.concurrent.ConcurrentHashMap;

import io.github.jetstreamspring.guard.FailureNames;
import io.github.jetstreamspring.listener.Settlement;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one listener. They all exist from its first message on, so that a
 * dashboard shows zero dead letters rather than no data; only times are there from the
 * first one of their kind on.
 */
final class ListenerMeters {

	private final MeterRegistry registry;

	private final String listener;

	private final boolean timed;

	private final Map<Settlement, Counter> messages = new EnumMap<>(Settlement.class);

	private final Map<Ending, Timer> handling = new ConcurrentHashMap<>();

	private final FailureNames failures = new FailureNames();

	private final Counter extensions;

	private final Timer lag;

	private volatile @Nullable DistributionSummary batchSize;

	/**
	 * Registers the meters.
	 * @param registry where to register them
	 * @param listener the listener's id
	 * @param timed whether to time handlers, as nothing else does
	 */
	ListenerMeters(MeterRegistry registry, String listener, boolean timed) {
		this.registry = registry;
		this.listener = listener;
		this.timed = timed;
		for (Settlement settlement : Settlement.values()) {
			this.messages.put(settlement,
					Counter.builder("jetstream.listener.messages")
						.description("Messages by what became of them")
						.tag("listener", listener)
						.tag("outcome", name(settlement))
						.register(registry));
		}
		this.extensions = Counter.builder("jetstream.listener.lease.extensions")
			.description("How often leases of messages were extended, as they waited or were handled for long")
			.tag("listener", listener)
			.register(registry);
		this.lag = Timer.builder("jetstream.listener.lag")
			.description("Time from publishing a message to the start of its handler, of first attempts")
			.tag("listener", listener)
			.register(registry);
	}

	private static String name(Settlement settlement) {
		return settlement.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	void settled(Settlement settlement, Duration runTime, @Nullable Throwable failure) {
		// Without a run the handler was not called
		if (this.timed && !runTime.isZero()) {
			this.handling.computeIfAbsent(new Ending(settlement, this.failures.of(failure)), this::timer)
				.record(runTime);
		}
		Counter counter = this.messages.get(settlement);
		if (counter != null) {
			counter.increment();
		}
	}

	private Timer timer(Ending ending) {
		return Timer.builder("jetstream.listener.handling")
			.description("Time that the handler takes for a message")
			.tag("listener", this.listener)
			.tag("outcome", name(ending.settlement()))
			.tag("exception", ending.exception())
			.register(this.registry);
	}

	void extended() {
		this.extensions.increment();
	}

	void handling(Duration sincePublished) {
		// The server's clock may be ahead
		this.lag.record(sincePublished.isNegative() ? Duration.ZERO : sincePublished);
	}

	void batch(int size) {
		DistributionSummary summary = this.batchSize;
		if (summary == null) {
			// The same one, whoever is first
			summary = DistributionSummary.builder("jetstream.listener.batch.size")
				.description("How many messages the handler is given at once")
				.baseUnit("messages")
				.tag("listener", this.listener)
				.register(this.registry);
			this.batchSize = summary;
		}
		summary.record(size);
	}

	/**
	 * How a handler has ended.
	 *
	 * @param settlement what became of the message
	 * @param exception the name of what was thrown
	 */
	private record Ending(Settlement settlement, String exception) {

	}

}
