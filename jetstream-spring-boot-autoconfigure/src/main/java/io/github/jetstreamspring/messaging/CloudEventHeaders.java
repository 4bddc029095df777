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

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Headers of CloudEvents in binary mode, as their binding to NATS has them: attributes
 * with a prefix, in ASCII with percent signs for all other characters.
 *
 * @since 0.1.0
 */
public final class CloudEventHeaders {

	private static final String PREFIX = "ce-";

	private static final String HEX = "0123456789ABCDEF";

	private CloudEventHeaders() {
	}

	/**
	 * Returns whether a header is an attribute of an event.
	 * @param name the name of the header
	 * @return whether it is
	 */
	public static boolean isOne(String name) {
		return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
	}

	static String header(String attribute) {
		return PREFIX + attribute;
	}

	static String attribute(String header) {
		return header.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
	}

	static String encode(String value) {
		StringBuilder encoded = new StringBuilder(value.length());
		for (byte each : value.getBytes(StandardCharsets.UTF_8)) {
			if (each > ' ' && each < 127 && each != '"' && each != '%') {
				encoded.append((char) each);
			}
			else {
				encoded.append('%').append(HEX.charAt((each >> 4) & 15)).append(HEX.charAt(each & 15));
			}
		}
		return encoded.toString();
	}

	/**
	 * Decodes a value. What is no percent sign with two digits stays as it is.
	 */
	static String decode(String value) {
		if (value.indexOf('%') < 0) {
			return value;
		}
		byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
		ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
		for (int i = 0; i < bytes.length; i++) {
			int high = (bytes[i] == '%' && i + 2 < bytes.length) ? Character.digit(bytes[i + 1], 16) : -1;
			int low = (high >= 0) ? Character.digit(bytes[i + 2], 16) : -1;
			if (low >= 0) {
				decoded.write(high * 16 + low);
				i += 2;
			}
			else {
				decoded.write(bytes[i]);
			}
		}
		return decoded.toString(StandardCharsets.UTF_8);
	}

}
