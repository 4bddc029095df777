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
import java.util.List;

import io.github.jetstreamspring.test.ListenerHarness.HarnessListener;

/**
 * A message that a {@link ListenerHarness} is to deliver.
 *
 * @since 0.1.0
 */
public final class HarnessDelivery {

	private final ListenerHarness harness;

	private final HarnessListener listener;

	private final Object payload;

	private final MessageSettings settings = new MessageSettings();

	HarnessDelivery(ListenerHarness harness, HarnessListener listener, Object payload) {
		this.harness = harness;
		this.listener = listener;
		this.payload = payload;
	}

	/**
	 * Adds a header.
	 * @param name its name
	 * @param value its value
	 * @return this
	 */
	public HarnessDelivery header(String name, String value) {
		this.settings.header(name, value);
		return this;
	}

	/**
	 * Sets the subject. Without it, it is the one of the consumer's filter, or else of
	 * the stream.
	 * @param subject the subject, without wildcards
	 * @return this
	 */
	public HarnessDelivery subject(String subject) {
		this.settings.subject(subject);
		return this;
	}

	/**
	 * Sets the message id.
	 * @param id the id that its publisher gave it
	 * @return this
	 */
	public HarnessDelivery id(String id) {
		this.settings.id(id);
		return this;
	}

	/**
	 * Sets how often the message has been delivered.
	 * @param attempt the number of this delivery, from 1, which is the default
	 * @return this
	 */
	public HarnessDelivery attempt(long attempt) {
		this.settings.attempt(attempt);
		return this;
	}

	/**
	 * Sets when the message was stored.
	 * @param timestamp the time; now, unless it is set
	 * @return this
	 */
	public HarnessDelivery timestamp(Instant timestamp) {
		this.settings.timestamp(timestamp);
		return this;
	}

	/**
	 * Delivers the message, and waits up to 10 seconds until it is settled and the
	 * handler has ended.
	 * @return what became of it
	 * @throws IllegalArgumentException if the listener's consumer has no messages of this
	 * subject
	 * @throws IllegalStateException if the consumer has messages of several subjects and
	 * this one has none; or if the handler doesn't end
	 */
	public HandledDelivery send() {
		return this.harness.send(this.listener, List.of(this.payload), this.settings).get(0);
	}

}
