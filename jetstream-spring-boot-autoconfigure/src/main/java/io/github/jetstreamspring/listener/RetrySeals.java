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

package io.github.jetstreamspring.listener;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.NatsMessages;
import io.github.jetstreamspring.messaging.RetryHeaders;
import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.github.jetstreamspring.messaging.SigningKey;
import io.nats.client.Message;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.Headers;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Seals what a message that waits as a schedule carries about itself. Anybody may publish
 * a message with such headers: without an unbroken seal they are as foreign as all
 * others.
 * <p>
 * The key is the application's own, or else the time at which the stream was created, to
 * the nanosecond, which is known to those who may look at the stream.
 */
final class RetrySeals {

	private static final Log logger = LogFactory.getLog(RetrySeals.class);

	private final String streamName;

	private final String consumer;

	private final KnownStream stream;

	private final @Nullable SigningKey ownKey;

	RetrySeals(ListenerDefinition definition, ListenerEnvironment environment) {
		this.streamName = definition.stream();
		this.consumer = definition.consumer();
		this.stream = new KnownStream(definition.stream(),
				() -> environment.connection().jetStreamManagement().getStreamInfo(definition.stream()),
				environment.executor());
		this.ownKey = environment.signingKey();
	}

	KnownStream stream() {
		return this.stream;
	}

	/**
	 * Returns whether the server puts markers in place of messages that are gone, which
	 * it does where it is told to: anybody may publish what looks like one.
	 */
	boolean hasDeleteMarkers() {
		try {
			Duration ttl = this.stream.getRecent().getConfiguration().getSubjectDeleteMarkerTtl();
			return ttl != null && !ttl.isZero();
		}
		catch (RuntimeException ex) {
			logger.debug("Nobody can tell whether a message is a delete marker, so it counts as none", ex);
			return false;
		}
	}

	/**
	 * Returns what is known of a message from before. Asks the server at most now and
	 * then, and only for messages that say something of it.
	 */
	RetryHistory read(Message message) {
		Headers headers = message.getHeaders();
		String attempts = (headers != null) ? headers.getFirst(RetryHeaders.ATTEMPTS) : null;
		if (headers == null || attempts == null) {
			return RetryHistory.NONE;
		}
		String sequence = headers.getFirst(RetryHeaders.SEQUENCE);
		String published = headers.getFirst(RetryHeaders.PUBLISHED);
		String signature = headers.getFirst(RetryHeaders.SIGNATURE);
		if (sequence == null || published == null || signature == null) {
			return RetryHistory.NONE;
		}
		try {
			if (!isSealed(message, signature)) {
				return RetryHistory.NONE;
			}
			String firstFailure = headers.getFirst(RetryHeaders.FIRST_FAILURE);
			return new RetryHistory(Long.parseLong(attempts), Long.parseLong(sequence), Instant.parse(published),
					headers.getFirst(RetryHeaders.MESSAGE_ID),
					(firstFailure != null) ? Instant.parse(firstFailure) : null,
					headers.getFirst(RetryHeaders.GIVEN_UP));
		}
		catch (RuntimeException ex) {
			logger.debug("Nobody can tell whether a message has waited as a schedule, so it counts as a new one", ex);
			return RetryHistory.NONE;
		}
	}

	private boolean isSealed(Message message, String signature) {
		if (this.ownKey != null) {
			return signature(this.ownKey, message).matches(signature);
		}
		StreamInfo known = this.stream.get();
		if (signature(SigningKey.ofStream(known), message).matches(signature)) {
			return true;
		}
		// It may be another stream by now
		StreamInfo recent = this.stream.getRecent();
		return recent != known && signature(SigningKey.ofStream(recent), message).matches(signature);
	}

	/**
	 * Returns the headers of a message that is to wait: its own, and those that say what
	 * it was.
	 * @param delivery the delivery
	 * @param givenUp why the message is given up on, {@code null} if it isn't
	 */
	Headers seal(ReceivedDelivery delivery, @Nullable String givenUp) {
		HeaderFields headers = new HeaderFields();
		delivery.headers().forEach((name, values) -> {
			if (!isOurs(name)) {
				headers.put(name, values);
			}
		});
		RetryHistory history = delivery.origin().history();
		Instant published = (history.published() != null) ? history.published() : delivery.timestamp();
		// What is given up on waits longer each time
		headers.put(RetryHeaders.ATTEMPTS,
				Long.toString((givenUp != null) ? delivery.origin().counted() : delivery.attempt()));
		headers.put(RetryHeaders.SEQUENCE, Long.toString(delivery.origin().firstSequence()));
		headers.put(RetryHeaders.PUBLISHED, published.toString());
		String messageId = delivery.origin().messageId();
		if (messageId != null) {
			headers.put(RetryHeaders.MESSAGE_ID, messageId);
		}
		Instant firstFailure = delivery.firstFailure();
		if (firstFailure != null) {
			headers.put(RetryHeaders.FIRST_FAILURE, firstFailure.toString());
		}
		if (givenUp != null) {
			headers.put(RetryHeaders.GIVEN_UP, sealable(givenUp));
		}
		Headers unsigned = headers.toHeaders();
		headers.put(RetryHeaders.SIGNATURE,
				signature(key(), unsigned, delivery.subject(), NatsMessages.data(delivery.message())).end());
		return headers.toHeaders();
	}

	// As it comes back from the server: neither halves of characters nor blanks around
	// it survive
	private static String sealable(String reason) {
		String text = new String(HeaderText.of(reason).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
			.strip();
		return text.isEmpty() ? "no reason" : text;
	}

	/**
	 * Returns the subject on which a message waits: the same for each delivery of the
	 * message, as two schedules would be two messages, and known to nobody else, who
	 * could have the server remove it.
	 */
	String subject(ReceivedDelivery delivery) {
		return ScheduleSubjects.retry(this.streamName, this.consumer, delivery.streamSequence(),
				key().sign("retry-subject").add(this.consumer).add(delivery.origin().identity().toString()).end());
	}

	private SigningKey key() {
		return (this.ownKey != null) ? this.ownKey : SigningKey.ofStream(this.stream.getRecent());
	}

	private SigningKey.Signature signature(SigningKey key, Message message) {
		return signature(key, message.getHeaders(), message.getSubject(), NatsMessages.data(message));
	}

	private SigningKey.Signature signature(SigningKey key, Headers headers, String subject, byte[] payload) {
		String givenUp = headers.getFirst(RetryHeaders.GIVEN_UP);
		// Another purpose, so that the reason can't be taken away or added
		SigningKey.Signature signature = ((givenUp != null) ? key.sign("given-up").add(givenUp) : key.sign("retry"))
			.add(this.streamName)
			.add(this.consumer)
			.add(subject)
			.add(String.valueOf(headers.getFirst(RetryHeaders.ATTEMPTS)))
			.add(String.valueOf(headers.getFirst(RetryHeaders.SEQUENCE)))
			.add(String.valueOf(headers.getFirst(RetryHeaders.PUBLISHED)))
			.add(String.valueOf(headers.getFirst(RetryHeaders.MESSAGE_ID)))
			.add(String.valueOf(headers.getFirst(RetryHeaders.FIRST_FAILURE)));
		Map<String, List<String>> others = new TreeMap<>();
		headers.forEach((name, values) -> {
			if (!isOurs(name)) {
				others.put(name, new ArrayList<>(values));
			}
		});
		others.forEach((name, values) -> {
			signature.add(name).add(Integer.toString(values.size()));
			values.forEach(signature::add);
		});
		return signature.add(payload);
	}

	private static boolean isOurs(String name) {
		return HeaderFields.isReserved(name) || RetryHeaders.isOne(name);
	}

}
