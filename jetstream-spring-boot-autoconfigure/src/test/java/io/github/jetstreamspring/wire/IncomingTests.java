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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import io.nats.client.Message;
import io.nats.client.Options;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Incoming}, with a client that has taken over what it has read when it
 * reads on, as the real one.
 */
class IncomingTests {

	private final Incoming incoming = new Incoming();

	private final Map<Integer, Subscription> subscriptions = new TreeMap<>();

	private final ByteArrayOutputStream unparsed = new ByteArrayOutputStream();

	private final Random random = new Random(3);

	@ParameterizedTest
	@ValueSource(ints = { 16, 64, 1000, 100_000 })
	void whoHasGotMessagesIsToldBeforeTheClientWaitsForMore(int buffer) throws IOException {
		for (int id : new int[] { 1, 2, 17, 123_456_789, 1_234_567_890 }) {
			watch(id);
		}
		byte[] bytes = messages(60);
		for (int size : new int[] { 1, 7, 100, bytes.length }) {
			this.subscriptions.values().forEach(Subscription::clear);
			assertThat(read(bytes, size, buffer)).isEqualTo(60);
		}
	}

	@Test
	void whenASubscriptionIsKnownThenItIsNotToldOfOthers() throws IOException {
		Subscription first = watch(1);
		Subscription second = watch(2);
		read(messageTo(1, "a"), 1000, 1000);
		read(messageTo(2, "a"), 1000, 1000);
		int before = first.calls;
		read(messageTo(2, "b"), 1000, 1000);
		assertThat(first.calls).isEqualTo(before);
		assertThat(second.calls).isEqualTo(2);
	}

	@Test
	void whenMessagesComeAgainAndAgainForSomebodyElseThenOthersAreLookedAtOnceOnly() throws IOException {
		Subscription first = watch(1);
		read(messageTo(5, "a"), 1000, 1000);
		int looks = first.looks;
		read(messageTo(5, "a"), 1000, 1000);
		assertThat(looks).isPositive();
		assertThat(first.looks).isEqualTo(looks);
		read(messageTo(1, "a"), 1000, 1000);
		assertThat(first.calls).isOne();
	}

	@Test
	void whenAMessageOfAnUnknownSubscriptionComesInPartsThenItIsToldOfTheLast() throws IOException {
		Subscription first = watch(1);
		watch(2);
		read(messageTo(5, "a"), 1000, 1000);
		assertThat(read(messageTo(1, "x".repeat(5000)), 500, 700)).isOne();
		assertThat(first.told).isOne();
	}

	@Test
	void whenASubscriptionIsForgottenThenItIsToldNoMore() throws IOException {
		Subscription known = watch(1);
		Subscription unknown = watch(2);
		read(messageTo(1, "a"), 1000, 1000);
		this.incoming.forget(known);
		this.incoming.forget(unknown);
		this.incoming.come(1, true);
		this.incoming.come(2, true);
		this.incoming.come(Incoming.ANY, true);
		assertThat(known.calls).isOne();
		assertThat(unknown.calls).isZero();
	}

	@Test
	void whenTheProtocolIsNotUnderstoodThenAllThatHaveGotSomethingAreTold() throws IOException {
		Subscription known = watch(1);
		read(messageTo(1, "a"), 1000, 1000);
		known.waiting = 2;
		readAll("MSG a 1 x\r\n".getBytes(StandardCharsets.US_ASCII));
		assertThat(known.told).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "MSG 5\r\nhello\r\n", "MSG a 5\r\nhello\r\n", "MSG  1 5\r\nhello\r\n",
			"MSG a b 5\r\nhello\r\n", "MSG a 99999999999999 5\r\nhello\r\n", "HMSG 12 12\r\nNATS/1.0\r\n\r\n\r\n" })
	void whenALineNamesNoSubscriptionThenAllThatHaveGotSomethingAreTold(String text) throws IOException {
		Subscription known = watch(1);
		read(messageTo(1, "a"), 1000, 1000);
		known.waiting = 2;
		readAll(text.getBytes(StandardCharsets.US_ASCII));
		assertThat(known.told).isEqualTo(2);
	}

	@Test
	void whenOneFailsThenTheClientReadsOn() throws IOException {
		this.incoming.watch(new Incoming.Watched() {

			@Override
			public boolean isEmpty() {
				return false;
			}

			@Override
			public void come() {
				throw new OutOfMemoryError("Expected by the test");
			}

		});
		assertThat(read(messages(10), 1000, 1000)).isZero();
	}

	@Test
	void aConnectionHasTheSameForAllOfItsSockets() {
		Options guarded = GuardedConnections.guarded(new Options.Builder().build());
		io.nats.client.Connection connection = mock(io.nats.client.Connection.class);
		given(connection.getOptions()).willReturn(guarded);
		assertThat(Incoming.of(connection)).isNotNull().isSameAs(Incoming.of(guarded));
	}

	@Test
	void aConnectionThatIsNotGuardedHasNone() {
		io.nats.client.Connection connection = mock(io.nats.client.Connection.class);
		given(connection.getOptions()).willReturn(new Options.Builder().build());
		assertThat(Incoming.of(connection)).isNull();
	}

	private Subscription watch(int id) {
		Subscription subscription = new Subscription(id);
		this.subscriptions.put(id, subscription);
		this.incoming.watch(subscription);
		return subscription;
	}

	private byte[] messages(int count) throws IOException {
		List<Integer> ids = List.copyOf(this.subscriptions.keySet());
		List<byte[]> blocks = List.copyOf(HeaderBlocks.UNREADABLE.values());
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		for (int i = 0; i < count; i++) {
			int id = ids.isEmpty() ? 1 : ids.get(this.random.nextInt(ids.size()));
			byte[] block = switch (this.random.nextInt(4)) {
				case 0 -> blocks.get(this.random.nextInt(blocks.size()));
				case 1 -> HeaderBlocks.bytes("NATS/1.0\r\nA: b\r\n\r\n");
				default -> null;
			};
			String payload = "x".repeat(this.random.nextInt(200));
			String reply = this.random.nextBoolean() ? "$JS.ACK.jobs.worker.1.1.1.1.0 " : "";
			String subject = this.random.nextBoolean() ? "a" : "orders.created";
			if (block != null) {
				bytes.write(HeaderBlocks.bytes("HMSG %s %d %s%d %d\r\n".formatted(subject, id, reply, block.length,
						block.length + payload.length())));
				bytes.write(block);
			}
			else {
				bytes.write(HeaderBlocks.bytes("MSG %s %d %s%d\r\n".formatted(subject, id, reply, payload.length())));
			}
			bytes.write(HeaderBlocks.bytes(payload + "\r\n"));
			if (this.random.nextInt(10) == 0) {
				bytes.write(HeaderBlocks.bytes("PING\r\n"));
			}
		}
		return bytes.toByteArray();
	}

	private static byte[] messageTo(int id, String payload) {
		return HeaderBlocks.bytes("MSG orders.created %d %d\r\n%s\r\n".formatted(id, payload.length(), payload));
	}

	private void readAll(byte[] bytes) throws IOException {
		MessageGuard guard = new MessageGuard(new ByteArrayInputStream(bytes)::read, 4096, this.incoming);
		byte[] target = new byte[1000];
		while (guard.read(target, 0, target.length) >= 0) {
			// Goes on
		}
	}

	/**
	 * Reads everything.
	 * @return the number of messages that subscriptions have got and were told of
	 */
	private int read(byte[] bytes, int size, int buffer) throws IOException {
		MessageGuard guard = guard(new ByteArrayInputStream(bytes), size);
		byte[] target = new byte[buffer];
		for (int count = guard.read(target, 0, buffer); count >= 0; count = guard.read(target, 0, buffer)) {
			this.unparsed.write(target, 0, count);
			parse();
		}
		return this.subscriptions.values().stream().mapToInt((subscription) -> subscription.told).sum();
	}

	private MessageGuard guard(ByteArrayInputStream source, int size) {
		return new MessageGuard((target, offset, length) -> {
			this.subscriptions.values()
				.forEach((subscription) -> assertThat(subscription.told).as("told of %s", subscription.id)
					.isEqualTo(subscription.waiting));
			return source.read(target, offset, Math.min(size, length));
		}, 4096, this.incoming);
	}

	private void parse() {
		String text = this.unparsed.toString(StandardCharsets.ISO_8859_1);
		int start = 0;
		for (int lineEnd = text.indexOf("\r\n"); lineEnd >= 0; lineEnd = text.indexOf("\r\n", start)) {
			String[] words = text.substring(start, lineEnd).split(" ");
			int end = lineEnd + 2;
			if (words.length > 1) {
				end += Integer.parseInt(words[words.length - 1]) + 2;
			}
			if (end > text.length()) {
				break;
			}
			if (words.length > 1) {
				Subscription subscription = this.subscriptions.get(Integer.parseInt(words[2]));
				if (subscription != null) {
					subscription.got();
				}
			}
			start = end;
		}
		this.unparsed.reset();
		this.unparsed.writeBytes(text.substring(start).getBytes(StandardCharsets.ISO_8859_1));
	}

	private final class Subscription implements Incoming.Watched {

		private final int id;

		private final Message message = mock(Message.class);

		private int waiting;

		private int told;

		private int calls;

		private int looks;

		Subscription(int id) {
			this.id = id;
			given(this.message.getSID()).willReturn(String.valueOf(id));
		}

		void clear() {
			this.waiting = 0;
			this.told = 0;
		}

		void got() {
			this.waiting++;
		}

		@Override
		public boolean isEmpty() {
			this.looks++;
			return this.told == this.waiting;
		}

		@Override
		public void come() {
			this.calls++;
			this.told = this.waiting;
			if (this.waiting > 0) {
				IncomingTests.this.incoming.received(this, this.message);
			}
		}

	}

}
