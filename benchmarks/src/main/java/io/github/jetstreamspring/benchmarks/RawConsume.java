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

import io.nats.client.Connection;
import io.nats.client.ConsumeOptions;
import io.nats.client.MessageConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The client's {@code consume()} with a handler that acks.
 */
final class RawConsume implements Worker {

	// Larger ones are no faster
	private static final int BATCH_SIZE = 500;

	private final Connection connection;

	private final Work work;

	private @Nullable MessageConsumer consumer;

	RawConsume(Connection connection, Work work) {
		this.connection = connection;
		this.work = work;
	}

	@Override
	public void start() throws Exception {
		this.consumer = this.connection.getConsumerContext(Queue.STREAM, Queue.CONSUMER)
			.consume(ConsumeOptions.builder().batchSize(BATCH_SIZE).build(), (message) -> {
				byte[] data = message.getData();
				this.work.run(Payload.number(data), Payload.time(data));
				message.ack();
			});
	}

	@Override
	public void stop() throws Exception {
		if (this.consumer != null) {
			this.consumer.close();
		}
	}

	@Override
	public void close() {
		RawConnections.close(this.connection);
	}

}
