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

package io.github.jetstreamspring.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.jetstreamspring.listener.DetachedContent;
import io.github.jetstreamspring.listener.DetachedListener;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Delivers messages to the listeners of an application that has no server, and tells what
 * becomes of them. Everything between the bytes of a message and its settlement is as in
 * production: conversion, validation, interceptors, the handler, what a failure means,
 * delays and dead letters. What handlers publish is recorded.
 * <p>
 * Is a bean in tests with {@link JetStreamTest @JetStreamTest}, or with
 * {@link AutoConfigureJetStream @AutoConfigureJetStream} beside {@code @SpringBootTest},
 * unless they have a server by {@link EmbeddedNats @EmbeddedNats}. Can be used by many
 * threads at once.
 *
 * @since 0.1.0
 */
public final class ListenerHarness {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final HarnessListeners listeners;

	private final WireFormat wireFormat;

	private final RecordingServer server;

	private final Duration timeout;

	private final Map<String, HarnessListener> known = new ConcurrentHashMap<>();

	ListenerHarness(HarnessListeners listeners, WireFormat wireFormat, RecordingServer server) {
		this(listeners, wireFormat, server, TIMEOUT);
	}

	ListenerHarness(HarnessListeners listeners, WireFormat wireFormat, RecordingServer server, Duration timeout) {
		this.listeners = listeners;
		this.wireFormat = wireFormat;
		this.server = server;
		this.timeout = timeout;
	}

	/**
	 * Starts to deliver a message, which {@link HarnessDelivery#send()} does.
	 * @param listener the listener's id
	 * @param payload the payload, made to bytes as the application's template does;
	 * {@code byte[]} are those bytes
	 * @return the message
	 * @throws IllegalArgumentException if there is no such listener
	 */
	public HarnessDelivery deliver(String listener, Object payload) {
		return new HarnessDelivery(this, listener(listener), payload);
	}

	/**
	 * Starts to deliver messages that are handled together, which
	 * {@link HarnessBatch#send()} does. If they are more than a batch of the listener
	 * takes, they come in several.
	 * @param listener the id of a listener that takes batches
	 * @param payloads the payloads, made to bytes as the application's template does;
	 * {@code byte[]} are those bytes
	 * @return the messages
	 * @throws IllegalArgumentException if there is no such listener, or it takes no
	 * batches, or there are no payloads
	 */
	public HarnessBatch deliverBatch(String listener, Collection<?> payloads) {
		HarnessListener found = listener(listener);
		Assert.isTrue(found.detached().takesBatches(),
				() -> "Listener '%s' takes its messages one by one: use deliver(…), or batch = true"
					.formatted(listener));
		Assert.notEmpty(payloads, "A batch has at least one message");
		return new HarnessBatch(this, found, payloads);
	}

	/**
	 * Returns what was published since the test began, to whichever server: by handlers,
	 * by {@code @SendTo}, and by whoever else has a template. Replies to requests are
	 * among it, dead letters aren't.
	 * @return the messages, in the order in which they were published
	 */
	public List<PublishedMessage> published() {
		return this.server.published();
	}

	/**
	 * Forgets what was published, as happens before each test.
	 */
	public void clear() {
		this.server.clear();
	}

	private HarnessListener listener(String id) {
		return this.known.computeIfAbsent(id, this.listeners::find);
	}

	List<HandledDelivery> send(HarnessListener listener, Collection<?> payloads, MessageSettings settings) {
		List<DetachedContent> contents = new ArrayList<>();
		String subject = listener.subject(settings.subject());
		for (Object payload : payloads) {
			contents.add(this.wireFormat.write(payload, subject, settings));
		}
		DetachedListener detached = listener.detached();
		List<HandledDelivery> handled = new ArrayList<>();
		int size = detached.batchSize();
		for (int from = 0; from < contents.size(); from += size) {
			detached.handle(contents.subList(from, Math.min(contents.size(), from + size)), this.timeout)
				.forEach((outcome) -> handled.add(new HandledDelivery(outcome)));
		}
		return handled;
	}

	/**
	 * A listener as the harness knows it.
	 *
	 * @param id its id
	 * @param detached runs it
	 * @param filters are the subjects of its messages
	 */
	record HarnessListener(String id, DetachedListener detached, SubjectFilters filters) {

		String subject(@Nullable String wanted) {
			return (wanted != null) ? this.filters.check(wanted, this.id) : this.filters.only(this.id);
		}

	}

}
