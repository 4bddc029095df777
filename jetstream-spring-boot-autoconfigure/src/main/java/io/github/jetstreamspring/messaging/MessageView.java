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

import java.time.Duration;
import java.util.concurrent.TimeoutException;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.impl.AckType;
import io.nats.client.impl.NatsJetStreamMetaData;
import io.nats.client.support.Status;

/**
 * A received message that looks other than the client has received it, and is settled as
 * the client's own.
 */
abstract class MessageView implements Message {

	private final Message message;

	MessageView(Message message) {
		this.message = message;
	}

	@Override
	public String getReplyTo() {
		return this.message.getReplyTo();
	}

	@Override
	public boolean isStatusMessage() {
		return this.message.isStatusMessage();
	}

	@Override
	public Status getStatus() {
		return this.message.getStatus();
	}

	@Override
	public byte[] getData() {
		return this.message.getData();
	}

	@Override
	@Deprecated
	public boolean isUtf8mode() {
		return this.message.isUtf8mode();
	}

	@Override
	public Subscription getSubscription() {
		return this.message.getSubscription();
	}

	@Override
	public String getSID() {
		return this.message.getSID();
	}

	@Override
	public Connection getConnection() {
		return this.message.getConnection();
	}

	@Override
	public NatsJetStreamMetaData metaData() {
		return this.message.metaData();
	}

	@Override
	public AckType lastAck() {
		return this.message.lastAck();
	}

	@Override
	public void ack() {
		this.message.ack();
	}

	@Override
	public void ackSync(Duration timeout) throws TimeoutException, InterruptedException {
		this.message.ackSync(timeout);
	}

	@Override
	public void nak() {
		this.message.nak();
	}

	@Override
	public void nakWithDelay(Duration delay) {
		this.message.nakWithDelay(delay);
	}

	@Override
	public void nakWithDelay(long delayMillis) {
		this.message.nakWithDelay(delayMillis);
	}

	@Override
	public void term() {
		this.message.term();
	}

	@Override
	public void inProgress() {
		this.message.inProgress();
	}

	@Override
	public boolean isJetStream() {
		return this.message.isJetStream();
	}

	@Override
	public long consumeByteCount() {
		return this.message.consumeByteCount();
	}

	@Override
	public String toString() {
		return this.message.toString();
	}

}
