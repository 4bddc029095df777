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

/**
 * Names of the headers that a Spring message has when it was made from a NATS message,
 * beside the NATS message's own headers, which keep their names; and names of NATS
 * headers.
 *
 * @since 0.1.0
 */
public final class JetStreamHeaders {

	/**
	 * Subject of the message, a {@code String}.
	 */
	public static final String SUBJECT = "nats_subject";

	/**
	 * Message as the client received it, an {@link io.nats.client.Message}.
	 */
	public static final String MESSAGE = "nats_message";

	/**
	 * Handle to settle the message with, a
	 * {@code io.github.jetstreamspring.listener.Delivery}.
	 */
	public static final String DELIVERY = "nats_delivery";

	/**
	 * Stream of the message, a {@code String}.
	 */
	public static final String STREAM = "nats_stream";

	/**
	 * Consumer that the message has come from, a {@code String}.
	 */
	public static final String CONSUMER = "nats_consumer";

	/**
	 * Sequence of the message in its stream, a {@code Long}.
	 */
	public static final String SEQUENCE = "nats_sequence";

	/**
	 * Number of the attempt at the message, a {@code Long}, 1 for the first one.
	 */
	public static final String ATTEMPT = "nats_attempt";

	/**
	 * NATS header of a message: the name of the type that its payload is of, unless
	 * {@code jetstream.messaging.type-header} renames it.
	 */
	public static final String MESSAGE_TYPE = "Message-Type";

	/**
	 * NATS header of a message: how its payload is compressed, such as {@code gzip}.
	 */
	public static final String CONTENT_ENCODING = "Content-Encoding";

	/**
	 * NATS header of a request: the subject its reply goes to.
	 */
	public static final String REPLY_TO = "Reply-To";

	/**
	 * NATS header of a reply that is no result: {@link #REPLY_NONE} or
	 * {@link #REPLY_FAILED}.
	 */
	public static final String REPLY_STATUS = "Reply-Status";

	/**
	 * NATS header of a reply: why the request is given up on.
	 */
	public static final String REPLY_ERROR = "Reply-Error";

	/**
	 * Value of {@link #REPLY_STATUS}: the request is handled, without a result.
	 */
	public static final String REPLY_NONE = "none";

	/**
	 * Value of {@link #REPLY_STATUS}: the request is given up on.
	 */
	public static final String REPLY_FAILED = "failed";

	/**
	 * How the names of the headers begin that say of a dead letter what happened to it.
	 */
	public static final String DEAD_LETTER_PREFIX = "Dead-Letter-";

	/**
	 * NATS header of a dead letter: why the message was given up on.
	 */
	public static final String DEAD_LETTER_REASON = DEAD_LETTER_PREFIX + "Reason";

	/**
	 * NATS header of a dead letter: the class of what the handler threw, if it threw
	 * something.
	 */
	public static final String DEAD_LETTER_EXCEPTION = DEAD_LETTER_PREFIX + "Exception";

	/**
	 * NATS header of a dead letter: the message of what the handler threw.
	 */
	public static final String DEAD_LETTER_EXCEPTION_MESSAGE = DEAD_LETTER_PREFIX + "Exception-Message";

	/**
	 * NATS header of a dead letter: the stream the message was in.
	 */
	public static final String DEAD_LETTER_STREAM = DEAD_LETTER_PREFIX + "Stream";

	/**
	 * NATS header of a dead letter: the subject the message was published to.
	 */
	public static final String DEAD_LETTER_SUBJECT = DEAD_LETTER_PREFIX + "Subject";

	/**
	 * NATS header of a dead letter: the message's sequence in its stream.
	 */
	public static final String DEAD_LETTER_SEQUENCE = DEAD_LETTER_PREFIX + "Sequence";

	/**
	 * NATS header of a dead letter: the consumer that gave up on the message.
	 */
	public static final String DEAD_LETTER_CONSUMER = DEAD_LETTER_PREFIX + "Consumer";

	/**
	 * NATS header of a dead letter: how often the message was delivered until it was
	 * given up on.
	 */
	public static final String DEAD_LETTER_ATTEMPTS = DEAD_LETTER_PREFIX + "Attempts";

	/**
	 * NATS header of a dead letter: when the message was given up on, an ISO instant.
	 */
	public static final String DEAD_LETTER_TIME = DEAD_LETTER_PREFIX + "Time";

	/**
	 * NATS header of a dead letter: the id that the message was published with, if it had
	 * one.
	 */
	public static final String DEAD_LETTER_MESSAGE_ID = DEAD_LETTER_PREFIX + "Message-Id";

	/**
	 * NATS header of a dead letter: when the message was stored for the first time, an
	 * ISO instant.
	 */
	public static final String DEAD_LETTER_PUBLISHED = DEAD_LETTER_PREFIX + "Published";

	/**
	 * NATS header of a dead letter: when the message failed for the first time, as far as
	 * that is known, an ISO instant.
	 */
	public static final String DEAD_LETTER_FIRST_FAILURE = DEAD_LETTER_PREFIX + "First-Failure";

	/**
	 * NATS header of a dead letter: how often the message had been redriven before.
	 */
	public static final String DEAD_LETTER_REDRIVES = DEAD_LETTER_PREFIX + "Redrives";

	/**
	 * NATS header of a dead letter: why the server has put this marker in place of
	 * messages.
	 */
	public static final String DEAD_LETTER_MARKER_REASON = DEAD_LETTER_PREFIX + "Marker-Reason";

	/**
	 * NATS header of a dead letter: {@code missing} if nobody had the payload any more.
	 */
	public static final String DEAD_LETTER_PAYLOAD = DEAD_LETTER_PREFIX + "Payload";

	/**
	 * NATS header of a dead letter: header block of the message in base64, if it can't be
	 * read.
	 */
	public static final String DEAD_LETTER_RAW_HEADERS = DEAD_LETTER_PREFIX + "Raw-Headers";

	/**
	 * NATS header of a dead letter: subject of the message in base64, if it can't be
	 * read.
	 */
	public static final String DEAD_LETTER_RAW_SUBJECT = DEAD_LETTER_PREFIX + "Raw-Subject";

	/**
	 * NATS header of a dead letter: what a dead letter and its parts have in common.
	 */
	public static final String DEAD_LETTER_ID = DEAD_LETTER_PREFIX + "Id";

	/**
	 * NATS header of a dead letter: the number of this part and how many there are,
	 * {@code 2/3}.
	 */
	public static final String DEAD_LETTER_PART = DEAD_LETTER_PREFIX + "Part";

	/**
	 * NATS header of a dead letter: how many parts there are.
	 */
	public static final String DEAD_LETTER_PARTS = DEAD_LETTER_PREFIX + "Parts";

	/**
	 * NATS header of a dead letter: the sequence in the dead-letter stream from which on
	 * the parts are found.
	 */
	public static final String DEAD_LETTER_FIRST_PART = DEAD_LETTER_PREFIX + "First-Part";

	/**
	 * NATS header of a dead letter: how many bytes at the beginning of what is in the
	 * parts are the headers of the message.
	 */
	public static final String DEAD_LETTER_HEADERS_SIZE = DEAD_LETTER_PREFIX + "Headers-Size";

	/**
	 * NATS header of a redriven message: vouches for all of it. Without it a message on a
	 * lane is what anybody could have written, and no listener takes it.
	 */
	public static final String DEAD_LETTER_SIGNATURE = DEAD_LETTER_PREFIX + "Signature";

	private JetStreamHeaders() {
	}

}
