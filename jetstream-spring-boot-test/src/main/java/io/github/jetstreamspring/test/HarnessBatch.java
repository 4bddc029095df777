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

import java.time.Instant;
import java.util.Collection;
import java.util.List;

import io.github.jetstreamspring.test.ListenerHarness.HarnessListener;

/**
 * Messages that a {@link ListenerHarness} is to deliver together. What is said about them
 * holds for each.
 *
 * @since 0.1.0
 */
public final class HarnessBatch {

	private final ListenerHarness harness;

	private final HarnessListener listener;

	private final List<?> payloads;

	private final MessageSettings settings = new MessageSettings();

	HarnessBatch(ListenerHarness harness, HarnessListener listener, Collection<?> payloads) {
		this.harness = harness;
		this.listener = listener;
		this.payloads = List.copyOf(payloads);
	}

	/**
	 * Adds a header.
	 * @param name its name
	 * @param value its value
	 * @return this
	 */
	public HarnessBatch header(String name, String value) {
		this.settings.header(name, value);
		return this;
	}

	/**
	 * Sets the subject. Without it, it is the one of the consumer's filter, or else of
	 * the stream.
	 * @param subject the subject, without wildcards
	 * @return this
	 */
	public HarnessBatch subject(String subject) {
		this.settings.subject(subject);
		return this;
	}

	/**
	 * Sets how often the messages have been delivered.
	 * @param attempt the number of this delivery, from 1, which is the default
	 * @return this
	 */
	public HarnessBatch attempt(long attempt) {
		this.settings.attempt(attempt);
		return this;
	}

	/**
	 * Sets when the messages were stored.
	 * @param timestamp the time; now, unless it is set
	 * @return this
	 */
	public HarnessBatch timestamp(Instant timestamp) {
		this.settings.timestamp(timestamp);
		return this;
	}

	/**
	 * Delivers the messages, and waits up to 10 seconds for each batch until its messages
	 * are settled and the handler has ended.
	 * @return what became of each, in their order
	 * @throws IllegalArgumentException if the listener's consumer has no messages of this
	 * subject
	 * @throws IllegalStateException if the consumer has messages of several subjects and
	 * these have none; or if the handler doesn't end
	 */
	public List<HandledDelivery> send() {
		return this.harness.send(this.listener, this.payloads, this.settings);
	}

}
