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

package io.github.jetstreamspring.test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.jetstreamspring.messaging.Durations;
import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.ConsumerInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.ClassUtils;

/**
 * Looks at the streams of a server, again and again if need be.
 */
final class StoredStreams {

	private static final Duration INTERVAL = Duration.ofMillis(25);

	private static final MessageConverter CONVERTER = ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper",
			StoredStreams.class.getClassLoader()) ? Json.converter() : JetStreamMessageConverters.text();

	// Either of them
	private final @Nullable Supplier<String> url;

	private final @Nullable Connection connection;

	private StoredStreams(@Nullable Supplier<String> url, @Nullable Connection connection) {
		this.url = url;
		this.connection = connection;
	}

	static StoredStreams of(Supplier<String> url) {
		return new StoredStreams(url, null);
	}

	static StoredStreams of(Connection connection) {
		return new StoredStreams(null, connection);
	}

	/**
	 * Waits until something is true.
	 * @param timeout how long to wait
	 * @param check throws an {@link AssertionError} as long as it isn't
	 * @throws AssertionError if it isn't true in time
	 */
	void await(Duration timeout, Check check) {
		long end = System.nanoTime() + timeout.toNanos();
		while (true) {
			Throwable failure = attempt(check);
			if (failure == null) {
				return;
			}
			if (System.nanoTime() - end >= 0) {
				throw new AssertionError(
						"%s%n(Waited %s for it.)".formatted(failure.getMessage(), Durations.text(timeout)), failure);
			}
			pause();
		}
	}

	private @Nullable Throwable attempt(Check check) {
		try {
			check(check);
			return null;
		}
		catch (AssertionError | IOException | JetStreamApiException | IllegalStateException ex) {
			// A server may be about to come up, or a stream about to be declared
			return ex;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while a test waited", ex);
		}
	}

	private void check(Check check) throws IOException, JetStreamApiException, InterruptedException {
		if (this.connection != null) {
			check.run(this.connection);
			return;
		}
		if (this.url != null) {
			Connection own = Nats.connect(Options.builder().server(this.url.get()).maxReconnects(0).build());
			try {
				check.run(own);
			}
			finally {
				own.close();
			}
		}
	}

	private static void pause() {
		try {
			TimeUnit.MILLISECONDS.sleep(INTERVAL.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while a test waited", ex);
		}
	}

	/**
	 * Returns the messages on subjects, in whichever streams, in the order of these.
	 */
	static List<PublishedMessage> messages(Connection connection, String subjects)
			throws IOException, JetStreamApiException {
		StoredMessages stored = new StoredMessages(connection);
		List<PublishedMessage> messages = new ArrayList<>();
		for (String stream : connection.jetStreamManagement().getStreamNames(subjects)) {
			long next = 1;
			while (true) {
				StoredMessages.Stored found = stored.findNext(stream, next, subjects);
				if (found == null) {
					break;
				}
				messages.add(PublishedMessage.of(found.subject(), found.headers(), found.payload(), () -> CONVERTER));
				next = found.sequence() + 1;
			}
		}
		return messages;
	}

	static long count(Connection connection, String stream) throws IOException, JetStreamApiException {
		return connection.jetStreamManagement().getStreamInfo(stream).getStreamState().getMsgCount();
	}

	static List<ConsumerInfo> consumers(Connection connection, String stream)
			throws IOException, JetStreamApiException {
		return connection.jetStreamManagement().getConsumers(stream);
	}

	/**
	 * Something that is to be true.
	 */
	@FunctionalInterface
	interface Check {

		void run(Connection connection) throws IOException, JetStreamApiException;

	}

	/**
	 * What needs Jackson is in a class that isn't loaded without it.
	 */
	private static final class Json {

		static MessageConverter converter() {
			return JetStreamMessageConverters.json(JsonMapper.shared());
		}

	}

}
