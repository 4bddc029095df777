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

import java.util.Locale;

/**
 * Headers of a message that waited for its next attempt as a schedule. To the server it
 * is a new message, so it carries what is known about it from before.
 *
 * @since 0.1.0
 */
public final class RetryHeaders {

	private static final String PREFIX = "JetStream-Retry-";

	/**
	 * How many attempts there were before the message was stored again.
	 */
	public static final String ATTEMPTS = PREFIX + "Attempts";

	/**
	 * Sequence of the message when it was new in the stream.
	 */
	public static final String SEQUENCE = PREFIX + "Sequence";

	/**
	 * When the message was stored for the first time.
	 */
	public static final String PUBLISHED = PREFIX + "Published";

	/**
	 * Id with which the message was published, if it had one.
	 */
	public static final String MESSAGE_ID = PREFIX + "Message-Id";

	/**
	 * When the message failed for the first time, if that is known.
	 */
	public static final String FIRST_FAILURE = PREFIX + "First-Failure";

	/**
	 * Why the message was given up on, if it only waits for its dead letter to be stored.
	 */
	public static final String GIVEN_UP = PREFIX + "Given-Up";

	/**
	 * Vouches for the others. Without it they are what anybody could have written, and
	 * count for nothing.
	 */
	public static final String SIGNATURE = PREFIX + "Signature";

	private RetryHeaders() {
	}

	/**
	 * Returns whether a header is one of these.
	 * @param name the name of the header
	 * @return whether it is about attempts
	 */
	public static boolean isOne(String name) {
		return name.toLowerCase(Locale.ROOT).startsWith(PREFIX.toLowerCase(Locale.ROOT));
	}

}
