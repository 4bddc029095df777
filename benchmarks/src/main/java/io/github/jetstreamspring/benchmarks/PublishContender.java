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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.jetstreamspring.test.EmbeddedNatsServer;

/**
 * One side that publishes, ready from the first round to the last, to a fresh stream in
 * each.
 */
final class PublishContender implements AutoCloseable {

	private static final Duration ACK_WAIT = Duration.ofSeconds(30);

	private final EmbeddedNatsServer server;

	private final PublishSide side;

	private final Publisher publisher;

	private final List<Round> rounds = new ArrayList<>();

	PublishContender(EmbeddedNatsServer server, PublishCase publishCase, PublishSide side) throws Exception {
		this.server = server;
		this.side = side;
		this.publisher = side.open(publishCase, server.url());
	}

	PublishSide side() {
		return this.side;
	}

	List<Round> rounds() {
		return this.rounds;
	}

	/**
	 * Fills a queue.
	 * @param messages the number of messages
	 * @param counts whether the round counts, or only warms up
	 */
	void run(int messages, boolean counts) throws Exception {
		try (Queue queue = Queue.create(this.server.url(), ACK_WAIT)) {
			System.gc();
			Usage start = Usage.now(this.server.pid());
			this.publisher.run(messages);
			Usage usage = Usage.now(this.server.pid()).since(start);
			long stored = queue.count();
			if (stored != messages) {
				throw new IllegalStateException(
						"%d messages were published, but %d are stored".formatted(messages, stored));
			}
			if (counts) {
				this.rounds.add(Round.of(usage, messages, 0));
			}
		}
	}

	@Override
	public void close() {
		this.publisher.close();
	}

}
