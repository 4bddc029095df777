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

import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.github.jetstreamspring.boot.operations.DeadLetterRequests;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
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

	private final DeadLetterRequests requests;

	private final Show showValues;

	private final Set<String> roles;

	JetStreamDeadLettersEndpoint(DeadLetterRequests requests, Show showValues, Set<String> roles) {
		this.requests = requests;
		this.showValues = showValues;
		this.roles = Set.copyOf(roles);
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
	 * @param caller who wants to see them
	 * @return the letters, and where the next page starts
	 */
	@ReadOperation
	public Map<String, Object> find(@Nullable String connection, @Nullable String stream, @Nullable String consumer,
			@Nullable String subject, @Nullable String reason, @Nullable String exception, @Nullable String header,
			@Nullable String since, @Nullable String until, @Nullable String from, @Nullable String limit,
			@Nullable String newestFirst, SecurityContext caller) {
		return OperationResponseBody.of(
				this.requests
					.find(this.requests.visible(
							parameters("connection", connection, "stream", stream, "consumer", consumer, "subject",
									subject, "reason", reason, "exception", exception, "header", header, "since", since,
									"until", until, "from", from, "limit", limit, "newestFirst", newestFirst),
							isShown(caller))));
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
		return OperationResponseBody.of(this.requests.letter(sequence, connection, isShown(caller)));
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
		return OperationResponseBody.of(this.requests.change(sequence, action, connection, name(caller)));
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
		return OperationResponseBody.of(this.requests.changeAll(action,
				this.requests.visible(parameters("connection", connection, "stream", stream, "consumer", consumer,
						"subject", subject, "reason", reason, "exception", exception, "header", header, "since", since,
						"until", until, "from", from, "limit", limit, "newestFirst", newestFirst, "rate", rate,
						"dryRun", dryRun, "all", all), isShown(caller)),
				name(caller)));
	}

	private boolean isShown(SecurityContext caller) {
		return this.showValues.isShown(caller, this.roles);
	}

	private static Map<String, String> parameters(@Nullable String... namesAndValues) {
		Map<String, String> parameters = new LinkedHashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			String value = namesAndValues[i + 1];
			if (value != null) {
				parameters.put(String.valueOf(namesAndValues[i]), value);
			}
		}
		return parameters;
	}

	private static @Nullable String name(SecurityContext caller) {
		Principal principal = caller.getPrincipal();
		return (principal != null) ? principal.getName() : null;
	}

}
