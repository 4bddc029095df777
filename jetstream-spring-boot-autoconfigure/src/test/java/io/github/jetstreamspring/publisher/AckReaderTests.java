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

package io.github.jetstreamspring.publisher;

import java.nio.charset.StandardCharsets;

import io.nats.client.api.PublishAck;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class AckReaderTests {

	private final AckReader reader = new AckReader();

	@ParameterizedTest
	@ValueSource(strings = { "{\"stream\":\"orders\",\"seq\":1}", "{\"stream\":\"o\",\"seq\":123456789012345678}",
			"{\"stream\":\"orders\",\"domain\":\"hub\",\"seq\":42}",
			"{\"stream\":\"orders\",\"domain\":\"hub\",\"seq\":42,\"duplicate\": true}",
			"{\"stream\":\"orders\",\"seq\":7,\"duplicate\": true}", "{\"stream\":\"orders\", \"seq\":1}",
			"{\"stream\":\"orders\", \"domain\":\"hub\", \"seq\":42,\"duplicate\": true}" })
	void aConfirmationIsReadAsTheClientReadsIt(String answer) throws Exception {
		PublishAck ack = new PublishAck(NatsMessage.builder().subject("inbox").data(answer).build());
		for (int i = 0; i < 2; i++) {
			assertThat(read(answer)).isEqualTo(PublishResult.of(ack));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{}", "+OK", "{\"stream\":\"orders\",\"seq\":0}", "{\"stream\":\"orders\",\"seq\":1",
			"{\"stream\":\"orders\",\"seq\":1}}", "{\"stream\":\"orders\",\"seq\":1 }",
			"{\"stream\":\"orders\",  \"seq\":1}", "{\"stream\":\"orders\" \"seq\":1}",
			"{\"stream\":\"orders\",\"seq\":-1}", "{\"stream\":\"orders\",\"seq\":12345678901234567890}",
			"{\"stream\":\"orders\",\"seq\":1,\"val\":\"5\"}", "{\"stream\":\"orders",
			"{\"stream\":\"or\\u0064ers\",\"seq\":1}", "{\"stream\":\"\u00fc\",\"seq\":1}",
			"{\"stream\":\"orders\",\"seq\":4,\"batch\":\"b\",\"count\":3}",
			"{\"error\":{\"code\":400,\"err_code\":10071,\"description\":\"x\"},\"stream\":\"orders\",\"seq\":1}" })
	void whatHasAnotherFormIsLeftToTheClient(String answer) {
		assertThat(read(answer)).isNull();
	}

	@Test
	void aStreamIsNotTakenForTheOneBefore() {
		assertThat(read("{\"stream\":\"orders\",\"seq\":1}")).isEqualTo(new PublishResult("orders", 1, false));
		assertThat(read("{\"stream\":\"mailsx\",\"seq\":2}")).isEqualTo(new PublishResult("mailsx", 2, false));
		assertThat(read("{\"stream\":\"orders\",\"seq\":3}")).isEqualTo(new PublishResult("orders", 3, false));
	}

	private PublishResult read(String answer) {
		return this.reader.read(answer.getBytes(StandardCharsets.UTF_8));
	}

}
