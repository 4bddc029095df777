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

package io.github.jetstreamspring.observation;

import java.time.Duration;

import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.PublishResult;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a message while it is published.
 *
 * @since 0.1.0
 */
public final class PublishObservationContext extends SenderContext<PublishObservationContext.Carrier> {

	private static final String MESSAGE_ID = "Nats-Msg-Id";

	private final Message message;

	private final Carrier carrier;

	private Duration time = Duration.ZERO;

	private @Nullable PublishResult result;

	private @Nullable JetStreamException failure;

	private boolean ended;

	PublishObservationContext(Message message) {
		super(Carrier::inject, Kind.PRODUCER);
		this.message = message;
		this.carrier = new Carrier(message);
		setCarrier(this.carrier);
	}

	@Override
	public Carrier getCarrier() {
		return this.carrier;
	}

	/**
	 * Returns the message as it was before headers for its trace were added.
	 * @return the message
	 */
	public Message getMessage() {
		return this.message;
	}

	/**
	 * Returns the subject that the message is published to. That of a delayed message is
	 * shortened, as who knows all of it can replace the message.
	 * @return the subject
	 */
	public String getSubject() {
		return ScheduleSubjects.said(this.message.getSubject());
	}

	/**
	 * Returns the message's id, without control characters and of 256 characters at most.
	 * @return the id
	 */
	public @Nullable String getMessageId() {
		return MessageText.of(TraceHeaders.first(this.message.getHeaders(), MESSAGE_ID));
	}

	/**
	 * Returns where the message was stored.
	 * @return the result, or {@code null} if it isn't there yet or the message has failed
	 */
	public @Nullable PublishResult getResult() {
		return this.result;
	}

	/**
	 * Returns why the message has failed.
	 * @return the failure, or {@code null} if there is none or not yet
	 */
	public @Nullable JetStreamException getFailure() {
		return this.failure;
	}

	/**
	 * Returns how long it took.
	 * @return the time from the first attempt to the end, zero before the end
	 */
	public Duration getTime() {
		return this.time;
	}

	/**
	 * Returns whether the message is confirmed or has failed.
	 * @return whether result or failure are known
	 */
	public boolean isEnded() {
		return this.ended;
	}

	void end(Duration time, @Nullable PublishResult result, @Nullable JetStreamException failure) {
		this.time = time;
		this.result = result;
		this.failure = failure;
		this.ended = true;
	}

	/**
	 * A message to be published, to which a tracer adds headers. A message that belongs
	 * to a trace already keeps the headers that say so: a dead letter, the next attempt
	 * at a message, or one that only passes through.
	 *
	 * @since 0.1.0
	 */
	public static final class Carrier {

		private final Message original;

		private @Nullable HeaderFields headers;

		Carrier(Message original) {
			this.original = original;
		}

		/**
		 * Returns whether the message belongs to a trace already.
		 * @return whether it has headers that say so
		 */
		public boolean isTraced() {
			return TraceHeaders.areIn(this.original.getHeaders());
		}

		/**
		 * Returns the value of a header, however its name is spelled.
		 * @param name the header's name
		 * @return its first value, or {@code null} if the message doesn't have it
		 */
		public @Nullable String header(String name) {
			return TraceHeaders.first(this.original.getHeaders(), name);
		}

		static void inject(@Nullable Carrier message, String name, String value) {
			if (message != null) {
				message.add(name, value);
			}
		}

		private void add(String name, String value) {
			Headers present = this.original.getHeaders();
			if (isTraced() || (present != null && present.containsKeyIgnoreCase(name)) || !HeaderFields.isName(name)
					|| !HeaderFields.isValue(value)) {
				return;
			}
			if (this.headers == null) {
				this.headers = new HeaderFields(present);
			}
			this.headers.put(name, value);
		}

		/**
		 * Returns the message with all its headers.
		 */
		Message message() {
			return (this.headers == null) ? this.original : new NatsMessage(this.original.getSubject(), null,
					this.headers.toHeaders(), this.original.getData());
		}

	}

}
