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
 * One side of a case, ready from the first round to the last as an application would be,
 * with a fresh queue for each round.
 */
final class Contender implements AutoCloseable {

	// Messages that wait in the client for longer come again, and count as duplicates
	private static final Duration ACK_WAIT = Duration.ofSeconds(5);

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	private final EmbeddedNatsServer server;

	private final Case testCase;

	private final Side side;

	private final Tally tally;

	private final Worker worker;

	private final List<Round> rounds = new ArrayList<>();

	Contender(EmbeddedNatsServer server, Case testCase, Side side) throws Exception {
		this.server = server;
		this.testCase = testCase;
		this.side = side;
		this.tally = new Tally(testCase.handlerTime());
		this.worker = side.open(testCase, server.url(), this.tally);
	}

	Side side() {
		return this.side;
	}

	List<Round> rounds() {
		return this.rounds;
	}

	/**
	 * Empties a full queue.
	 * @param messages the number of messages
	 * @param counts whether the round counts, or only warms up
	 */
	void run(int messages, boolean counts) throws Exception {
		this.tally.reset(messages);
		try (Queue queue = Queue.create(this.server.url(), ACK_WAIT)) {
			queue.fill(messages, this.testCase.size());
			System.gc();
			Usage start = Usage.now(this.server.pid());
			this.worker.start();
			this.tally.await(TIMEOUT);
			// It's done when the server knows
			queue.awaitEmpty();
			Usage usage = Usage.now(this.server.pid()).since(start);
			this.worker.stop();
			if (counts) {
				this.rounds.add(Round.of(usage, messages, this.tally.duplicates()));
			}
		}
	}

	@Override
	public void close() {
		this.worker.close();
	}

}
