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
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HeaderReader}.
 */
class HeaderReaderTests {

	@Test
	void namesAndValuesAreUtf8() {
		HeaderReader.Result result = read("NATS/1.0\r\nX-Name: Müller 🙂\r\nGröße:1\r\nX-Name:2\r\n\r\n");
		assertThat(result.fault()).isNull();
		assertThat(result.headers().toMap())
			.isEqualTo(Map.of("X-Name", List.of("Müller 🙂", "2"), "Größe", List.of("1")));
	}

	@Test
	void onlyBlanksAroundAValueAreNoPartOfIt() {
		HeaderReader.Result result = read("NATS/1.0 \r\nA: \t ü \u00a0\0 \t\r\nB:\r\n\r\n");
		assertThat(result.fault()).isNull();
		assertThat(result.headers().toMap()).isEqualTo(Map.of("A", List.of("ü \u00a0\0"), "B", List.of("")));
	}

	@Test
	void aStatusIsNothingForAMessageThatIsStored() {
		HeaderReader.Result result = read("NATS/1.0 404 No Messages\r\nA: 1\r\n\r\n");
		assertThat(result.fault()).isNull();
		assertThat(result.headers().toMap()).isEqualTo(Map.of("A", List.of("1")));
	}

	@Test
	void noBlockIsNoHeaders() {
		HeaderReader.Result result = read("");
		assertThat(result.fault()).isNull();
		assertThat(result.headers().isEmpty()).isTrue();
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
			NATS/1.0~A: 1~B~C: 3~~        | line 3, byte 17: there is no colon
			NATS/1.0~A: 1~: 2~C: 3~~      | line 3, byte 17: the name is empty
			NATS/1.0~A: 1~B B: 2~C: 3~~   | line 3, byte 18: the name has a blank or a control character
			NATS/1.0~A: 1~B: 2^b~C: 3~~   | line 3, byte 21: half a line break
			NATS/1.0~A: 1~ more~C: 3~~    | line 3, byte 17: there is no colon
			NATS/1.0~A: 1~B: x#~C: 3~~    | line 3, byte 21: the value isn't UTF-8
			NATS/1.0~A: 1~B#: x~C: 3~~    | line 3, byte 18: the name isn't UTF-8
			NATS/1.1~A: 1~C: 3~~          | line 1, byte 1: the headers don't begin with NATS/1.0
			A: 1~C: 3~~                   | line 1, byte 1: the headers don't begin with NATS/1.0
			NATS/1.0~A: 1~C: 3~           | line 4, byte 23: the headers aren't ended by an empty line
			NATS/1.0~A: 1~C: 3~D:         | line 4, byte 23: the headers aren't ended by an empty line
			NATS/1.0~A: 1~C: 3~~D: 4~~    | line 4, byte 25: something follows the empty line that ends the headers
			""")
	void whatCantBeReadIsSaidWithItsPlaceAndTheRestIsRead(String block, String fault) {
		String text = block.strip().replace("~", "\r\n").replace('^', '\n').replace('#', '\u00ff');
		HeaderReader.Result result = HeaderReader.read(text.getBytes(StandardCharsets.ISO_8859_1));
		assertThat(result.fault()).isEqualTo(fault);
		assertThat(result.headers().toMap()).isEqualTo(Map.of("A", List.of("1"), "C", List.of("3")));
	}

	@Test
	void onlyTheFirstFaultIsSaid() {
		assertThat(read("NATS/1.0\r\nfirst\r\nsec ond: 1\r\n").fault()).startsWith("line 2, byte 11:");
	}

	private static HeaderReader.Result read(String block) {
		return HeaderReader.read(block.getBytes(StandardCharsets.UTF_8));
	}

}
