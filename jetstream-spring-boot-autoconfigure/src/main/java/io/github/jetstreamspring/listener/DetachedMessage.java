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

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsJetStreamMetaData;
import io.nats.client.impl.NatsMessage;

/**
 * A message as the client receives it from a consumer, without a server to be told what
 * becomes of it.
 */
final class DetachedMessage extends NatsMessage {

	private DetachedMessage(String subject, String replyTo, Headers headers, byte[] payload) {
		super(subject, replyTo, headers, payload);
	}

	static DetachedMessage of(ListenerDefinition definition, DetachedContent content, long sequence) {
		Instant time = content.timestamp();
		long nanos = TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
		String reply = "$JS.ACK.%s.%s.%d.%d.%d.%d.0".formatted(definition.stream(), definition.consumer(),
				content.attempt(), sequence, sequence, nanos);
		return new DetachedMessage(content.subject(), reply, content.headers(), content.payload());
	}

	@Override
	public boolean isJetStream() {
		return true;
	}

	@Override
	public NatsJetStreamMetaData metaData() {
		return new NatsJetStreamMetaData(this);
	}

	// Whoever settles the delivery says so by itself

	@Override
	public void ack() {
	}

	@Override
	public void ackSync(Duration timeout) {
	}

	@Override
	public void nak() {
	}

	@Override
	public void nakWithDelay(Duration delay) {
	}

	@Override
	public void nakWithDelay(long millis) {
	}

	@Override
	public void inProgress() {
	}

	@Override
	public void term() {
	}

}
