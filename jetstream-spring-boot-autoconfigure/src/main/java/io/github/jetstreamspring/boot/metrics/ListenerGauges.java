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

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerStateChangedEvent;
import io.github.jetstreamspring.listener.ListenerStatus;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationListener;

/**
 * Gauges of listeners, and of the consumers that they work for.
 */
final class ListenerGauges implements ApplicationListener<ListenerStateChangedEvent>, SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(ListenerGauges.class);

	private final JetStreamListeners listeners;

	private final ConnectionFigures figures;

	private final MeterRegistry registry;

	private final Map<String, ServerGauges> servers = new ConcurrentHashMap<>();

	private final Consumer<Set<String>> gone;

	// The consumers of listeners that have gauges
	private final Map<String, ConsumerName> known = new ConcurrentHashMap<>();

	/**
	 * Creates gauges.
	 * @param listeners the listeners
	 * @param figures what servers say
	 * @param registry where to register gauges
	 * @param gone is told of listeners that have been unregistered
	 */
	ListenerGauges(JetStreamListeners listeners, ConnectionFigures figures, MeterRegistry registry,
			Consumer<Set<String>> gone) {
		this.listeners = listeners;
		this.figures = figures;
		this.registry = registry;
		this.gone = gone;
	}

	@Override
	public void onApplicationEvent(ListenerStateChangedEvent event) {
		// Those of other contexts have gauges of their own
		if (event.getSource() == this.listeners) {
			follow(event.getListener());
		}
	}

	// One at a time, as one that is registered may have the id of one that is gone
	private synchronized void follow(String listener) {
		try {
			ListenerStatus status = this.listeners.status(listener);
			ConsumerName consumer = new ConsumerName(status.stream(), status.consumer());
			ConsumerName before = this.known.put(status.id(), consumer);
			if (!consumer.equals(before)) {
				// Only now, so that one whose bean is made again goes on counting, and
				// not
				// for each of many that start
				if (before != null || this.known.size() > this.listeners.ids().size()) {
					forgetOthers();
				}
				register(status.id(), consumer);
			}
		}
		catch (IllegalArgumentException ex) {
			// It has gone just now
		}
	}

	/**
	 * Removes the meters of listeners that were unregistered: else an application that
	 * does so all the time would have more and more.
	 */
	private void forgetOthers() {
		Set<String> gone = new HashSet<>(this.known.keySet());
		gone.removeAll(this.listeners.ids());
		this.known.keySet().removeAll(gone);
		if (!gone.isEmpty()) {
			this.gone.accept(gone);
			for (Meter meter : this.registry.getMeters()) {
				String listener = meter.getId().getTag("listener");
				if (listener != null && gone.contains(listener) && meter.getId().getName().startsWith("jetstream.")) {
					this.registry.remove(meter);
				}
			}
		}
		this.servers.forEach((connection, server) -> server.retain(this.figures.namesOn(connection)));
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (String connection : this.figures.names()) {
			try {
				register(connection, this.figures.namesOn(connection).keySet());
			}
			catch (RuntimeException ex) {
				// The start fails with a better description of what is wrong
				logger.debug("No gauges for connection '%s'".formatted(connection), ex);
			}
		}
	}

	private void register(String connection, Set<String> streams) {
		ServerGauges server = server(connection);
		streams.forEach(server::stream);
		JetStreamTemplate template = this.figures.template(connection);
		if (template != null) {
			Gauge.builder("jetstream.publisher.inflight", template, JetStreamTemplate::inFlight)
				.description("Messages that wait for their confirmation")
				.tag("connection", connection)
				.register(this.registry);
		}
	}

	/**
	 * Has the servers asked again by whoever reads next.
	 */
	void renew() {
		this.figures.names().forEach((connection) -> this.figures.of(connection).renew());
	}

	private ServerGauges server(String connection) {
		return this.servers.computeIfAbsent(connection,
				(name) -> new ServerGauges(name, this.figures.of(name), this.registry));
	}

	private void register(String listener, ConsumerName consumer) {
		gauge("jetstream.listener.workers.busy", "Handlers that are running", listener, ListenerStatus::busy);
		gauge("jetstream.listener.workers.max", "Handlers that may run at once", listener, ListenerStatus::concurrency);
		gauge("jetstream.listener.inhand", "Messages that wait for their handler or are handled", listener,
				ListenerStatus::inHand);
		gauge("jetstream.listener.credit", "Messages that may be in hand or on their way at once", listener,
				ListenerStatus::credit);
		gauge("jetstream.deadletters.unstored", "Messages that are given up on and whose dead letters can't be stored",
				listener, ListenerStatus::unstored);
		ServerGauges server = server(ConnectionFigures.tag(this.listeners.connection(listener)));
		server.stream(consumer.stream());
		server.consumer(consumer);
	}

	private void gauge(String name, String description, String listener, ToDoubleFunction<ListenerStatus> value) {
		Gauge.builder(name, this.listeners, (all) -> read(all, listener, value))
			.description(description)
			.tag("listener", listener)
			.register(this.registry);
	}

	private static double read(JetStreamListeners listeners, String listener, ToDoubleFunction<ListenerStatus> value) {
		// It goes with its bean
		return listeners.ids().contains(listener) ? value.applyAsDouble(listeners.status(listener)) : Double.NaN;
	}

}
