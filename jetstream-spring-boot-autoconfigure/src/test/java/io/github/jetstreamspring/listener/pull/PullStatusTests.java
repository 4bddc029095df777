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

package io.github.jetstreamspring.listener.pull;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.support.Status;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PullStatus}.
 */
class PullStatusTests {

	@Test
	void anExpiredRequestSaysWhatIsUnfilled() {
		PullStatus answer = answer(408, "Request Timeout", "5");
		assertThat(answer.request()).isEqualTo(17);
		assertThat(answer.unfilled()).isEqualTo(5);
		assertThat(answer.isExpired()).isTrue();
		assertThat(answer.isOrdinary()).isTrue();
		assertThat(answer.isWaiting()).isFalse();
	}

	@Test
	void aRefusedRequestIsWhollyUnfilled() {
		PullStatus answer = answer(503, "No Responders", null);
		assertThat(answer.unfilled()).isEqualTo(20);
		assertThat(answer.isOrdinary()).isFalse();
	}

	@Test
	void aHeartbeatSaysThatTheRequestWaits() {
		PullStatus answer = answer(100, "Idle Heartbeat", null);
		assertThat(answer.request()).isEqualTo(17);
		assertThat(answer.isWaiting()).isTrue();
	}

	@Test
	void aRequestThatIsAsLargeAsItMayBeEndsAsItShould() {
		assertThat(answer(409, Status.MESSAGE_SIZE_EXCEEDS_MAX_BYTES, "3").isOrdinary()).isTrue();
		assertThat(answer(409, "Consumer Deleted", "3").isOrdinary()).isFalse();
	}

	@Test
	void aRequestThatIsTooSmallForTheNextMessageIsTold() {
		assertThat(answer(409, Status.MESSAGE_SIZE_EXCEEDS_MAX_BYTES, "20").isTooSmall()).isTrue();
		assertThat(answer(409, Status.MESSAGE_SIZE_EXCEEDS_MAX_BYTES, "19").isTooSmall()).isFalse();
		assertThat(answer(408, "Request Timeout", "20").isTooSmall()).isFalse();
	}

	@Test
	void aRequestTooManyIsTold() {
		PullStatus answer = answer(409, "Exceeded MaxWaiting", null);
		assertThat(answer.isTooMany()).isTrue();
		assertThat(answer.isOrdinary()).isFalse();
		assertThat(answer.unfilled()).isEqualTo(20);
	}

	@Test
	void aLostPinIsNoTrouble() {
		PullStatus answer = answer(Status.PIN_ERROR_CODE, "Nats-Wrong-Pin-Id", null);
		assertThat(answer.isPinLost()).isTrue();
		assertThat(answer.isOrdinary()).isTrue();
		assertThat(answer.isExpired()).isFalse();
	}

	private static PullStatus answer(int code, String text, String pending) {
		Message message = mock(Message.class);
		given(message.getSubject()).willReturn("_INBOX.abc.17.20");
		given(message.getStatus()).willReturn(new Status(code, text));
		given(message.getHeaders())
			.willReturn((pending != null) ? new Headers().add("Nats-Pending-Messages", pending) : null);
		return PullStatus.of(message);
	}

}
