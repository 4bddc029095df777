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

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

import io.github.jetstreamspring.messaging.HeaderFields;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Whatever the sizes of headers and payload, a dead letter fits into messages that the
 * stream takes, and can be put together again.
 */
class DeadLetterFormTests {

	private static final String SUBJECT = "dead-letters.orders.order-worker";

	private final Random random = new Random(17);

	@Test
	void whenItFitsThenItIsOneMessage() {
		byte[] payload = bytes(500);
		DeadLetterForm form = DeadLetterForm.of(ours("never"), new Headers().put("tenant", "acme"), payload, 1000);
		assertThat(form.parts()).isZero();
		Message letter = form.letter(Long.MAX_VALUE, SUBJECT);
		assertThat(letter.getData()).isEqualTo(payload);
		assertThat(letter.getHeaders().getFirst("tenant")).isEqualTo("acme");
		assertThat(letter.getHeaders().keySet()).noneMatch((name) -> name.startsWith("Dead-Letter-Part"));
	}

	@Test
	void whateverTheSizesThenAllMessagesFitAndNothingIsMissing() {
		for (int i = 0; i < 500; i++) {
			int maxSize = 700 + this.random.nextInt(80_000);
			Headers original = new Headers();
			for (int j = this.random.nextInt(3); j > 0; j--) {
				original.put("h" + j, "x".repeat(this.random.nextInt(25_000)));
			}
			byte[] payload = bytes(this.random.nextInt(200_000));
			check(DeadLetterForm.of(ours("r".repeat(this.random.nextInt(500))), original, payload, maxSize), original,
					payload, maxSize);
		}
	}

	@Test
	void whenItIsJustTooLargeForOneMessageThenNothingIsMissing() {
		Headers original = new Headers().put("tenant", "acme");
		int size = DeadLetterHeaders.join(original, ours("never")).serializedLength() + 1000;
		for (int maxSize = size - 3; maxSize <= size + 3; maxSize++) {
			byte[] payload = bytes(1000);
			DeadLetterForm form = DeadLetterForm.of(ours("never"), original, payload, maxSize);
			assertThat(form.parts() == 0).isEqualTo(maxSize >= size);
			check(form, original, payload, maxSize);
		}
	}

	@Test
	void theSamePartsHaveTheSameIdsAndOthersHaveOthers() {
		byte[] payload = bytes(5000);
		Set<String> ids = new HashSet<>();
		for (int maxSize : new int[] { 1000, 1000, 1001, 2000 }) {
			ids.add(DeadLetterForm.of(ours("never"), new Headers(), payload, maxSize)
				.part(1, SUBJECT)
				.getHeaders()
				.getFirst("Nats-Msg-Id"));
		}
		assertThat(ids).hasSize(3);
	}

	@Test
	void whenThereIsNoRoomForWhatMustBeSaidThenItIsRefused() {
		assertThatIllegalStateException()
			.isThrownBy(() -> DeadLetterForm.of(ours("never"), new Headers(), new byte[0], 200))
			.withMessageContaining("Raise its max-message-size");
	}

	@Test
	void aReasonThatIsNotAsciiIsCutBetweenItsCharacters() {
		Headers ours = new HeaderFields(ours("never")).put("Dead-Letter-Reason", "🙂".repeat(300)).toHeaders();
		Headers cut = DeadLetterHeaders.shorten(ours, 1000);
		assertThat(cut.serializedLength()).isLessThanOrEqualTo(1000);
		assertThat(cut.getFirst("Dead-Letter-Reason")).matches("(🙂)+");
	}

	@Test
	void whatARedrivenMessageIsKnownByIsDroppedLast() {
		String id = "i".repeat(400);
		Headers ours = new HeaderFields(ours("r".repeat(300))).put("Dead-Letter-Message-Id", id)
			.put("Dead-Letter-First-Failure", "2026-01-31T12:00:00.123456789Z")
			.put("Dead-Letter-Published", "2026-01-31T12:00:00.123456789Z")
			.toHeaders();
		assertThat(DeadLetterHeaders.shorten(ours, 1000).keySet()).contains("Dead-Letter-First-Failure",
				"Dead-Letter-Message-Id", "Dead-Letter-Published");
		Headers shortened = DeadLetterHeaders.shorten(ours, 640);
		assertThat(shortened.keySet()).doesNotContain("Dead-Letter-Exception-Message", "Dead-Letter-First-Failure");
		assertThat(shortened.getFirst("Dead-Letter-Message-Id")).isEqualTo(id);
		assertThat(shortened.getFirst("Dead-Letter-Reason")).matches("r{20,100}");
		Headers shorter = DeadLetterHeaders.shorten(ours, 500);
		assertThat(shorter.keySet()).contains("Dead-Letter-Published").doesNotContain("Dead-Letter-Message-Id");
		assertThat(DeadLetterHeaders.shorten(ours, 180).keySet()).doesNotContain("Dead-Letter-Published");
	}

	private static void check(DeadLetterForm form, Headers original, byte[] payload, int maxSize) {
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		for (int number = 1; number <= form.parts(); number++) {
			Message part = form.part(number, SUBJECT);
			fits(part, maxSize);
			assertThat(part.getHeaders().getFirst("Dead-Letter-Part")).isEqualTo(number + "/" + form.parts());
			content.writeBytes(part.getData());
		}
		NatsMessage letter = form.letter(4711, SUBJECT);
		fits(letter, maxSize);
		content.writeBytes(letter.getData());
		String size = letter.getHeaders().getFirst("Dead-Letter-Headers-Size");
		int headersSize = (size != null) ? Integer.parseInt(size) : 0;
		byte[] all = content.toByteArray();
		assertThat(Arrays.copyOfRange(all, headersSize, all.length)).isEqualTo(payload);
		if (headersSize > 0) {
			assertThat(Arrays.copyOf(all, headersSize)).isEqualTo(original.getSerialized());
		}
		else {
			original.forEach((name, values) -> assertThat(letter.getHeaders().getFirst(name)).isEqualTo(values.get(0)));
		}
		if (form.parts() > 0) {
			assertThat(letter.getHeaders().getFirst("Dead-Letter-First-Part")).isEqualTo("4711");
		}
	}

	private static void fits(Message message, int maxSize) {
		assertThat(message.getHeaders().serializedLength()).isLessThanOrEqualTo(65_535);
		assertThat(message.getHeaders().serializedLength() + message.getData().length).isLessThanOrEqualTo(maxSize);
	}

	private static Headers ours(String reason) {
		return new Headers().put("Nats-Msg-Id", "dead-letter:orders:1:order-worker")
			.put("Nats-Expected-Stream", "dead-letters")
			.put("Dead-Letter-Reason", reason)
			.put("Dead-Letter-Exception-Message", reason);
	}

	private byte[] bytes(int size) {
		byte[] bytes = new byte[size];
		this.random.nextBytes(bytes);
		return bytes;
	}

}
