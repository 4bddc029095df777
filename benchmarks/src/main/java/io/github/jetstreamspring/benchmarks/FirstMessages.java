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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.jetstreamspring.test.EmbeddedNatsServer;

/**
 * How quickly a JVM that has just started handles and publishes its first messages, while
 * nothing is compiled: whole JVMs, in turns.
 */
final class FirstMessages implements Benchmark {

	private static final int MESSAGES = 10_000;

	private static final Duration ACK_WAIT = Duration.ofSeconds(30);

	@Override
	public void run(EmbeddedNatsServer server, Settings settings, Report report) throws Exception {
		int messages = settings.messagesOr(MESSAGES);
		for (Task task : Task.values()) {
			Map<String, List<Figures>> sides = new LinkedHashMap<>();
			task.sides.forEach((side) -> sides.put(side, new ArrayList<>()));
			// The first of each reads jars from the disk: it doesn't count
			for (int round = -1; round < settings.rounds(); round++) {
				for (Map.Entry<String, List<Figures>> side : sides.entrySet()) {
					Figures figures = run(server, settings, task, side.getKey(), messages);
					if (round >= 0) {
						side.getValue().add(figures);
					}
				}
			}
			report.firstMessages(task.name().toLowerCase(Locale.ROOT), messages, sides);
		}
	}

	private static Figures run(EmbeddedNatsServer server, Settings settings, Task task, String side, int messages)
			throws Exception {
		try (Queue queue = Queue.create(server.url(), ACK_WAIT)) {
			if (task == Task.HANDLED) {
				queue.fill(messages, FirstMessagesProgram.SIZE);
			}
			try (ApplicationProcess process = ApplicationProcess.start(System.getProperty("java.class.path"),
					settings.jvm(), FirstMessagesProgram.class, task.name(), side, server.url(),
					Integer.toString(messages))) {
				Figures figures = process.figures();
				process.awaitEnd();
				return figures;
			}
		}
	}

	/**
	 * What is done with messages.
	 */
	enum Task {

		HANDLED(List.of("raw", "raw" + FirstMessagesProgram.IN_BOOT, "listener")),

		PUBLISHED(List.of("raw", "raw" + FirstMessagesProgram.IN_BOOT, "template"));

		private final List<String> sides;

		Task(List<String> sides) {
			this.sides = sides;
		}

	}

}
