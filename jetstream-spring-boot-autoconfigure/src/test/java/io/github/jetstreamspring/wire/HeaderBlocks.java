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

package io.github.jetstreamspring.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Header blocks of all kinds, each with what makes it hard to read.
 */
final class HeaderBlocks {

	static final Map<String, byte[]> UNREADABLE = unreadable();

	private static final byte[][] PIECES = { bytes("NATS/1.0"), bytes("\r\n"), bytes("\r\n"), bytes("\r\n\r\n"),
			bytes("\r"), bytes("\n"), bytes(":"), bytes(":"), bytes(": "), bytes(" "), bytes("\t"), bytes("\0"),
			bytes("a"), bytes("X-Name"), bytes("X-Name:value\r\n"), bytes("Nats-Stream"), bytes("Nats_Stream: x\r\n"),
			bytes("KV-Operation"), bytes("NATS/1.0 503\r\n"), bytes("409 Consumer Deleted"), bytes("100"),
			bytes("Müller"), { (byte) 0xff }, { (byte) 0xc3 }, { 127 } };

	private HeaderBlocks() {
	}

	private static Map<String, byte[]> unreadable() {
		Map<String, byte[]> blocks = new TreeMap<>();
		blocks.put("value that isn't ASCII", block("X-Name: Müller"));
		blocks.put("name that isn't ASCII", block("X-Größe: 1"));
		blocks.put("name with a blank", block("X Name: 1"));
		blocks.put("name that ends with a blank", block("X-Name : 1"));
		blocks.put("name with a tab", block("X\tName: 1"));
		blocks.put("empty name", block(": 1"));
		blocks.put("no colon", block("X-Name"));
		blocks.put("no colon before a line with one", block("X-Name", "X-Other: 1"));
		blocks.put("bare line feed in a value", block("X-Name: 1\nX-Other: 2"));
		blocks.put("bare line feed in a name", block("X\nName: 1"));
		blocks.put("bare carriage return in a value", block("X-Name: 1\rX-Other: 2"));
		blocks.put("bare carriage return in a name", block("X\rName: 1"));
		blocks.put("not UTF-8 in a value",
				join(bytes("NATS/1.0\r\nX-Name: "), new byte[] { (byte) 0xff }, bytes("\r\n\r\n")));
		blocks.put("not UTF-8 in a name",
				join(bytes("NATS/1.0\r\nX"), new byte[] { (byte) 0xff }, bytes(": 1\r\n\r\n")));
		blocks.put("NUL in a name", block("X\0Name: 1"));
		blocks.put("NUL at the end of a value", block("X-Name: 1\0"));
		blocks.put("DEL in a name", block("X\u007fName: 1"));
		blocks.put("continued line", block("X-Name: 1", " 2"));
		blocks.put("name that the client takes for another one", block("Nats_Stream: 1"));
		blocks.put("no version", bytes("X-Name: 1\r\n\r\n"));
		blocks.put("other version", bytes("NATS/2.0\r\nX-Name: 1\r\n\r\n"));
		blocks.put("version in lower case", bytes("nats/1.0\r\nX-Name: 1\r\n\r\n"));
		blocks.put("version and a blank", bytes("NATS/1.0 \r\nX-Name: 1\r\n\r\n"));
		blocks.put("version alone", bytes("NATS/1.0"));
		blocks.put("version and a line end", bytes("NATS/1.0\r\n"));
		blocks.put("part of the version", bytes("NATS"));
		blocks.put("one byte", bytes("N"));
		blocks.put("nothing", bytes(""));
		blocks.put("line ends alone", bytes("\r\n\r\n"));
		blocks.put("not ended", bytes("NATS/1.0\r\nX-Name: 1"));
		blocks.put("not ended by an empty line", bytes("NATS/1.0\r\nX-Name: 1\r\n"));
		blocks.put("half an end", bytes("NATS/1.0\r\nX-Name: 1\r\n\r"));
		blocks.put("something after the end", bytes("NATS/1.0\r\nX-Name: 1\r\n\r\nX-Other: 2\r\n\r\n"));
		blocks.put("a blank after the end", bytes("NATS/1.0\r\nX-Name: 1\r\n\r\n "));
		blocks.put("status that is no number", bytes("NATS/1.0 OK\r\n\r\n"));
		blocks.put("status that is too long", bytes("NATS/1.0 99999999999\r\n\r\n"));
		blocks.put("status with a blank and no text", bytes("NATS/1.0 503 \r\nX-Name: 1\r\n\r\n"));
		blocks.put("status with a bare line feed", bytes("NATS/1.0 503 a\nb\r\n\r\n"));
		blocks.put("status before a value that isn't ASCII", bytes("NATS/1.0 503 a\r\nX-Name: Müller\r\n\r\n"));
		return blocks;
	}

	/**
	 * Returns bytes that look more or less like a header block.
	 */
	static byte[] random(Random random) {
		List<byte[]> pieces = new ArrayList<>();
		if (random.nextInt(10) > 0) {
			pieces.add(bytes("NATS/1.0\r\n"));
		}
		for (int count = random.nextInt(8); count > 0; count--) {
			pieces.add(PIECES[random.nextInt(PIECES.length)]);
		}
		if (random.nextInt(10) > 0) {
			pieces.add(bytes("\r\n\r\n"));
		}
		return join(pieces.toArray(byte[][]::new));
	}

	static byte[] block(String... lines) {
		StringBuilder block = new StringBuilder("NATS/1.0\r\n");
		for (String line : lines) {
			block.append(line).append("\r\n");
		}
		return bytes(block.append("\r\n").toString());
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	static byte[] join(byte[]... parts) {
		ByteArrayOutputStream joined = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			joined.writeBytes(part);
		}
		return joined.toByteArray();
	}

}
