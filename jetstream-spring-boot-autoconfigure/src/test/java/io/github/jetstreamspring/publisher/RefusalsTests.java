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

import io.nats.client.JetStreamApiException;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class RefusalsTests {

	/**
	 * Every refusal that nats-server 2.15 has for a published message: HTTP status, code,
	 * text, what the publisher makes of it, and a piece of the advice.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					400 | 10002 | resource limits exceeded for account                | StreamFullException               | raise its limits
					503 | 10023 | insufficient resources                              | StreamFullException               | raise its limits
					500 | 10028 | insufficient memory resources available             | StreamFullException               | raise its limits
					500 | 10047 | insufficient storage resources available            | StreamFullException               | raise its limits
					400 | 10054 | message size exceeds maximum allowed                | MessageTooLargeException          | max-message-size of the stream
					400 | 10060 | expected stream does not match                      | WrongStreamException              | Correct the subject or the expectation
					400 | 10070 | wrong last msg ID: o-1                              | UnexpectedMessageIdException      | decide again
					400 | 10071 | wrong last sequence: 7                              | UnexpectedSequenceException       | decide again
					503 | 10077 | maximum messages exceeded                           | StreamFullException               | raise its limits
					503 | 10077 | maximum bytes exceeded                              | StreamFullException               | raise its limits
					503 | 10077 | maximum messages per subject exceeded               | StreamFullException               | raise its limits
					503 | 10077 | message too large                                   | MessageTooLargeException          | raise the limit
					400 | 10097 | header size exceeds maximum allowed of 64k          | MessageTooLargeException          | 64 KB of headers
					400 | 10109 | invalid operation on sealed stream                  | PublishRefusedException           | takes no messages any more
					500 | 10111 | rollup not permitted                                | PublishRefusedException           | allow-rollup: true
					400 | 10120 | no JetStream default or applicable tiered limit     | PublishRefusedException           | Ask who runs the server
					400 | 10164 | wrong last sequence                                 | UnexpectedSequenceException       | decide again
					400 | 10165 | invalid per-message TTL                             | PublishRefusedException           | in whole seconds
					400 | 10166 | per-message TTL is disabled                         | PublishRefusedException           | allow-message-ttl: true
					400 | 10168 | message counters is disabled                        | PublishRefusedException           | allow-message-counter: true
					400 | 10169 | message counter increment is missing                | PublishRefusedException           | is a counter
					400 | 10170 | message counter has payload                         | PublishRefusedException           | is a counter
					400 | 10171 | message counter increment is invalid                | PublishRefusedException           | is a counter
					400 | 10172 | message counter is broken                           | PublishRefusedException           | Purge its subject
					400 | 10174 | atomic publish is disabled                          | AtomicPublishUnsupportedException | allow-atomic-publish: true
					400 | 10175 | atomic publish sequence is missing                  | AtomicPublishUnsupportedException | allow-atomic-publish: true
					400 | 10177 | atomic publish unsupported header used: Nats-Msg-Id | AtomicPublishUnsupportedException | Nats-Msg-Id
					400 | 10179 | atomic publish batch ID is invalid                  | AtomicPublishUnsupportedException | batch ID is invalid
					412 | 10185 | JetStream minimum api level required                | PublishRefusedException           | newer nats-server
					400 | 10188 | message schedules is disabled                       | PublishRefusedException           | allow-message-schedules: true
					400 | 10189 | message schedules pattern is invalid                | PublishRefusedException           | Correct the schedule
					400 | 10190 | message schedules target is invalid                 | PublishRefusedException           | another subject of the same stream
					400 | 10191 | message schedules invalid per-message TTL           | PublishRefusedException           | Correct the schedule
					400 | 10192 | message schedules invalid rollup                    | PublishRefusedException           | Correct the schedule
					400 | 10193 | missing sequence for expected last sequence         | PublishRefusedException           | Expect a sequence
					400 | 10199 | atomic publish batch is too large: 500              | AtomicPublishUnsupportedException | fewer messages at once
					400 | 10200 | atomic publish batch commit is invalid              | AtomicPublishUnsupportedException | commit is invalid
					400 | 10201 | atomic publish batch contains duplicate message id  | PublishRefusedException           | id of its own
					400 | 10203 | message schedules source is invalid                 | PublishRefusedException           | Correct the schedule
					400 | 10212 | message schedules invalid scheduler                 | PublishRefusedException           | Correct the schedule
					400 | 10223 | message schedules time zone is invalid              | PublishRefusedException           | Correct the schedule
					400 | 10227 | message stream source header is not allowed         | PublishRefusedException           | Nats-Stream-Source
					400 | 19999 | something new                                       | PublishRefusedException           | something new [19999]
					""")
	void aRefusalSaysWhatToDo(int status, int code, String text, String type, String advice) {
		JetStreamApiException refusal = refusal(status, code, text);
		assertThat(Retries.isWorthwhile(refusal)).isFalse();
		JetStreamException exception = Refusals.toException("orders.created", 300, refusal);
		assertThat(exception.getClass().getSimpleName()).isEqualTo(type);
		assertThat(exception).hasMessageContaining("'orders.created'").hasMessageContaining(advice).hasCause(refusal);
		if (exception instanceof PublishRefusedException refused) {
			assertThat(refused.getErrorCode()).isEqualTo(code);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			503 | 10008 | JetStream system temporarily unavailable
			503 | 10077 | store is closed
			409 | 10158 | duplicate message id is in process
			503 | 10163 | expected last sequence per subject temporarily unavailable
			429 | 10167 | too many requests
			429 | 10210 | atomic publish too many inflight
			""")
	void whatMayBeOverInAMomentIsTriedAgain(int status, int code, String text) {
		assertThat(Retries.isWorthwhile(refusal(status, code, text))).isTrue();
	}

	@Test
	void aLostBatchIsNoReasonToGiveUp() {
		assertThat(Refusals.isLostBatch(refusal(400, 10176, "atomic publish batch is incomplete"))).isTrue();
		assertThat(Refusals.isLostBatch(refusal(400, 10174, "atomic publish is disabled"))).isFalse();
	}

	private static JetStreamApiException refusal(int status, int code, String text) {
		String answer = """
				{"error":{"code":%d,"err_code":%d,"description":"%s"},"stream":"orders","seq":0}""".formatted(status,
				code, text);
		return catchThrowableOfType(JetStreamApiException.class, () -> new PublishAck(
				NatsMessage.builder().subject("inbox").data(answer.getBytes(StandardCharsets.UTF_8)).build()));
	}

}
