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

import io.nats.client.Message;
import io.nats.client.impl.NatsJetStreamMetaData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

/**
 * Tests for {@link MessageOrigin}.
 */
class MessageOriginTests {

	private final Message message = mock(Message.class);

	private final DeliveryOwner owner = mock(DeliveryOwner.class);

	@Test
	void whenAMessageComesForTheFirstTimeThenItsReplySubjectIsNotParsed() {
		assertThat(origin("$JS.ACK.orders.worker.1.9007199254740993.5.1767225600000000000.0").streamSequence())
			.isEqualTo(9007199254740993L);
		then(this.message).should(never()).metaData();
	}

	@ParameterizedTest
	@ValueSource(strings = { "$JS.ACK.orders.worker.2.17.5.1767225600000000000.0",
			"$JS.ACK.hub.hash.orders.worker.1.17.5.1767225600000000000.0.x", "$JS.ACK.orders.worker.1.x.5.1.0",
			"$JS.ACK.orders.worker.1." })
	void whenItsReplySubjectLooksDifferentThenTheClientParsesIt(String reply) {
		NatsJetStreamMetaData parsed = mock(NatsJetStreamMetaData.class);
		given(parsed.streamSequence()).willReturn(42L);
		given(this.message.metaData()).willReturn(parsed);
		assertThat(origin(reply).streamSequence()).isEqualTo(42);
	}

	private MessageOrigin origin(String reply) {
		given(this.message.getReplyTo()).willReturn(reply);
		given(this.owner.firstAttempt()).willReturn("$JS.ACK.orders.worker.1.");
		return new MessageOrigin(this.message, this.owner);
	}

}
