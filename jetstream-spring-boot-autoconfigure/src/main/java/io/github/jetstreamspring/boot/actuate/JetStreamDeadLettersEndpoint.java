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

package io.github.jetstreamspring.boot.actuate;

import java.util.Map;

import io.github.jetstreamspring.deadletter.DeadLetterPage;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.deadletter.RedriveOptions;
import io.github.jetstreamspring.publisher.PublishResult;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * Endpoint that shows dead letters, redrives and discards them. Answers in the form of
 * maps; whatever can't be done is answered with a status and a sentence.
 *
 * @since 0.1.0
 */
@WebEndpoint(id = JetStreamDeadLettersEndpoint.ID, defaultAccess = Access.READ_ONLY)
public final class JetStreamDeadLettersEndpoint {

	static final String ID = "jetstreamdeadletters";

	private static final String SUMMARY = "summary";

	private final Map<String, DeadLetterOperations> connections;

	private final DeadLetterDescriptions descriptions;

	JetStreamDeadLettersEndpoint(Map<String, DeadLetterOperations> connections, DeadLetterDescriptions descriptions) {
		this.connections = connections;
		this.descriptions = descriptions;
	}

	/**
	 * Finds dead letters.
	 * @param connection the connection's name, {@code default} if it is left out
	 * @param stream the stream of the originals
	 * @param consumer the consumer that has given up on them
	 * @param subject the subject of the originals, which may have wildcards
	 * @param reason a part of the reason or of the exception's message
	 * @param exception a part of the name of the exception's class
	 * @param header a header of the originals, as in {@code tenant:acme}
	 * @param since when they were given up on, at the earliest
	 * @param until when they were given up on, at the latest
	 * @param from the sequence to start with
	 * @param limit how many
	 * @param newestFirst whether to begin with the newest
	 * @return the letters, and where the next page starts
	 */
	@ReadOperation
	public Map<String, Object> find(@Nullable String connection, @Nullable String stream, @Nullable String consumer,
			@Nullable String subject, @Nullable String reason, @Nullable String exception, @Nullable String header,
			@Nullable String since, @Nullable String until, @Nullable String from, @Nullable String limit,
			@Nullable String newestFirst) {
		DeadLetterFilters filters = filters(stream, consumer, subject, reason, exception, header, since, until, from)
			.limit(limit)
			.newestFirst(newestFirst);
		return body(operations(connection).read((letters) -> letters.find(filters.query()), this::page));
	}

	private Description page(DeadLetterPage page) {
		Description description = new Description().add("letters",
				page.letters().stream().map((letter) -> this.descriptions.brief(letter).toMap()).toList());
		return description.add("next", page.next().isPresent() ? page.next().getAsLong() : null);
	}

	/**
	 * Describes a dead letter, or sums up all.
	 * @param sequence its sequence in the dead-letter stream, or {@code summary}
	 * @param connection the connection's name, {@code default} if it is left out
	 * @param caller who wants to see it
	 * @return the letter with its headers and payload, or how many there are of what kind
	 */
	@ReadOperation
	public Map<String, Object> letter(@Selector String sequence, @Nullable String connection, SecurityContext caller) {
		DeadLetterOperations operations = operations(connection);
		if (SUMMARY.equals(sequence)) {
			return body(operations.read(DeadLetters::summary, this.descriptions::summary));
		}
		long number = number(sequence);
		return body(operations.read((letters) -> letters.get(number),
				(letter) -> this.descriptions.whole(letter.orElseThrow(() -> notFound(sequence)), caller)));
	}

	/**
	 * Does something with a dead letter.
	 * @param sequence its sequence in the dead-letter stream
	 * @param action {@code redrive} or {@code discard}
	 * @param connection the connection's name, {@code default} if it is left out
	 * @param caller who asks for it
	 * @return what was done
	 */
	@WriteOperation
	public Map<String, Object> change(@Selector String sequence, @Nullable String action, @Nullable String connection,
			SecurityContext caller) {
		DeadLetterOperations operations = operations(connection);
		Action parsed = Action.of(action);
		long number = number(sequence);
		if (parsed == Action.DISCARD) {
			operations.discard(number, caller);
			return body(new Description().add("discarded", 1));
		}
		PublishResult result = operations.redrive(number, caller);
		return body(new Description().add("redriven", 1)
			.add("stream", result.stream())
			.add("sequence", result.sequence())
			.add("duplicate", result.duplicate()));
	}

	/**
	 * Does something with several dead letters, for about 20 seconds.
	 * @param action {@code redrive} or {@code discard}
	 * @param connection the connection's name, {@code default} if it is left out
	 * @param stream the stream of the originals
	 * @param consumer the consumer that has given up on them
	 * @param subject the subject of the originals, which may have wildcards
	 * @param reason a part of the reason or of the exception's message
	 * @param exception a part of the name of the exception's class
	 * @param header a header of the originals, as in {@code tenant:acme}
	 * @param since when they were given up on, at the earliest
	 * @param until when they were given up on, at the latest
	 * @param from the sequence to start with
	 * @param limit how many
	 * @param newestFirst whether to begin with the newest
	 * @param rate how many to redrive in a second
	 * @param dryRun whether to only say which ones would be redriven
	 * @param all whether all are meant, if nothing says which ones
	 * @param caller who asks for it
	 * @return what was done, and how many are left
	 */
	@WriteOperation
	public Map<String, Object> changeAll(@Nullable String action, @Nullable String connection, @Nullable String stream,
			@Nullable String consumer, @Nullable String subject, @Nullable String reason, @Nullable String exception,
			@Nullable String header, @Nullable String since, @Nullable String until, @Nullable String from,
			@Nullable String limit, @Nullable String newestFirst, @Nullable String rate, @Nullable String dryRun,
			@Nullable String all, SecurityContext caller) {
		DeadLetterOperations operations = operations(connection);
		Action parsed = Action.of(action);
		DeadLetterFilters filters = filters(stream, consumer, subject, reason, exception, header, since, until, from)
			.newestFirst(newestFirst)
			.orAll(all);
		long most = (limit != null) ? DeadLetterFilters.positive("limit", limit) : Long.MAX_VALUE;
		if (parsed == Action.REDRIVE) {
			RedriveOptions options = RedriveOptions.defaults().limit(most);
			options = (rate != null) ? options.rate(DeadLetterFilters.positive("rate", rate)) : options;
			boolean dry = DeadLetterFilters.bool("dryRun", dryRun);
			return body(this.descriptions.result(operations.redrive(filters, options, dry, caller)));
		}
		if (rate != null || dryRun != null) {
			throw EndpointFailure.badRequest("'rate' and 'dryRun' go with the action 'redrive'");
		}
		DeadLetterOperations.Discarded discarded = operations.discard(filters, most, caller);
		return body(new Description().add("matched", discarded.discarded() + discarded.remaining())
			.add("discarded", discarded.discarded())
			.add("remaining", discarded.remaining()));
	}

	private static DeadLetterFilters filters(@Nullable String stream, @Nullable String consumer,
			@Nullable String subject, @Nullable String reason, @Nullable String exception, @Nullable String header,
			@Nullable String since, @Nullable String until, @Nullable String from) {
		return new DeadLetterFilters().stream(stream)
			.consumer(consumer)
			.subject(subject)
			.reason(reason)
			.exception(exception)
			.header(header)
			.since(since)
			.until(until)
			.from(from);
	}

	private DeadLetterOperations operations(@Nullable String connection) {
		String name = (connection != null) ? connection : Description.DEFAULT_CONNECTION;
		DeadLetterOperations operations = this.connections.get(name);
		if (operations == null) {
			throw EndpointFailure.notFound("There is no connection '%s' with dead letters, only %s".formatted(name,
					this.connections.keySet()));
		}
		return operations;
	}

	private static long number(String sequence) {
		try {
			return Long.parseLong(sequence);
		}
		catch (NumberFormatException ex) {
			throw notFound(sequence);
		}
	}

	private static EndpointFailure notFound(String sequence) {
		return EndpointFailure.notFound("There is no dead letter %s".formatted(sequence));
	}

	private static Map<String, Object> body(Description description) {
		return OperationResponseBody.of(description.toMap());
	}

	private enum Action {

		REDRIVE, DISCARD;

		static Action of(@Nullable String name) {
			if ("redrive".equals(name)) {
				return REDRIVE;
			}
			if ("discard".equals(name)) {
				return DISCARD;
			}
			throw EndpointFailure.badRequest("'action' must be 'redrive' or 'discard'");
		}

	}

}
