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

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfo;

/**
 * Gauges of a connection's streams and consumers.
 */
final class ServerGauges {

	// A publisher may make up the names in the subjects of dead letters
	private static final int MAX_LETTER_GAUGES = 100;

	private static final List<String> NAMES = List.of("jetstream.stream.", "jetstream.consumer.",
			"jetstream.deadletters.");

	private static final String CONSUMER = "consumer";

	private static final ConsumerName OTHERS = new ConsumerName("other", "other");

	private final String connection;

	private final ServerFigures figures;

	private final MeterRegistry registry;

	private final Set<Object> known = ConcurrentHashMap.newKeySet();

	private final Set<ConsumerName> letters = ConcurrentHashMap.newKeySet();

	/**
	 * Creates gauges.
	 * @param connection the connection's name, as tags have it
	 * @param figures what its server says
	 * @param registry where to register them
	 */
	ServerGauges(String connection, ServerFigures figures, MeterRegistry registry) {
		this.connection = connection;
		this.figures = figures;
		this.registry = registry;
	}

	/**
	 * Registers the gauges of a stream, unless they are.
	 */
	void stream(String stream) {
		if (!this.known.add(stream)) {
			return;
		}
		gauge("jetstream.stream.messages", "Messages that the stream has", stream,
				(info) -> info.getStreamState().getMsgCount());
		gauge("jetstream.stream.bytes", "Bytes that the stream's messages take", stream,
				(info) -> info.getStreamState().getByteCount());
		gauge("jetstream.stream.usage", "How much of its limit the stream uses, from 0 to 1", stream,
				ServerGauges::usage);
		if (this.figures.letterSubjects().containsKey(stream)) {
			letters(OTHERS);
		}
		this.figures.renew();
	}

	private void gauge(String name, String description, String stream, ToDoubleFunction<StreamInfo> figure) {
		Gauge.builder(name, this.figures, (current) -> current.stream(stream, figure))
			.description(description)
			.baseUnit(name.endsWith("bytes") ? "bytes" : null)
			.tags(tags(stream))
			.register(this.registry);
	}

	// Of messages or bytes, whatever is nearer
	private static double usage(StreamInfo info) {
		long maxMessages = info.getConfiguration().getMaxMsgs();
		long maxBytes = info.getConfiguration().getMaxBytes();
		double messages = (maxMessages > 0) ? (double) info.getStreamState().getMsgCount() / maxMessages : Double.NaN;
		double bytes = (maxBytes > 0) ? (double) info.getStreamState().getByteCount() / maxBytes : Double.NaN;
		return (maxMessages > 0 && maxBytes > 0) ? Math.max(messages, bytes) : (maxMessages > 0) ? messages : bytes;
	}

	/**
	 * Registers the gauges of a consumer, unless they are.
	 */
	void consumer(ConsumerName consumer) {
		if (!this.known.add(consumer)) {
			return;
		}
		gauge("jetstream.consumer.pending", "Messages that wait to be delivered for the first time", consumer,
				ConsumerInfo::getNumPending);
		gauge("jetstream.consumer.ack.pending", "Messages that are delivered and not yet acked", consumer,
				ConsumerInfo::getNumAckPending);
		gauge("jetstream.consumer.redelivered", "Messages not yet acked that were delivered more than once", consumer,
				ConsumerInfo::getRedelivered);
		Gauge.builder("jetstream.consumer.oldest.age", this.figures, (current) -> current.oldestAge(consumer))
			.description("Age of the oldest message that the consumer has not done with")
			.baseUnit("seconds")
			.tags(tags(consumer))
			.register(this.registry);
		Gauge.builder("jetstream.consumer.drain.time", this.figures, (current) -> current.drainTime(consumer))
			.description("Time until nothing is pending, at the pace of the last minute")
			.baseUnit("seconds")
			.tags(tags(consumer))
			.register(this.registry);
		if (!this.figures.letterSubjects().isEmpty()) {
			letters(consumer);
		}
		this.figures.renew();
	}

	/**
	 * Removes the gauges of consumers that nobody works for any more, and of their
	 * streams.
	 * @param names the streams that are of interest, with their consumers
	 */
	void retain(Map<String, Set<String>> names) {
		for (Object one : this.known) {
			if (one instanceof ConsumerName name
					&& !names.getOrDefault(name.stream(), Set.of()).contains(name.consumer())) {
				this.known.remove(name);
				this.figures.forget(name);
				// Back as soon as somebody reads, if it has letters
				this.letters.remove(name);
				remove(tags(name));
			}
			else if (one instanceof String stream && !names.containsKey(stream)) {
				this.known.remove(stream);
				remove(tags(stream));
			}
		}
	}

	private void remove(Tags tags) {
		List<Tag> all = tags.stream().toList();
		for (Meter meter : this.registry.getMeters()) {
			if (NAMES.stream().anyMatch(meter.getId().getName()::startsWith) && meter.getId().getTags().containsAll(all)
					&& (meter.getId().getTag(CONSUMER) != null) == (all.size() > 2)) {
				this.registry.remove(meter);
			}
		}
	}

	private void gauge(String name, String description, ConsumerName consumer, ToDoubleFunction<ConsumerInfo> figure) {
		Gauge.builder(name, this.figures, (current) -> current.consumer(consumer, figure))
			.description(description)
			.tags(tags(consumer))
			.register(this.registry);
	}

	private void letters(ConsumerName consumer) {
		if (this.letters.size() < MAX_LETTER_GAUGES && this.letters.add(consumer)) {
			Gauge.builder("jetstream.deadletters.stored", this, (gauges) -> gauges.stored(consumer))
				.description("Dead letters in their stream, by what they were before")
				.tags(tags(consumer))
				.register(this.registry);
		}
	}

	private double stored(ConsumerName consumer) {
		Map<ConsumerName, Long> stored = this.figures.letters();
		if (stored == null) {
			return Double.NaN;
		}
		// Of consumers that others work for, or nobody any more
		stored.keySet().forEach(this::letters);
		if (consumer.equals(OTHERS)) {
			return stored.entrySet()
				.stream()
				.filter((entry) -> !this.letters.contains(entry.getKey()))
				.mapToLong(Map.Entry::getValue)
				.sum();
		}
		return stored.getOrDefault(consumer, 0L);
	}

	private Tags tags(String stream) {
		return Tags.of("connection", this.connection, "stream", stream);
	}

	private Tags tags(ConsumerName consumer) {
		return tags(consumer.stream()).and(CONSUMER, consumer.consumer());
	}

}
