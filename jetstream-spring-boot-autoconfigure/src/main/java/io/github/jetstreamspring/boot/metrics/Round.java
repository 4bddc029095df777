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

package io.github.jetstreamspring.boot.metrics;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.messaging.Inquiry;
import io.github.jetstreamspring.messaging.OldestMessage;
import io.github.jetstreamspring.messaging.RecentAnswers;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.api.Subject;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One round of questions to the server about streams and consumers. What has been
 * answered can be read while the rest is still being asked for.
 */
final class Round {

	/**
	 * Stands for the time of a message that isn't there.
	 */
	static final Instant NOTHING = Instant.MAX;

	private static final Log logger = LogFactory.getLog(Round.class);

	private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();

	private final ServerFigures figures;

	private final @Nullable Round before;

	private final long begunNanos = System.nanoTime();

	private final CountDownLatch done = new CountDownLatch(1);

	private final Map<String, StreamInfo> streams = new ConcurrentHashMap<>();

	private final Map<ConsumerName, ConsumerInfo> consumers = new ConcurrentHashMap<>();

	private final Map<ConsumerName, Instant> oldest = new ConcurrentHashMap<>();

	private volatile @Nullable Map<ConsumerName, Long> letters;

	/**
	 * Creates a round.
	 * @param figures knows what to ask
	 * @param before the round before, whose answers count until those of this one are
	 * there; {@code null} if they are too old
	 */
	Round(ServerFigures figures, @Nullable Round before) {
		this.figures = figures;
		this.before = before;
	}

	/**
	 * Begins to ask.
	 */
	void begin() {
		if (this.figures.connection().getStatus() != Connection.Status.CONNECTED) {
			// Nobody would answer
			this.done.countDown();
			return;
		}
		try {
			Thread thread = new Thread(() -> {
				Guard.run(logger, () -> "The server could not be asked about streams and consumers", this::ask);
				this.done.countDown();
			}, "jetstream-metrics");
			thread.setDaemon(true);
			thread.start();
		}
		catch (Throwable ex) {
			// There is no memory for a thread
			this.done.countDown();
		}
	}

	/**
	 * Waits for the answers, as long as this round is still a matter of patience.
	 */
	void await() {
		try {
			this.done.await(PATIENCE_NANOS - age(System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	boolean isDone() {
		return this.done.getCount() == 0;
	}

	long age(long now) {
		return now - this.begunNanos;
	}

	/**
	 * Returns the round before, as long as this one isn't done.
	 */
	@Nullable Round before() {
		return isDone() ? null : this.before;
	}

	@Nullable StreamInfo stream(String stream) {
		return this.streams.get(stream);
	}

	@Nullable ConsumerInfo consumer(ConsumerName consumer) {
		return this.consumers.get(consumer);
	}

	@Nullable Instant oldest(ConsumerName consumer) {
		return this.oldest.get(consumer);
	}

	@Nullable Map<ConsumerName, Long> letters() {
		return this.letters;
	}

	private void ask() {
		try {
			for (Map.Entry<String, Set<String>> entry : this.figures.names().entrySet()) {
				askAbout(entry.getKey());
				for (String consumer : entry.getValue()) {
					askAbout(new ConsumerName(entry.getKey(), consumer));
				}
			}
		}
		catch (IOException ex) {
			// The rest would not be answered either
			logger.debug("Streams and consumers are not known, as the server doesn't answer", ex);
		}
	}

	private void askAbout(String stream) throws IOException {
		String prefix = this.figures.letterSubjects().get(stream);
		StreamInfo info = answer(".API.STREAM.INFO." + stream, (prefix != null) ? " with subjects" : "",
				(management) -> (prefix != null)
						? management.getStreamInfo(stream, StreamInfoOptions.filterSubjects(prefix + ".*.*"))
						: management.getStreamInfo(stream));
		if (info == null) {
			return;
		}
		this.streams.put(stream, info);
		if (prefix != null) {
			this.letters = letters(prefix, info.getStreamState().getSubjects());
		}
	}

	private static Map<ConsumerName, Long> letters(String prefix, List<Subject> subjects) {
		Map<ConsumerName, Long> letters = new HashMap<>();
		for (Subject subject : subjects) {
			String[] tokens = subject.getName().substring(prefix.length() + 1).split("\\.");
			if (tokens.length == 2) {
				letters.put(new ConsumerName(tokens[0], tokens[1]), subject.getCount());
			}
		}
		return letters;
	}

	private void askAbout(ConsumerName name) throws IOException {
		ConsumerInfo info = answer(".API.CONSUMER.INFO.%s.%s".formatted(name.stream(), name.consumer()), "",
				(management) -> management.getConsumerInfo(name.stream(), name.consumer()));
		if (info == null) {
			return;
		}
		this.consumers.put(name, info);
		this.figures.pending(name, info.getNumPending());
		if (!this.figures.isOldestWanted()) {
			return;
		}
		if (info.getNumPending() + info.getNumAckPending() == 0) {
			this.oldest.put(name, NOTHING);
			return;
		}
		Connection connection = this.figures.connection();
		Optional<Instant> time = answered(".API.STREAM.MSG.GET." + name.stream(),
				() -> OldestMessage.recentTime(connection, info));
		if (time != null) {
			time.ifPresent((oldest) -> this.oldest.put(name, oldest));
		}
	}

	private <T> @Nullable T answer(String question, String details, Inquiry.Question<T> ask) throws IOException {
		Connection connection = this.figures.connection();
		return answered(question, () -> RecentAnswers.of(connection)
			.get(question + details, () -> Inquiry.ask(connection, question, ask)));
	}

	private <T> @Nullable T answered(String question, RecentAnswers.Answer<T> answer) throws IOException {
		if (this.figures.forbidden().contains(question)) {
			return null;
		}
		try {
			return answer.get();
		}
		catch (Inquiry.ForbiddenException ex) {
			this.figures.forbidden().add(question);
			logger.debug("Not known, as the server refuses to tell", ex);
			return null;
		}
		catch (JetStreamApiException | RuntimeException ex) {
			logger.debug("Not known", ex);
			return null;
		}
	}

}
