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

package io.github.jetstreamspring.benchmarks;

import java.util.concurrent.Semaphore;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.NUID;
import io.nats.client.PublishOptions;

/**
 * The client's own {@code publish} and {@code publishAsync}, with message ids and, as it
 * has none, a limit to the messages in flight.
 */
final class RawPublisher implements Publisher {

	private final PublishCase publishCase;

	private final Connection connection;

	private final JetStream jetStream;

	private final byte[] payload;

	RawPublisher(PublishCase publishCase, Connection connection) throws Exception {
		this.publishCase = publishCase;
		this.connection = connection;
		this.jetStream = connection.jetStream();
		this.payload = Payload.create(0, 0, publishCase.size());
	}

	@Override
	public void run(int messages) throws Exception {
		if (this.publishCase.isSynchronous()) {
			for (int number = 0; number < messages; number++) {
				this.jetStream.publish(Queue.SUBJECT, this.payload, options());
			}
			return;
		}
		Confirmed confirmed = new Confirmed(messages);
		Semaphore window = new Semaphore(this.publishCase.window());
		for (int number = 0; number < messages; number++) {
			window.acquire();
			this.jetStream.publishAsync(Queue.SUBJECT, this.payload, options()).whenComplete((ack, failure) -> {
				window.release();
				confirmed.one(ack, failure);
			});
		}
		confirmed.await();
	}

	private static PublishOptions options() {
		return PublishOptions.builder().messageId(NUID.nextGlobal()).build();
	}

	@Override
	public void close() {
		RawConnections.close(this.connection);
	}

}
