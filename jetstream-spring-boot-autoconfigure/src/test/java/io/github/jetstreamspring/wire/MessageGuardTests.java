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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.nats.client.support.IncomingHeadersProcessor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MessageGuard}.
 */
class MessageGuardTests {

	private static final String ACK = "$JS.ACK.jobs.worker.1.1.1.1.0";

	private static final int MAX_LINE = 4096;

	private final Random random = new Random(20);

	@ParameterizedTest
	@ValueSource(strings = { "INFO {\"server_name\":\"Größe\"}\r\n", "PING\r\n", "PONG\r\n", "+OK\r\n",
			"-ERR 'Permissions Violation for Publish to \"ü\"'\r\n", "MSG a 1 0\r\n\r\n", "MSG a 1 b 3\r\nabc\r\n",
			"MSG a 1 12\r\nMSG a 1 99\r\n\r\n", "HMSG a 1 12 12\r\nNATS/1.0\r\n\r\n\r\n",
			"HMSG a 1 b 26 27\r\nNATS/1.0\r\nX-Name: 1234\r\n\r\nü\r\n", "HMSG a 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n" })
	void whatTheClientReadsIsPassedOnAsItIs(String text) throws IOException {
		byte[] bytes = HeaderBlocks.bytes(text.replace("1 b 26 27", "1 b 26 28"));
		for (int size = 1; size <= bytes.length; size++) {
			assertThat(read(bytes, size, 64)).isEqualTo(bytes);
		}
	}

	@ParameterizedTest
	@MethodSource("unreadable")
	void whatTheClientCantReadIsReplaced(String kind) throws IOException {
		byte[] block = HeaderBlocks.UNREADABLE.get(kind);
		byte[] bytes = HeaderBlocks.join(message("a", null, null, "before"), message("b", ACK, block, "payload"),
				message("c", null, null, "after"));
		for (int size = 1; size <= bytes.length; size++) {
			List<Seen> seen = parse(read(bytes, size, 48));
			assertThat(seen).extracting(Seen::subject).containsExactly("a", "b", "c");
			assertThat(seen).extracting(Seen::payload).containsExactly("before", "payload", "after");
			assertThat(seen.get(1).reply()).isEqualTo(ACK);
			RawMessage raw = seen.get(1).raw();
			assertThat(raw).isNotNull();
			assertThat(raw.headers()).isEqualTo(block);
			assertThat(raw.subject()).isNull();
			assertThat(new IncomingHeadersProcessor(seen.get(1).block()).getStatus()).isNull();
		}
	}

	static Iterable<String> unreadable() {
		return HeaderBlocks.UNREADABLE.keySet();
	}

	@Test
	void whatTheClientCanReadOfTheHeadersStays() throws IOException {
		byte[] block = HeaderBlocks.block("X-First: 1", "X-Name: Müller", "no colon", "X-First:2", "X-Last: 3");
		Seen seen = parse(read(message("a", null, block, ""), 7, 4096)).get(0);
		assertThat(new String(seen.block(), StandardCharsets.US_ASCII))
			.startsWith("NATS/1.0\r\nX-First: 1\r\nX-First:2\r\nX-Last: 3\r\nRaw-Headers-");
	}

	@Test
	void aStatusOfTheServerStaysWithHeadersThatAreReplaced() throws IOException {
		byte[] block = HeaderBlocks.bytes("NATS/1.0 409 Gelöscht\r\nX-Name: Müller\r\n\r\n");
		Seen seen = parse(read(message("a", null, block, ""), 7, 4096)).get(0);
		assertThat(new IncomingHeadersProcessor(seen.block()).getStatus().getMessageWithCode())
			.isEqualTo("409 Gelöscht");
		assertThat(seen.raw()).isNotNull();
	}

	@Test
	void aStoredMessageThatLooksLikeAStatusIsNone() throws IOException {
		byte[] block = HeaderBlocks.bytes("NATS/1.0 404 No Messages\r\n\r\n");
		Seen seen = parse(read(message("a", ACK, block, "x"), 7, 4096)).get(0);
		assertThat(new IncomingHeadersProcessor(seen.block()).getStatus()).isNull();
		assertThat(seen.raw()).isNotNull();
		assertThat(seen.raw().headers()).isEqualTo(block);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aSubjectThatIsNotAsciiIsKept(boolean withHeaders) throws IOException {
		byte[] block = withHeaders ? HeaderBlocks.block("X-Name: 1") : null;
		byte[] bytes = HeaderBlocks.join(message("größe.日本", ACK, block, "one"), message("a", null, null, "two"));
		for (int size = 1; size <= bytes.length; size++) {
			List<Seen> seen = parse(read(bytes, size, 100));
			assertThat(seen).extracting(Seen::payload).containsExactly("one", "two");
			RawMessage raw = seen.get(0).raw();
			assertThat(raw).isNotNull();
			assertThat(raw.subject()).isEqualTo(HeaderBlocks.bytes("größe.日本"));
			assertThat(raw.headers()).isEqualTo(withHeaders ? block : new byte[0]);
		}
	}

	@Test
	void aSubjectThatIsLongerThanTheClientTakesIsShortened() throws IOException {
		String subject = "a".repeat(MAX_LINE - 10);
		byte[] bytes = message(subject, ACK, null, "payload");
		byte[] read = read(bytes, 1000, 65536);
		Seen seen = parse(read).get(0);
		assertThat(new String(read, StandardCharsets.US_ASCII).indexOf('\r')).isLessThan(MAX_LINE);
		assertThat(seen.reply()).isEqualTo(ACK);
		assertThat(seen.raw()).isNotNull();
		assertThat(seen.raw().subject()).isEqualTo(HeaderBlocks.bytes(subject));
	}

	@Test
	void headersMayBeLargerThanWhatTheClientReadsAtOnce() throws IOException {
		byte[] plain = HeaderBlocks.block("X-Name: " + "x".repeat(100_000));
		byte[] other = HeaderBlocks.block("X-Name: " + "ü".repeat(100_000));
		byte[] bytes = HeaderBlocks.join(message("a", null, plain, "one"), message("b", null, other, "two"),
				message("c", null, plain, "three"));
		List<Seen> seen = parse(read(bytes, 1000, 512));
		assertThat(seen).extracting(Seen::payload).containsExactly("one", "two", "three");
		assertThat(seen.get(0).block()).isEqualTo(plain);
		assertThat(seen.get(1).raw()).isNotNull();
		assertThat(seen.get(1).raw().headers()).isEqualTo(other);
	}

	@Test
	void everyMessageOfManyIsReadWhateverItsHeadersAre() throws IOException {
		for (int round = 0; round < 300; round++) {
			List<byte[]> blocks = new ArrayList<>();
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			int count = 1 + this.random.nextInt(40);
			for (int i = 0; i < count; i++) {
				byte[] block = (this.random.nextInt(3) > 0) ? HeaderBlocks.random(this.random) : null;
				blocks.add(block);
				bytes.writeBytes(message((this.random.nextInt(10) > 0) ? "a.b" : "ü",
						this.random.nextBoolean() ? ACK : null, block, Integer.toString(i)));
				bytes.writeBytes(HeaderBlocks.bytes("PING\r\n"));
			}
			int seed = round;
			List<Seen> seen = parse(
					read(bytes.toByteArray(), 1 + this.random.nextInt(500), 1 + this.random.nextInt(300)));
			assertThat(seen).as(() -> "round " + seed).hasSize(count);
			for (int i = 0; i < count; i++) {
				assertThat(seen.get(i).payload()).isEqualTo(Integer.toString(i));
				RawMessage raw = seen.get(i).raw();
				byte[] before = (raw != null) ? raw.headers() : seen.get(i).block();
				byte[] block = blocks.get(i);
				assertThat(before).isEqualTo((raw != null && block == null) ? new byte[0] : block);
			}
		}
	}

	@Test
	void whatIsToBeLeftUnparsedComesAsAPlainMessage() throws IOException {
		byte[] block = HeaderBlocks.block("X-First: 1", "X-Name: Müller", "no colon");
		byte[] status = HeaderBlocks.bytes("NATS/1.0 404 No Messages\r\n\r\n");
		byte[] bytes = HeaderBlocks.join(message("a", ACK, block, "payload"), message("b", null, block, ""),
				message("c", null, status, ""), message("d", ACK, null, "plain"), HeaderBlocks.bytes("PING\r\n"),
				message("e", ACK, block, "x".repeat(1000)));
		Incoming unparsed = new Incoming();
		unparsed.leaveUnparsed(1);
		for (int size = 1; size <= bytes.length; size++) {
			byte[] read = read(bytes, size, 300, unparsed);
			assertThat(read).hasSameSizeAs(bytes);
			List<Seen> seen = parse(read);
			String headers = new String(block, StandardCharsets.ISO_8859_1);
			assertThat(seen).extracting(Seen::subject).containsExactly("a", "b", "c", "d", "e");
			assertThat(seen).extracting(Seen::reply).containsExactly(ACK, null, null, ACK, ACK);
			assertThat(seen).extracting(Seen::block).containsExactly(null, null, status, null, null);
			assertThat(seen).extracting(Seen::payload)
				.containsExactly(headers + "payload", headers, "", "plain", headers + "x".repeat(1000));
		}
		Incoming others = new Incoming();
		others.leaveUnparsed(2);
		assertThat(read(bytes, 100, 300, others)).isEqualTo(read(bytes, 100, 300));
	}

	@Test
	void whatIsNoProtocolIsPassedOn() throws IOException {
		byte[] bytes = HeaderBlocks.bytes("MSG a 1 x\r\nHMSG\r\nHMSG a 1 9 8\r\nü\r\nMSG ü 7\r\n");
		for (int size = 1; size <= bytes.length; size++) {
			assertThat(read(bytes, size, 100)).isEqualTo(bytes);
		}
	}

	@Test
	void whatIsCutOffIsPassedOn() throws IOException {
		byte[] bytes = message("a", null, HeaderBlocks.block("X-Name: Müller"), "payload");
		for (int length = 0; length < 30; length++) {
			byte[] part = Arrays.copyOf(bytes, length);
			assertThat(read(part, 3, 8)).isEqualTo(part);
		}
	}

	private static byte[] message(String subject, @Nullable String reply, byte @Nullable [] block, String payload) {
		String words = subject + " 1 " + ((reply != null) ? reply + " " : "");
		byte[] end = HeaderBlocks.bytes(payload + "\r\n");
		if (block == null) {
			return HeaderBlocks.join(HeaderBlocks.bytes("MSG " + words + (end.length - 2) + "\r\n"), end);
		}
		return HeaderBlocks.join(
				HeaderBlocks.bytes("HMSG " + words + block.length + " " + (block.length + end.length - 2) + "\r\n"),
				block, end);
	}

	/**
	 * Reads everything as the client does.
	 * @param size how much comes at once
	 * @param buffer how much is read at once
	 */
	private static byte[] read(byte[] bytes, int size, int buffer) throws IOException {
		return read(bytes, size, buffer, new Incoming());
	}

	private static byte[] read(byte[] bytes, int size, int buffer, Incoming incoming) throws IOException {
		ByteArrayInputStream source = new ByteArrayInputStream(bytes);
		MessageGuard guard = new MessageGuard(
				(target, offset, length) -> source.read(target, offset, Math.min(size, length)), MAX_LINE, incoming);
		ByteArrayOutputStream read = new ByteArrayOutputStream();
		byte[] target = new byte[buffer + 10];
		for (int count = guard.read(target, 5, buffer); count >= 0; count = guard.read(target, 5, buffer)) {
			assertThat(count).isPositive();
			read.write(target, 5, count);
		}
		return read.toByteArray();
	}

	/**
	 * Reads messages as the client does, headers included.
	 */
	private static List<Seen> parse(byte[] bytes) {
		List<Seen> seen = new ArrayList<>();
		String text = new String(bytes, StandardCharsets.ISO_8859_1);
		int position = 0;
		while (position < bytes.length) {
			int lineEnd = text.indexOf("\r\n", position);
			String[] words = text.substring(position, lineEnd).split(" ");
			position = lineEnd + 2;
			boolean withHeaders = words[0].equals("HMSG");
			if (withHeaders || words[0].equals("MSG")) {
				int total = Integer.parseInt(words[words.length - 1]);
				int headers = withHeaders ? Integer.parseInt(words[words.length - 2]) : 0;
				byte[] block = withHeaders ? HeaderBlocks.bytes("") : null;
				if (withHeaders) {
					block = Arrays.copyOfRange(bytes, position, position + headers);
					// Throws what ends the client's reader
					new IncomingHeadersProcessor(block);
				}
				String payload = text.substring(position + headers, position + total);
				seen.add(new Seen(words[1], (words.length == (withHeaders ? 6 : 5)) ? words[3] : null, block, payload));
				position += total + 2;
			}
		}
		return seen;
	}

	/**
	 * A message as the client sees it.
	 */
	private record Seen(String subject, @Nullable String reply, byte @Nullable [] block, String payload) {

		@Nullable RawMessage raw() {
			return (this.block != null) ? RawMessage.of(new IncomingHeadersProcessor(this.block).getHeaders()) : null;
		}

	}

}
