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
package io.github.jetstreamspring.boot.console;

import java.time.Duration;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;

import static org.awaitility.Awaitility.await;

/**
 * Writes very many dead letters, quicker than anybody could give up on messages.
 */
final class StoredLetters {

	private static final String STREAM = "dead-letters";

	private static final int PART = 5_000;

	private StoredLetters() {
	}

	static void write(String url, int count) throws Exception {
		Connection connection = Nats
			.connect(Options.builder().server(url).connectionTimeout(Duration.ofSeconds(30)).build());
		try {
			JetStreamManagement management = connection.jetStreamManagement();
			for (int i = 0; i < count; i++) {
				Headers headers = new Headers().put("Dead-Letter-Reason", "reason " + i)
					.put("Dead-Letter-Stream", "orders")
					.put("Dead-Letter-Consumer", "order-worker");
				connection.publish(NatsMessage.builder()
					.subject("dead-letters.orders.order-worker")
					.headers(headers)
					.data("{}")
					.build());
				if (i % PART == PART - 1) {
					// Not more than the server can keep in hand
					long stored = i + 1L;
					await().atMost(Duration.ofSeconds(60))
						.pollInterval(Duration.ofMillis(5))
						.until(() -> management.getStreamInfo(STREAM).getStreamState().getMsgCount() >= stored);
				}
			}
			await().atMost(Duration.ofSeconds(60))
				.until(() -> management.getStreamInfo(STREAM).getStreamState().getMsgCount() == count);
		}
		finally {
			connection.close();
		}
	}

}
