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

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link HeaderBlock} compared with what all headers are parsed to.
 */
class HeaderBlockTests {

	private static final List<String> PIECES = List.of("a", "b", "Name", ":", ": ", " ", "\r\n", "\r\n", "\r", "\n",
			"\t", "value", "M\u00fcller", "\u0000", "\u007f", "Name: 1\r\n", "b:2\r\n", "\r\n\r\n");

	@Test
	void whenHeadersArePlainThenTheirValuesAreFound() {
		HeaderBlock block = block("NATS/1.0\r\nName: 1\r\nOther:  a: b \r\nName:2\r\nEmpty:\r\n\r\n");
		assertThat(block.getFirst("Name")).isEqualTo("1");
		assertThat(block.getLast("Name")).isEqualTo("2");
		assertThat(block.getFirst("Other")).isEqualTo("a: b");
		assertThat(block.getFirst("Empty")).isEmpty();
		assertThat(block.getFirst("name")).isNull();
		assertThat(block.all().get("Name")).containsExactly("1", "2");
	}

	@Test
	void whenThereAreManyHeadersThenTheLastOneIsFound() {
		StringBuilder text = new StringBuilder("NATS/1.0\r\n");
		for (int i = 0; i < 1000; i++) {
			text.append("N").append(i).append(": ").append(i).append("\r\n");
		}
		assertThat(block(text + "\r\n").getFirst("N999")).isEqualTo("999");
	}

	@Test
	void whateverABlockIsThenItsValuesAreThoseOfAllHeaders() {
		Random random = new Random(13);
		for (int round = 0; round < 20_000; round++) {
			StringBuilder text = new StringBuilder("NATS/1.0\r\n");
			for (int i = random.nextInt(12); i > 0; i--) {
				text.append(PIECES.get(random.nextInt(PIECES.size())));
			}
			text.append((random.nextInt(4) > 0) ? "\r\n\r\n" : "");
			Headers all = HeaderReader.read(text.toString().getBytes(StandardCharsets.UTF_8)).headers();
			HeaderBlock block = block(text.toString());
			for (String name : List.of("a", "b", "Name", "value", "Na", "aName")) {
				assertThat(block.getFirst(name)).as(text::toString).isEqualTo(all.getFirst(name));
				assertThat(block.getLast(name)).as(text::toString).isEqualTo(all.getLast(name));
			}
			assertThat(block.all()).isEqualTo(all);
		}
	}

	@Test
	void whatFollowsTheHeadersIsThePayload() {
		HeaderBlock block = block("NATS/1.0\r\nName: 1\r\n\r\nName: 2\r\n\r\n");
		assertThat(block.getLast("Name")).isEqualTo("1");
		assertThat(block.payloadSize()).isEqualTo(11);
		assertThat(block("NATS/1.0\r\nName: M\u00fcller\r\n\r\n12345").payloadSize()).isEqualTo(5);
		assertThat(block("NATS/1.0\r\n\r\n123").payloadSize()).isEqualTo(3);
		assertThat(block("NATS/1.0\r\nName: 1\r\n\r\n").payloadSize()).isZero();
	}

	@Test
	void whenThereAreNoHeadersThenAllOfItIsThePayload() {
		HeaderBlock block = block("Name: 1\r\n\r\n");
		assertThat(block.getFirst("Name")).isNull();
		assertThat(block.all().isEmpty()).isTrue();
		assertThat(block.payloadSize()).isEqualTo(11);
		assertThat(block("").payloadSize()).isZero();
	}

	@Test
	void whenThePayloadIsLargeThenItIsNotKept() {
		HeaderBlock block = block("NATS/1.0\r\nName: 1\r\n\r\n" + "x".repeat(1_000_000));
		assertThat(block.getFirst("Name")).isEqualTo("1");
		assertThat(block.payloadSize()).isEqualTo(1_000_000);
		assertThat(block.size()).isLessThan(100);
	}

	private static HeaderBlock block(String text) {
		return HeaderBlock.of(NatsMessage.builder().subject("a").data(text.getBytes(StandardCharsets.UTF_8)).build());
	}

}
