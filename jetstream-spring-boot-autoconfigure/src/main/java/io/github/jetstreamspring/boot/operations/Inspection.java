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

package io.github.jetstreamspring.boot.operations;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.messaging.Inquiry;
import io.github.jetstreamspring.messaging.OldestMessage;
import io.github.jetstreamspring.messaging.RecentAnswers;
import io.github.jetstreamspring.topology.ScheduleDefinition;
import io.github.jetstreamspring.topology.TopologyReport;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfo;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One look at what a server has of a connection's streams, consumers and schedules. What
 * has been answered can be read while the rest is still being asked for.
 */
final class Inspection {

	private static final Log logger = LogFactory.getLog(Inspection.class);

	private final Connection connection;

	private final RecentAnswers answers;

	private final Map<String, StreamInfo> streams = new ConcurrentHashMap<>();

	private final Map<ConsumerName, ConsumerInfo> consumers = new ConcurrentHashMap<>();

	private final Map<ConsumerName, Instant> oldest = new ConcurrentHashMap<>();

	private final Map<String, ScheduleTimes> schedules = new ConcurrentHashMap<>();

	private volatile @Nullable List<TopologyReport.Row> differences;

	private volatile boolean silent;

	private final CompletableFuture<?> end;

	private Inspection(ConnectionParts parts, Map<String, Set<String>> names, @Nullable String owner,
			Executor executor) {
		this.connection = parts.connection();
		this.answers = RecentAnswers.of(this.connection);
		List<CompletableFuture<?>> questions = new ArrayList<>();
		names.forEach((stream, consumers) -> {
			questions.add(ask(executor, () -> lookAt(stream)));
			consumers
				.forEach((consumer) -> questions.add(ask(executor, () -> lookAt(new ConsumerName(stream, consumer)))));
		});
		for (ScheduleDefinition schedule : parts.topology().schedules()) {
			questions.add(ask(executor, () -> {
				ScheduleTimes times = ScheduleTimes.find(this.connection, schedule, owner);
				if (times != null) {
					this.schedules.put(schedule.name(), times);
				}
			}));
		}
		questions.add(ask(executor, () -> this.differences = parts.declarer().differences(parts.topology())));
		this.end = CompletableFuture.allOf(questions.toArray(CompletableFuture[]::new));
	}

	/**
	 * Begins to look.
	 * @param parts the connection
	 * @param names the streams, with their consumers
	 * @param owner the name of the application, or {@code null} if it has none
	 * @param executor asks
	 */
	static Inspection begin(ConnectionParts parts, Map<String, Set<String>> names, @Nullable String owner,
			Executor executor) {
		return new Inspection(parts, names, owner, executor);
	}

	private CompletableFuture<?> ask(Executor executor, Question question) {
		return CompletableFuture.runAsync(() -> {
			if (this.silent) {
				return;
			}
			try {
				question.ask();
			}
			catch (Inquiry.ForbiddenException | JetStreamApiException ex) {
				logger.debug("Not known, as the server refuses to tell", ex);
			}
			catch (IOException ex) {
				// Whatever else is asked will not be answered either
				this.silent = true;
				logger.debug("Not known, as the server doesn't answer", ex);
			}
			catch (RuntimeException ex) {
				logger.debug("Not known", ex);
			}
		}, executor);
	}

	private void lookAt(String stream) throws IOException, JetStreamApiException {
		String question = ".API.STREAM.INFO." + stream;
		this.streams.put(stream, this.answers.get(question,
				() -> Inquiry.ask(this.connection, question, (management) -> management.getStreamInfo(stream))));
	}

	private void lookAt(ConsumerName name) throws IOException, JetStreamApiException {
		String question = ".API.CONSUMER.INFO.%s.%s".formatted(name.stream(), name.consumer());
		ConsumerInfo info = this.answers.get(question, () -> Inquiry.ask(this.connection, question,
				(management) -> management.getConsumerInfo(name.stream(), name.consumer())));
		this.consumers.put(name, info);
		OldestMessage.recentTime(this.connection, info).ifPresent((time) -> this.oldest.put(name, time));
	}

	/**
	 * Waits for the answers.
	 * @param timeout how long
	 * @return this
	 */
	Inspection await(Duration timeout) {
		try {
			this.end.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Exception ex) {
			// What has been answered until now is what is known
		}
		return this;
	}

	boolean isDone() {
		return this.end.isDone();
	}

	@Nullable StreamInfo stream(String name) {
		return this.streams.get(name);
	}

	@Nullable ConsumerInfo consumer(String stream, String name) {
		return this.consumers.get(new ConsumerName(stream, name));
	}

	/**
	 * Returns when the oldest message was stored that a consumer has not done with.
	 */
	@Nullable Instant oldest(String stream, String consumer) {
		return this.oldest.get(new ConsumerName(stream, consumer));
	}

	@Nullable ScheduleTimes schedule(String name) {
		return this.schedules.get(name);
	}

	/**
	 * Returns what the server has otherwise than it is defined.
	 */
	@Nullable List<TopologyReport.Row> differences() {
		return this.differences;
	}

	private record ConsumerName(String stream, String consumer) {
	}

	/**
	 * Something that the server is asked.
	 */
	@FunctionalInterface
	private interface Question {

		void ask() throws IOException, JetStreamApiException;

	}

}
