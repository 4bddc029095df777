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

package io.github.jetstreamspring.benchmarks;

import java.nio.charset.StandardCharsets;

/**
 * The text of a message, from which a raw handler reads the number and the time without a
 * JSON parser.
 */
final class Payload {

	/**
	 * The shortest payload.
	 */
	static final int MIN_SIZE = 100;

	private static final String FORMAT = "{\"number\":%10d,\"time\":%20d,\"customer\":\"alice\",\"text\":\"";

	private static final String END = "\"}";

	private static final int NUMBER_END = 20;

	private static final int TIME_END = 48;

	private Payload() {
	}

	static byte[] create(int number, long time, int size) {
		String start = FORMAT.formatted(number, time);
		String text = start + "x".repeat(Math.max(0, size - start.length() - END.length())) + END;
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	static int number(byte[] payload) {
		return (int) read(payload, NUMBER_END);
	}

	static long time(byte[] payload) {
		return read(payload, TIME_END);
	}

	private static long read(byte[] payload, int end) {
		long value = 0;
		long unit = 1;
		for (int index = end - 1; payload[index] >= '0'; index--) {
			value += unit * (payload[index] - '0');
			unit *= 10;
		}
		return value;
	}

}
