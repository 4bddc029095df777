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

package io.github.jetstreamspring.annotation.handler;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

import com.github.luben.zstd.Zstd;
import org.jspecify.annotations.Nullable;

/**
 * Messages that nobody means well with, the same for the same seed.
 */
final class FuzzedMessages {

	/**
	 * Part of payloads and headers that must not get into any text.
	 */
	static final String SECRET = "s3cr3t";

	private static final List<String> CONTENT_TYPES = List.of("application/json", "application/json;charset=utf-16",
			"application/json;charset=IBM1047", "application/json;charset=nonsense", "application/json;charset=",
			"text/plain;charset=x-user-defined", "text/plain; charset=\"utf-7", "///", "*/*", ";", "",
			"application/x-protobuf", "application/octet-stream", "application/cloudevents+json",
			"application/cloudevents-batch+json", "application/cloudevents+xml", "application/cloudevents",
			"application/x-java-serialized-object", "application/" + "x".repeat(5_000));

	private static final List<String> ENCODINGS = List.of("gzip", "GZIP", "x-gzip", "zstd", "gzip, gzip", "deflate",
			"br", "identity", "", " ", "\u00e9");

	private static final List<String> TYPES = List.of(FuzzedPayloads.Gadget.class.getName(),
			"javax.naming.InitialContext", "java.lang.ProcessBuilder", "com.sun.rowset.JdbcRowSetImpl", "java.net.URL",
			"circle", "gadget", "", "[I", "../../etc/passwd", "${jndi:ldap://127.0.0.1:1/" + SECRET + "}",
			"#{T(java.lang.System).exit(1)}");

	private static final List<String> NUMBERS = List.of("1e999999999", "-1e-999999999", "9".repeat(900),
			"9".repeat(5_000), "0." + "0".repeat(900) + "1", "-0", "1E+2147483647", "00", "0x10", "NaN", "Infinity",
			"1e", "--1", ".5", "9223372036854775808", "1.7976931348623157e309");

	private static final byte[] GZIP_BOMB = gzip(new byte[50_000_000]);

	private static final byte[] ZSTD_BOMB = Zstd.compress(new byte[50_000_000]);

	private final Random random;

	FuzzedMessages(long seed) {
		this.random = new Random(seed);
	}

	/**
	 * Returns the next message.
	 * @param largest how many bytes its payload may have
	 */
	Fuzzed next(int largest) {
		byte[] payload = payload();
		Map<String, String> headers = new LinkedHashMap<>();
		maybe(headers, "Content-Type", pick(CONTENT_TYPES));
		maybe(headers, "Message-Type", pick(TYPES));
		if (this.random.nextInt(3) == 0) {
			String encoding = pick(ENCODINGS);
			headers.put("Content-Encoding", encoding);
			payload = encoded(payload, encoding);
		}
		if (this.random.nextInt(3) == 0) {
			for (String attribute : List.of("specversion", "id", "source", "type", "time", "datacontenttype", "data",
					"SPECVERSION", "x%y", "")) {
				maybe(headers, "ce-" + attribute, pick(List.of("1.0", "0.3", "9.9", "a", "", "%", "%zz", "%C3", "/",
						":::", "2026-01-31T12:00:00Z", "9".repeat(500), SECRET)));
			}
		}
		return new Fuzzed((payload.length > largest) ? Arrays.copyOf(payload, largest) : payload, headers);
	}

	private byte[] payload() {
		return switch (this.random.nextInt(9)) {
			case 0 -> noise(this.random.nextInt(300));
			case 1 -> nested();
			case 2 ->
				bytes("{\"id\":\"%s\",\"cents\":%s,\"scale\":%s}".formatted(SECRET, pick(NUMBERS), pick(NUMBERS)));
			case 3 -> typed();
			case 4 -> bytes(pick(List.of("{\"id\":\"\\ud800" + SECRET + "\"}", "\ufeff{\"id\":\"a\"}", "null", " null ",
					"\"\"", "{\"id\":1,\"id\":2,\"id\":3}", "{\"" + "n".repeat(100_000) + "\":1}", "[]", "[[", "{}",
					"{", "{\"id\":\"" + "x".repeat(200_000), "true", "\"" + SECRET, "/*" + SECRET,
					"{'id':'" + SECRET + "'}",
					"{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\":::\",\"type\":\"a\",\"data_base64\":\"%%\"}",
					"{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/\",\"type\":\"a\",\"data\":{\"id\":\"x\",\"cents\":\""
							+ SECRET + "\"}}")));
			case 5 -> "{\"id\":\"gr\u00fcn \ud83d\ude00\",\"cents\":1}".getBytes(
					pick(List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.ISO_8859_1)));
			case 6 -> cut(bytes("{\"id\":\"" + SECRET + "\",\"cents\":5,\"items\":[{\"a\":[1,2,3]}]}"));
			case 7 -> broken(bytes("{\"id\":\"" + SECRET + "\",\"cents\":5}"));
			default -> bytes(pick(List.of("{\"id\":\"a\",\"cents\":5}", "[{\"id\":\"a\",\"cents\":5}]", "5", "0.5",
					"\"PT5S\"", "\"2026-01-31T12:00:00Z\"", "{\"@type\":\"circle\",\"radius\":1}")));
		};
	}

	private byte[] nested() {
		int depth = pick(List.of(10, 499, 501, 1_001, 20_000, 200_000));
		String open = pick(List.of("[", "{\"a\":", "{\"items\":[", "[{\"id\":", "{\"specversion\":"));
		String text = pick(List.of("", "{\"id\":")) + open.repeat(depth);
		return bytes(this.random.nextBoolean() ? text : text + "1" + "]".repeat(depth));
	}

	private byte[] typed() {
		String type = pick(TYPES);
		String key = pick(List.of("@class", "@type", "@c", "type", "class", "$type"));
		return bytes(
				this.random.nextBoolean() ? "{\"%s\":\"%s\",\"dataSourceName\":\"%s\"}".formatted(key, type, SECRET)
						: "[\"%s\",{\"command\":[\"touch\",\"%s\"]}]".formatted(type, SECRET));
	}

	private byte[] encoded(byte[] payload, String encoding) {
		boolean zstd = encoding.contains("zstd");
		byte[] encoded = (this.random.nextInt(3) == 0) ? (zstd ? ZSTD_BOMB : GZIP_BOMB)
				: (zstd ? Zstd.compress(payload) : gzip(payload));
		return switch (this.random.nextInt(5)) {
			case 0 -> payload;
			case 1 -> cut(encoded);
			case 2 -> broken(encoded);
			// A frame that asks for a window of gigabytes
			case 3 -> new byte[] { 0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x00, (byte) 0xA8, 1, 0, 0 };
			default -> encoded;
		};
	}

	private static byte[] gzip(byte[] plain) {
		ByteArrayOutputStream compressed = new ByteArrayOutputStream();
		try (GZIPOutputStream stream = new GZIPOutputStream(compressed)) {
			stream.write(plain);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return compressed.toByteArray();
	}

	private byte[] noise(int length) {
		byte[] noise = new byte[length];
		this.random.nextBytes(noise);
		return noise;
	}

	private byte[] cut(byte[] bytes) {
		return Arrays.copyOf(bytes, this.random.nextInt(bytes.length + 1));
	}

	private byte[] broken(byte[] bytes) {
		byte[] broken = bytes.clone();
		for (int i = 1 + this.random.nextInt(3); i > 0 && broken.length > 0; i--) {
			broken[this.random.nextInt(Math.min(broken.length, 100))] = (byte) this.random.nextInt(256);
		}
		return broken;
	}

	private void maybe(Map<String, String> headers, String name, String value) {
		if (this.random.nextInt(2) == 0) {
			headers.put(name, value);
		}
	}

	private <T> T pick(List<T> values) {
		return values.get(this.random.nextInt(values.size()));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Returns a block of headers as no library writes it, with those of a message among
	 * others.
	 * @param headers the headers of the message
	 */
	byte @Nullable [] block(Map<String, String> headers) {
		List<byte[]> lines = new ArrayList<>();
		headers.forEach((name, value) -> lines.add(bytes(name + ": " + value)));
		switch (this.random.nextInt(7)) {
			case 0 -> lines.add(bytes(": no name"));
			case 1 -> lines.add(bytes("No-Colon"));
			case 2 -> lines.add(bytes("Twice: 1\r\nTwice: 2\r\ntwice: 3"));
			case 3 -> lines.add(bytes("Bare: line\nfeed"));
			case 4 -> lines.add(bytes("Bare: carriage\rreturn"));
			case 5 -> {
				for (int i = 0; i < 4_000; i++) {
					lines.add(bytes("H%d: %d".formatted(i, i)));
				}
			}
			default -> {
				byte[] noise = noise(30);
				for (int i = 0; i < noise.length; i++) {
					noise[i] = (noise[i] == '\r' || noise[i] == '\n') ? (byte) 'x' : noise[i];
				}
				lines.add(noise);
			}
		}
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		block.writeBytes(bytes("NATS/1.0\r\n"));
		lines.forEach((line) -> {
			block.writeBytes(line);
			block.writeBytes(bytes("\r\n"));
		});
		block.writeBytes(bytes("\r\n"));
		return (block.size() < 60_000) ? block.toByteArray() : null;
	}

	/**
	 * A message.
	 *
	 * @param payload the payload
	 * @param headers the headers that say something of it
	 */
	record Fuzzed(byte[] payload, Map<String, String> headers) {
	}

}
