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

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Header blocks that nobody can read, each with a header that can be read,
 * {@code Tenant: acme}.
 */
public final class UnreadableHeaders {

	/**
	 * One of each kind.
	 */
	public static final Map<String, byte[]> ALL = unreadable();

	private UnreadableHeaders() {
	}

	private static Map<String, byte[]> unreadable() {
		Map<String, byte[]> blocks = new LinkedHashMap<>();
		blocks.put("name with a blank", block("X Name: 1"));
		blocks.put("empty name", block(": 1"));
		blocks.put("no colon", block("X-Name"));
		blocks.put("bare line feed", block("X-Name: 1\nX-Other: 2"));
		blocks.put("bare carriage return", block("X-Name: 1\rX-Other: 2"));
		blocks.put("NUL in a name", block("X\0Name: 1"));
		blocks.put("value that isn't UTF-8", bytes("NATS/1.0\r\nX-Name: \u00ff\r\nTenant: acme\r\n\r\n"));
		blocks.put("name that isn't UTF-8", bytes("NATS/1.0\r\nX\u00ff: 1\r\nTenant: acme\r\n\r\n"));
		blocks.put("no version", bytes("X-Name: 1\r\nTenant: acme\r\n\r\n"));
		blocks.put("not ended", bytes("NATS/1.0\r\nTenant: acme\r\nX-Name: 1"));
		blocks.put("not ended by an empty line", bytes("NATS/1.0\r\nTenant: acme\r\n"));
		blocks.put("something after the end", bytes("NATS/1.0\r\nTenant: acme\r\n\r\nX-Name: 1\r\n\r\n"));
		return blocks;
	}

	private static byte[] block(String line) {
		return bytes("NATS/1.0\r\n" + line + "\r\nTenant: acme\r\n\r\n");
	}

	// One byte for each character
	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

}
