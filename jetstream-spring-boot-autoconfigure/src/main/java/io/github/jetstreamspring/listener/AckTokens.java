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

/**
 * What the reply subject of a first delivery tells. Reading it here takes a tenth of what
 * the client's parser takes, which costs as much as all the rest of a delivery. Where
 * subjects look different, such as those with a domain, the client reads them.
 */
final class AckTokens {

	/**
	 * The reply subject is for the client to read.
	 */
	static final long UNKNOWN = -1;

	private static final int SEQUENCE = 0;

	private static final int TIME = 2;

	private static final int COUNT = 4;

	// Of the largest number that certainly is a long
	private static final int MAX_DIGITS = 18;

	// Of nanoseconds since 1970, from 2001 to 2262
	private static final int TIME_DIGITS = 19;

	private AckTokens() {
	}

	/**
	 * Returns the sequence in the stream.
	 * @param replyTo the reply subject
	 * @param prefix how those of first deliveries begin, up to the number of deliveries
	 * @return the sequence, or {@link #UNKNOWN}
	 */
	static long streamSequence(String replyTo, String prefix) {
		return read(replyTo, prefix, SEQUENCE);
	}

	/**
	 * Returns when the message was stored.
	 * @param replyTo the reply subject
	 * @param prefix how those of first deliveries begin, up to the number of deliveries
	 * @return nanoseconds since 1970, or {@link #UNKNOWN}
	 */
	static long time(String replyTo, String prefix) {
		return read(replyTo, prefix, TIME);
	}

	private static long read(String replyTo, String prefix, int wanted) {
		if (!replyTo.startsWith(prefix)) {
			return UNKNOWN;
		}
		long result = UNKNOWN;
		int token = 0;
		int start = prefix.length();
		for (int i = start; i <= replyTo.length(); i++) {
			char character = (i < replyTo.length()) ? replyTo.charAt(i) : '.';
			if (character == '.') {
				int digits = i - start;
				if (token == COUNT || digits == 0 || digits > ((token == TIME) ? TIME_DIGITS : MAX_DIGITS)) {
					return UNKNOWN;
				}
				if (token == wanted) {
					result = number(replyTo, start, i);
				}
				token++;
				start = i + 1;
			}
			else if (character < '0' || character > '9') {
				return UNKNOWN;
			}
		}
		return (token == COUNT) ? result : UNKNOWN;
	}

	private static long number(String text, int start, int end) {
		long number = 0;
		for (int i = start; i < end; i++) {
			number = number * 10 + (text.charAt(i) - '0');
		}
		// Beyond what is a long
		return (number >= 0) ? number : UNKNOWN;
	}

}
