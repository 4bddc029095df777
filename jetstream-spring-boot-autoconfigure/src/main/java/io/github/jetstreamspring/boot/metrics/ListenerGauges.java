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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerStateChangedEvent;
import io.github.jetstreamspring.listener.ListenerStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.nats.client.api.ConsumerInfo;

import org.springframework.context.ApplicationListener;

/**
 * Gauges of listeners and of the consumers they work for, from a listener's first start
 * on.
 */
final class ListenerGauges implements ApplicationListener<ListenerStateChangedEvent> {

	private static final String DEFAULT_CONNECTION = "default";

	private final JetStreamListeners listeners;

	private final ConnectionManagements managements;

	private final MeterRegistry registry;

	// Keyed by listener; several listeners of one consumer are rare
	private final Map<String, ConsumerSnapshot> known = new ConcurrentHashMap<>();

	ListenerGauges(JetStreamListeners listeners, ConnectionManagements managements, MeterRegistry registry) {
		this.listeners = listeners;
		this.managements = managements;
		this.registry = registry;
	}

	@Override
	public void onApplicationEvent(ListenerStateChangedEvent event) {
		// Those of other contexts have gauges of their own
		if (event.getSource() == this.listeners && this.listeners.ids().contains(event.getListener())) {
			this.known.computeIfAbsent(event.getListener(), this::register);
		}
	}

	private ConsumerSnapshot register(String listener) {
		ListenerStatus status = this.listeners.status(listener);
		Gauge
			.builder("jetstream.listener.workers.busy", this.listeners,
					(all) -> read(all, listener, ListenerStatus::busy))
			.description("Handlers that are running")
			.tag("listener", listener)
			.register(this.registry);
		Gauge
			.builder("jetstream.listener.workers.max", this.listeners,
					(all) -> read(all, listener, ListenerStatus::concurrency))
			.description("Handlers that may run at once")
			.tag("listener", listener)
			.register(this.registry);
		Gauge.builder("jetstream.deadletters.unstored", this.listeners, (all) -> all.status(listener).unstored())
			.description("Messages that are given up on and whose dead letters can't be stored")
			.tag("listener", listener)
			.register(this.registry);
		String connection = this.listeners.connection(listener);
		ConsumerSnapshot snapshot = new ConsumerSnapshot(this.managements.of(connection), status.stream(),
				status.consumer());
		Tags tags = Tags.of("connection", (connection != null) ? connection : DEFAULT_CONNECTION, "stream",
				status.stream(), "consumer", status.consumer());
		consumerGauge("pending", "Messages that wait to be delivered for the first time", snapshot, tags,
				ConsumerInfo::getNumPending);
		consumerGauge("ack.pending", "Messages that are delivered and not yet acked", snapshot, tags,
				ConsumerInfo::getNumAckPending);
		consumerGauge("redelivered", "Messages not yet acked that were delivered more than once", snapshot, tags,
				ConsumerInfo::getRedelivered);
		return snapshot;
	}

	private static double read(JetStreamListeners listeners, String listener, ToDoubleFunction<ListenerStatus> value) {
		// It goes with its bean
		return listeners.ids().contains(listener) ? value.applyAsDouble(listeners.status(listener)) : Double.NaN;
	}

	private void consumerGauge(String name, String description, ConsumerSnapshot snapshot, Tags tags,
			ToDoubleFunction<ConsumerInfo> value) {
		Gauge.builder("jetstream.consumer." + name, snapshot, (current) -> current.read(value))
			.description(description)
			.tags(tags)
			.register(this.registry);
	}

}
