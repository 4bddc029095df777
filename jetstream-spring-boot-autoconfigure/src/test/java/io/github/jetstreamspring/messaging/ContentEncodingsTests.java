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

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link ContentEncodings}.
 */
class ContentEncodingsTests {

	private final ContentEncodings encodings = new ContentEncodings(DataSize.ofBytes(100), DataSize.ofKilobytes(10));

	@ParameterizedTest
	@ValueSource(ints = { 101, 5_000, 10_240 })
	void whenAPayloadIsLargeThenItIsCompressedAndReadAgain(int size) throws IOException {
		HeaderFields headers = new HeaderFields();
		byte[] data = new byte[size];
		byte[] sent = this.encodings.encode(data, headers);
		assertThat(sent).hasSizeLessThan(size);
		assertThat(headers.getFirst("Content-Encoding")).isEqualTo("gzip");
		assertThat(this.encodings.decode(sent, "gzip")).isEqualTo(data);
	}

	@Test
	void whenCompressionDoesNotPayThenThePayloadIsSentAsItIs() {
		HeaderFields headers = new HeaderFields();
		byte[] small = new byte[100];
		assertThat(this.encodings.encode(small, headers)).isSameAs(small);
		byte[] random = new byte[5_000];
		new Random(1).nextBytes(random);
		assertThat(this.encodings.encode(random, headers)).isSameAs(random);
		assertThat(ContentEncodings.DEFAULTS.encode(new byte[100_000], headers)).hasSize(100_000);
		assertThat(headers.getFirst("Content-Encoding")).isNull();
	}

	@Test
	void whenTheCallerHasNamedAnEncodingThenThePayloadIsSentAsItIs() {
		HeaderFields headers = new HeaderFields().put("Content-Encoding", "br");
		byte[] data = new byte[5_000];
		assertThat(this.encodings.encode(data, headers)).isSameAs(data);
	}

	@Test
	void whenMoreComesOutThanAllowedThenThatIsAFailureWithoutTheMemoryForIt() throws IOException {
		byte[] bomb = new ContentEncodings(DataSize.ofBytes(1), DataSize.ofMegabytes(200))
			.encode(new byte[100 * 1024 * 1024], new HeaderFields());
		assertThatIOException().isThrownBy(() -> this.encodings.decode(bomb, "gzip"))
			.withMessageContaining("10240 bytes")
			.withMessageContaining("jetstream.messaging.max-decompressed-size");
	}

	@Test
	void whenWhatComesIsBrokenThenThatIsAFailure() {
		byte[] sent = this.encodings.encode(new byte[5_000], new HeaderFields());
		assertThatIOException().isThrownBy(() -> this.encodings.decode(Arrays.copyOf(sent, sent.length / 2), "gzip"));
		assertThatIOException().isThrownBy(() -> this.encodings.decode("text".getBytes(), "gzip"));
	}

	@ParameterizedTest
	@CsvSource({ "gzip,gzip", "' GZIP ',gzip", "x-gzip,x-gzip", "identity,", "'',", "br,br" })
	void whenAMessageNamesItsEncodingThenItIsRead(String header, @Nullable String encoding) {
		assertThat(ContentEncodings.of(new NatsMessage("a", null, new Headers().put("content-encoding", header), null)))
			.isEqualTo(encoding);
		assertThat(ContentEncodings.of(new NatsMessage("a", null, new byte[0]))).isNull();
	}

}
