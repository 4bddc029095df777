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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import io.github.jetstreamspring.deadletter.PayloadRedactor;
import io.github.jetstreamspring.deadletter.StoredDeadLetter;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.messaging.Inquiry;
import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.github.jetstreamspring.messaging.ServerNames;
import io.github.jetstreamspring.messaging.SimilarNames;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.github.jetstreamspring.messaging.SubjectPattern;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Shows the messages of streams without disturbing those who work on them, and removes
 * one. What it returns can be written as JSON as it is. Whatever can't be done ends in an
 * {@link OperationFailure}; what was done is logged and published as an event.
 *
 * @since 0.1.0
 */
public final class MessageRequests {

	private static final Set<String> PARAMETERS = Set.of("connection", "stream", "consumer", "subject", "from",
			"limit");

	private static final int DEFAULT_LIMIT = 50;

	private static final int MAX_LIMIT = 200;

	private static final long MAX_BYTES = 8 * 1024 * 1024;

	private static final int MAX_FILTERS = 10;

	private static final int NO_CONSUMER = 10014;

	private final Map<String, ConnectionParts> connections;

	private final JetStreamListeners listeners;

	private final DeadLetterDescriptions descriptions;

	private final OperationLog log;

	private MessageRequests(Map<String, ConnectionParts> connections, JetStreamListeners listeners,
			DeadLetterDescriptions descriptions, OperationLog log) {
		this.connections = connections;
		this.listeners = listeners;
		this.descriptions = descriptions;
		this.log = log;
	}

	/**
	 * Returns the messages of all connections of an application.
	 * @param listeners know the connections
	 * @param events where operations are published
	 * @param beanFactory has the beans of the connections
	 * @param redactor says what may be shown, or {@code null} if that is everything
	 * @return the requests that can be made
	 */
	public static MessageRequests of(JetStreamListeners listeners, ApplicationEventPublisher events,
			BeanFactory beanFactory, @Nullable PayloadRedactor redactor) {
		return new MessageRequests(ConnectionParts.all(listeners, beanFactory), listeners,
				new DeadLetterDescriptions((redactor != null) ? redactor : DeadLetterDescriptions.AS_IT_IS),
				new OperationLog(events));
	}

	/**
	 * Finds messages, the oldest first. Those of a consumer are those that it has not
	 * done with, so far as the server's numbers tell.
	 * @param parameters which ones: {@code connection}, {@code stream}, {@code consumer},
	 * {@code subject}, {@code from}, {@code limit}
	 * @return {@code messages} without their content, and where the {@code next} page
	 * starts
	 * @throws OperationFailure if that isn't possible
	 */
	public Map<String, Object> find(Map<String, String> parameters) {
		parameters.keySet().stream().filter((name) -> !PARAMETERS.contains(name)).findFirst().ifPresent((name) -> {
			throw OperationFailure.badRequest(
					"There is no '%s' here, only '%s'".formatted(name, String.join("', '", new TreeSet<>(PARAMETERS))));
		});
		String stream = String.valueOf(parameters.get("stream"));
		Connection connection = connection(parameters.get("connection"), stream);
		String consumer = parameters.get("consumer");
		String subject = parameters.get("subject");
		long from = number(parameters, "from", 1);
		long limit = Math.min(number(parameters, "limit", DEFAULT_LIMIT), MAX_LIMIT);
		if (subject != null) {
			check(subject);
		}
		return ask(() -> {
			ConsumerInfo info = (consumer != null) ? consumer(connection, stream, consumer) : null;
			long first = (info != null) ? Math.max(from, info.getAckFloor().getStreamSequence() + 1) : from;
			return page(new MessageBrowser(connection, stream, subjects(info, subject), first), info, limit);
		});
	}

	private static void check(String subject) {
		try {
			SubjectPattern.of(subject);
		}
		catch (IllegalArgumentException ex) {
			throw OperationFailure.badRequest("'subject' can't be '%s': %s".formatted(subject, ex.getMessage()));
		}
	}

	private static ConsumerInfo consumer(Connection connection, String stream, String name)
			throws IOException, JetStreamApiException {
		try {
			if (ServerNames.isName(name)) {
				return Inquiry.ask(connection, ".API.CONSUMER.INFO.%s.%s".formatted(stream, name),
						(management) -> management.getConsumerInfo(stream, name));
			}
		}
		catch (JetStreamApiException ex) {
			if (ex.getApiErrorCode() != NO_CONSUMER) {
				throw ex;
			}
		}
		throw OperationFailure.notFound("Stream '%s' has no consumer '%s'".formatted(stream, name));
	}

	private static List<String> subjects(@Nullable ConsumerInfo consumer, @Nullable String subject) {
		if (subject != null) {
			return List.of(subject);
		}
		List<String> filters = (consumer != null) ? consumer.getConsumerConfiguration().getFilterSubjects() : null;
		if (filters == null || filters.isEmpty() || filters.contains("")) {
			return List.of(">");
		}
		if (filters.size() > MAX_FILTERS) {
			throw OperationFailure
				.badRequest("The consumer has %d filter subjects: say which 'subject'".formatted(filters.size()));
		}
		return filters;
	}

	private static Map<String, Object> page(MessageBrowser browser, @Nullable ConsumerInfo consumer, long limit)
			throws IOException, JetStreamApiException {
		List<Map<String, Object>> messages = new ArrayList<>();
		Description page = new Description();
		long bytes = 0;
		StoredMessages.Stored message = browser.next();
		while (message != null && messages.size() < limit && bytes < MAX_BYTES) {
			bytes += message.payload().length;
			messages.add(brief(message, consumer).toMap());
			message = browser.next();
		}
		page.add("messages", messages).add("next", (message != null) ? message.sequence() : null);
		return page.toMap();
	}

	private static Description brief(StoredMessages.Stored message, @Nullable ConsumerInfo consumer) {
		return new Description().add("sequence", message.sequence())
			.add("subject", ScheduleSubjects.said(message.subject()))
			.add("time", message.time())
			.add("messageId", message.headers().getFirst("Nats-Msg-Id"))
			.add("payloadSize", message.payload().length)
			.add("delivered",
					(consumer != null) ? message.sequence() <= consumer.getDelivered().getStreamSequence() : null);
	}

	/**
	 * Describes a message with its content.
	 * @param stream the stream
	 * @param sequence the message's sequence in it
	 * @param connection the connection's name, {@code default} if it is left out
	 * @param shown whether payload and values of headers may be seen
	 * @return the message
	 * @throws OperationFailure if that isn't possible
	 */
	public Map<String, Object> message(String stream, String sequence, @Nullable String connection, boolean shown) {
		Connection from = connection(connection, stream);
		long number = sequence(sequence);
		return ask(() -> {
			StoredMessages.Stored message = read(from, stream, number).orElseThrow(() -> unknown(stream, number));
			return this.descriptions.addContent(brief(message, null), asLetter(stream, message), shown).toMap();
		});
	}

	private static Optional<StoredMessages.Stored> read(Connection connection, String stream, long sequence)
			throws IOException, JetStreamApiException {
		return Inquiry.ask(connection, ".API.STREAM.MSG.GET." + stream,
				(management) -> Optional.ofNullable(new StoredMessages(connection).find(stream, sequence)));
	}

	// So that one redactor does for all
	private static StoredDeadLetter asLetter(String stream, StoredMessages.Stored message) {
		Map<String, List<String>> headers = new LinkedHashMap<>();
		Headers all = message.headers();
		for (String name : all.keySet()) {
			List<String> values = all.get(name);
			headers.put(name, (values != null) ? values.stream().map(ScheduleSubjects::said).toList() : List.of());
		}
		return new StoredDeadLetter(0, stream, message.subject(), message.sequence(), null, all.getFirst("Nats-Msg-Id"),
				message.time(), 0, null, null, null, message.time(), 0, headers, message.payload());
	}

	/**
	 * Removes a message for good.
	 * @param stream the stream
	 * @param sequence the message's sequence in it
	 * @param action what to do: {@code remove}
	 * @param connection the connection's name, {@code default} if it is left out
	 * @param principal the name of whoever asks for it, or {@code null} if nobody knows
	 * @return what was done
	 * @throws OperationFailure if that isn't possible
	 */
	public Map<String, Object> change(String stream, String sequence, @Nullable String action,
			@Nullable String connection, @Nullable String principal) {
		if (!"remove".equals(action)) {
			throw OperationFailure.badRequest("'action' must be 'remove'");
		}
		Connection on = connection(connection, stream);
		long number = sequence(sequence);
		return this.log.perform("remove", "message %d of stream '%s'".formatted(number, stream), principal, () -> {
			boolean removed = ask(() -> remove(on, stream, number));
			if (!removed) {
				throw unknown(stream, number);
			}
			return new Description().add("removed", 1).toMap();
		});
	}

	private static boolean remove(Connection connection, String stream, long sequence)
			throws IOException, JetStreamApiException {
		try {
			return Inquiry.ask(connection, ".API.STREAM.MSG.DELETE." + stream,
					(management) -> management.deleteMessage(stream, sequence));
		}
		catch (JetStreamApiException ex) {
			// The code is that of every failed removal
			if (read(connection, stream, sequence).isEmpty()) {
				return false;
			}
			throw ex;
		}
	}

	// Other streams of the account are nobody's business here
	private Connection connection(@Nullable String name, String stream) {
		ConnectionParts parts = this.connections.get((name != null) ? name : Description.DEFAULT_CONNECTION);
		if (parts == null) {
			throw OperationFailure
				.notFound("There is no connection '%s', only %s".formatted(name, this.connections.keySet()));
		}
		Set<String> streams = new TreeSet<>();
		parts.topology().streams().forEach((declared) -> streams.add(declared.name()));
		this.listeners.statuses().forEach((listener) -> streams.add(listener.stream()));
		if (!streams.contains(stream)) {
			throw OperationFailure.notFound(
					"The application has no stream '%s'%s".formatted(stream, SimilarNames.question(stream, streams)));
		}
		if (parts.connection().getStatus() != Connection.Status.CONNECTED) {
			throw OperationFailure.unavailable(
					"The server can't be reached: the connection is %s".formatted(parts.connection().getStatus()));
		}
		return parts.connection();
	}

	private static OperationFailure unknown(String stream, long sequence) {
		return OperationFailure.notFound("There is no message %d in stream '%s'".formatted(sequence, stream));
	}

	private static long number(Map<String, String> parameters, String name, long otherwise) {
		String text = parameters.get(name);
		return (text != null) ? DeadLetterFilters.positive(name, text) : otherwise;
	}

	private static long sequence(String text) {
		return DeadLetterFilters.positive("sequence", text);
	}

	private static <T> T ask(Question<T> question) {
		try {
			return question.ask();
		}
		catch (IOException | JetStreamApiException | IllegalStateException ex) {
			throw OperationFailure.ofServer(ex);
		}
	}

	/**
	 * Something that the server is asked.
	 *
	 * @param <T> what it answers
	 */
	@FunctionalInterface
	private interface Question<T> {

		T ask() throws IOException, JetStreamApiException;

	}

}
