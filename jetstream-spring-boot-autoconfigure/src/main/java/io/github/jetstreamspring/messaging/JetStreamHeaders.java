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
 * beside the NATS message's own headers, which keep their names.
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

	private JetStreamHeaders() {
	}

}
