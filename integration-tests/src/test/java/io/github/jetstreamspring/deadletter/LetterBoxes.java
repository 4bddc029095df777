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

package io.github.jetstreamspring.deadletter;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.nats.client.Connection;
import io.nats.client.api.PublishAck;

/**
 * Stores letters that no listener had to write.
 */
final class LetterBoxes {

	private LetterBoxes() {
	}

	static void store(Connection connection, String stream, String consumer, int count) throws Exception {
		List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			acks.add(connection.jetStream()
				.publishAsync("dead-letters." + stream + "." + consumer, LetterBox.headers(stream, consumer, i),
						("payload " + i).getBytes()));
			if (acks.size() % 1000 == 0) {
				acks.get(acks.size() - 1).join();
				acks.clear();
			}
		}
		CompletableFuture.allOf(acks.toArray(CompletableFuture[]::new)).join();
	}

}
