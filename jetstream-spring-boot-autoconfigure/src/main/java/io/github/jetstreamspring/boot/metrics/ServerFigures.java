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

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import io.nats.client.Connection;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * What the server says of the streams and consumers of a connection. It is asked when
 * somebody reads, at most every ten seconds, by a thread of its own: whoever reads waits
 * for it, but no longer than a second in all.
 */
final class ServerFigures {

	private static final long MAX_AGE_NANOS = Duration.ofSeconds(10).toNanos();

	private final Connection connection;

	private final Supplier<Map<String, Set<String>>> names;

	private final Map<String, String> letterSubjects;

	private final ForbiddenQuestions forbidden = new ForbiddenQuestions();

	private final Map<ConsumerName, PendingTrend> trends = new ConcurrentHashMap<>();

	private @Nullable Round last;

	// Each costs a question with a whole message for an answer
	private volatile boolean oldestWanted;

	/**
	 * Creates figures.
	 * @param connection the connection
	 * @param names the streams, with those of their consumers that are of interest
	 * @param letterSubjects the streams of dead letters, with what their subjects begin
	 * with
	 */
	ServerFigures(Connection connection, Supplier<Map<String, Set<String>>> names, Map<String, String> letterSubjects) {
		this.connection = connection;
		this.names = names;
		this.letterSubjects = letterSubjects;
	}

	/**
	 * Something else is of interest from now on: the next one who reads asks for it.
	 */
	synchronized void renew() {
		this.last = null;
	}

	/**
	 * Returns a figure of a stream.
	 * @return the figure, or NaN if it isn't known
	 */
	double stream(String stream, ToDoubleFunction<StreamInfo> figure) {
		StreamInfo info = read(Round::stream, stream);
		return (info != null) ? figure.applyAsDouble(info) : Double.NaN;
	}

	/**
	 * Returns a figure of a consumer.
	 * @return the figure, or NaN if it isn't known
	 */
	double consumer(ConsumerName consumer, ToDoubleFunction<ConsumerInfo> figure) {
		ConsumerInfo info = read(Round::consumer, consumer);
		return (info != null) ? figure.applyAsDouble(info) : Double.NaN;
	}

	/**
	 * Returns how old the oldest message is that a consumer has not done with.
	 * @return seconds, 0 if there is none, NaN if that isn't known
	 */
	double oldestAge(ConsumerName consumer) {
		if (!this.oldestWanted) {
			this.oldestWanted = true;
			renew();
		}
		Instant oldest = read(Round::oldest, consumer);
		if (oldest == null) {
			return Double.NaN;
		}
		// The server's clock may be ahead
		return oldest.equals(Round.NOTHING) ? 0 : Math.max(0, Duration.between(oldest, Instant.now()).toMillis() / 1e3);
	}

	/**
	 * Returns how long it takes a consumer to deliver what is pending, at the pace at
	 * which that has become less.
	 * @return seconds, 0 if nothing is pending, infinite if it doesn't become less, NaN
	 * if that isn't known
	 */
	double drainTime(ConsumerName consumer) {
		if (read(Round::consumer, consumer) == null) {
			return Double.NaN;
		}
		PendingTrend trend = this.trends.get(consumer);
		return (trend != null) ? trend.drainSeconds() : Double.NaN;
	}

	/**
	 * Returns how many dead letters there are of consumers.
	 * @return the numbers, or {@code null} if they aren't known
	 */
	@Nullable Map<ConsumerName, Long> letters() {
		return read((round, nothing) -> round.letters(), "");
	}

	private <K, V> @Nullable V read(BiFunction<Round, K, @Nullable V> figure, K key) {
		Round round = round();
		round.await();
		V value = figure.apply(round, key);
		Round before = round.before();
		return (value == null && before != null) ? figure.apply(before, key) : value;
	}

	private synchronized Round round() {
		Round current = this.last;
		long now = System.nanoTime();
		if (current == null || (current.isDone() && current.age(now) >= MAX_AGE_NANOS)) {
			current = new Round(this, (current != null && current.age(now) < 2 * MAX_AGE_NANOS) ? current : null);
			this.last = current;
			current.begin();
		}
		return current;
	}

	Connection connection() {
		return this.connection;
	}

	Map<String, Set<String>> names() {
		return this.names.get();
	}

	Map<String, String> letterSubjects() {
		return this.letterSubjects;
	}

	ForbiddenQuestions forbidden() {
		return this.forbidden;
	}

	boolean isOldestWanted() {
		return this.oldestWanted;
	}

	void forget(ConsumerName consumer) {
		this.trends.remove(consumer);
	}

	void pending(ConsumerName consumer, long pending) {
		this.trends.computeIfAbsent(consumer, (name) -> new PendingTrend()).add(System.nanoTime(), pending);
	}

}
