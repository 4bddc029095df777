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

import java.nio.charset.StandardCharsets;

import io.nats.client.support.IncomingHeadersProcessor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Notice when the client no longer needs this package. When one of these fails, see
 * whether its parser reads every one of {@link HeaderBlocks} or skips what it can't read:
 * then the package can go, as its {@code package-info} says.
 */
class ClientParserTests {

	@Test
	void theClientCantReadWhatIsNotAscii() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new IncomingHeadersProcessor(HeaderBlocks.block("X-Name: Müller")));
	}

	@Test
	void theClientCantReadALineWithoutColon() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new IncomingHeadersProcessor(HeaderBlocks.block("X-Name")));
	}

	@Test
	void theClientTakesOneNameForAnother() {
		assertThat(new IncomingHeadersProcessor(HeaderBlocks.block("Nats_Stream: x")).getHeaders().keySet())
			.containsExactly("Nats-Stream");
	}

	@Test
	void theClientReadsOrdinaryHeaders() {
		byte[] block = "NATS/1.0\r\nX-Name: value\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
		assertThat(new IncomingHeadersProcessor(block).getHeaders().getFirst("X-Name")).isEqualTo("value");
	}

}
