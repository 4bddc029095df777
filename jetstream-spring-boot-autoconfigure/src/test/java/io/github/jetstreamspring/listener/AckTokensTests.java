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

import java.time.Instant;

import io.nats.client.impl.NatsJetStreamMetaData;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link AckTokens} compared with the client.
 */
class AckTokensTests {

	private static final String PREFIX = "$JS.ACK.jobs.worker.1.";

	@ParameterizedTest
	@ValueSource(strings = { "17.4.1764425000123456789.1000", "1.1.1764425000000000000.0",
			"999999999999999999.1.1000000000000000001.999999999999999999" })
	void firstDeliveriesAreReadAsTheClientReadsThem(String tokens) {
		String replyTo = PREFIX + tokens;
		NatsJetStreamMetaData client = new NatsJetStreamMetaData(new NatsMessage("jobs.new", replyTo, new byte[0]) {

			@Override
			public boolean isJetStream() {
				return true;
			}

		});
		assertThat(AckTokens.streamSequence(replyTo, PREFIX)).isEqualTo(client.streamSequence());
		assertThat(Instant.ofEpochSecond(0, AckTokens.time(replyTo, PREFIX))).isEqualTo(client.timestamp().toInstant());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "$JS.ACK.jobs.worker.2.17.4.1764425000123456789.1000",
			"$JS.ACK.domain.hash.jobs.worker.1.17.4.1764425000123456789.1000.random",
			// A domain and an account that are named like stream and consumer
			"$JS.ACK.jobs.worker.1.other.1.17.4.1764425000123456789.1000.random",
			"$JS.ACK.jobs.worker.1.17.4.1764425000123456789", "$JS.ACK.jobs.worker.1.17.4..1000",
			"$JS.ACK.jobs.worker.1.17.4.1764425000123456789.1000.", "$JS.ACK.jobs.worker.1.17.4.-1.1000",
			"$JS.ACK.jobs.worker.1.x.4.1764425000123456789.1000",
			"$JS.ACK.jobs.worker.1.1234567890123456789.4.1764425000123456789.1000" })
	void whatLooksDifferentIsLeftToTheClient(String replyTo) {
		assertThat(AckTokens.streamSequence(replyTo, PREFIX)).isEqualTo(AckTokens.UNKNOWN);
		assertThat(AckTokens.time(replyTo, PREFIX)).isEqualTo(AckTokens.UNKNOWN);
	}

}
