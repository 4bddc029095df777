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

package io.github.jetstreamspring.messaging;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.nats.client.impl.Headers;

/**
 * The way of redriven messages to the one consumer that has given up on them: a work
 * queue beside the dead-letter stream, in which each consumer has subjects, and a
 * consumer, of its own. Whoever publishes to the consumer's stream has no part in it.
 *
 * @param deadLetterStream the dead-letter stream
 * @param subjectPrefix what the subjects of dead letters begin with
 * @since 0.1.0
 */
public record RedriveLane(String deadLetterStream, String subjectPrefix) {

	private static final String SUFFIX = "-redrive";

	// The server takes names of 255 characters
	private static final int MAX_NAME = 200;

	private static final int HASH_BYTES = 8;

	/**
	 * Returns the stream of all lanes.
	 * @return its name
	 */
	public String stream() {
		return this.deadLetterStream + SUFFIX;
	}

	/**
	 * Returns the subjects of all lanes.
	 * @return the subject with a wildcard
	 */
	public String subjects() {
		return this.subjectPrefix + SUFFIX + ".>";
	}

	/**
	 * Returns the subject of dead letters.
	 * @param stream the stream of the consumer, or {@code *}
	 * @param consumer the consumer that has given up on them, or {@code *}
	 * @return the subject
	 */
	public String letters(String stream, String consumer) {
		return "%s.%s.%s".formatted(this.subjectPrefix, stream, consumer);
	}

	/**
	 * Returns the subject of a redriven message.
	 * @param stream the stream of its consumer
	 * @param consumer the consumer that it is for
	 * @param id its message id
	 * @return the subject
	 */
	public String subject(String stream, String consumer, String id) {
		return "%s%s.%s.%s.%s".formatted(this.subjectPrefix, SUFFIX, stream, consumer, id);
	}

	/**
	 * Returns the subjects of the lane of one consumer.
	 * @param stream the stream of the consumer
	 * @param consumer the consumer
	 * @return the subject with a wildcard
	 */
	public String filter(String stream, String consumer) {
		return subject(stream, consumer, "*");
	}

	/**
	 * Returns the subject of a part of a redriven message, which no consumer gets.
	 * @param subject the subject of the message
	 * @param number the number of the part, from 1, or {@code *}
	 * @return the subject
	 */
	public static String part(String subject, String number) {
		return subject + "." + number;
	}

	/**
	 * Returns the durable consumer of a lane.
	 * @param stream the stream of the consumer that gets the messages
	 * @param consumer the consumer that gets the messages
	 * @return the name of the lane's consumer
	 */
	public static String consumer(String stream, String consumer) {
		// Two pairs of names may be the same when they are put together
		String hash = HexFormat.of().formatHex(sha256(stream + "." + consumer), 0, HASH_BYTES);
		return consumer.substring(0, Math.min(consumer.length(), MAX_NAME)) + "-" + hash;
	}

	private static byte[] sha256(String text) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

	/**
	 * Returns the message id of a redriven message: the same for each attempt to redrive
	 * one dead letter, and known to nobody else, who could take it.
	 * @param key the key
	 * @param letter what identifies the dead letter
	 * @return text that may be a header's value, and a token of a subject
	 */
	public static String id(SigningKey key, MessageIdentity letter) {
		return key.sign("redrive-id").add(letter.toString()).end();
	}

	/**
	 * Signs a redriven message.
	 * @param key the key
	 * @param subject the subject on its lane
	 * @param headers its headers, of which those for the server and an earlier signature
	 * don't count
	 * @param payload its payload, that of all parts together
	 * @return the signature
	 */
	public static SigningKey.Signature signature(SigningKey key, String subject, Headers headers, byte[] payload) {
		SigningKey.Signature signature = key.sign("redrive").add(subject);
		Map<String, List<String>> sorted = new TreeMap<>();
		headers.forEach((name, values) -> {
			if (!HeaderFields.isReserved(name) && !name.equals(JetStreamHeaders.DEAD_LETTER_SIGNATURE)) {
				sorted.put(name, new ArrayList<>(values));
			}
		});
		sorted.forEach((name, values) -> {
			signature.add(name).add(Integer.toString(values.size()));
			values.forEach(signature::add);
		});
		return signature.add(payload);
	}

}
