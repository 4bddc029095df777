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

import io.github.jetstreamspring.boot.operations.MessageRequests;
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
 * Endpoint that shows the messages of the application's streams without disturbing
 * consumers, and removes one. Answers in the form of maps; whatever can't be done is
 * answered with a status and a sentence.
 *
 * @since 0.1.0
 */
@WebEndpoint(id = JetStreamMessagesEndpoint.ID, defaultAccess = Access.READ_ONLY)
final class JetStreamMessagesEndpoint {

	static final String ID = "jetstreammessages";

	private final MessageRequests requests;

	private final Show showValues;

	private final Set<String> roles;

	JetStreamMessagesEndpoint(MessageRequests requests, Show showValues, Set<String> roles) {
		this.requests = requests;
		this.showValues = showValues;
		this.roles = Set.copyOf(roles);
	}

	/**
	 * Finds messages, the oldest first.
	 * @param stream the stream
	 * @param connection the connection's name, {@code default} if it is left out
	 * @param consumer the consumer that has not done with them
	 * @param subject the subject, which may have wildcards
	 * @param from the sequence to start with
	 * @param limit how many
	 * @return the messages without their content, and where the next page starts
	 */
	@ReadOperation
	public Map<String, Object> find(@Selector String stream, @Nullable String connection, @Nullable String consumer,
			@Nullable String subject, @Nullable String from, @Nullable String limit) {
		Map<String, String> parameters = new LinkedHashMap<>();
		put(parameters, "stream", stream);
		put(parameters, "connection", connection);
		put(parameters, "consumer", consumer);
		put(parameters, "subject", subject);
		put(parameters, "from", from);
		put(parameters, "limit", limit);
		return OperationResponseBody.of(this.requests.find(parameters));
	}

	private static void put(Map<String, String> parameters, String name, @Nullable String value) {
		if (value != null) {
			parameters.put(name, value);
		}
	}

	/**
	 * Describes a message.
	 * @param stream the stream
	 * @param sequence the message's sequence in it
	 * @param connection the connection's name, {@code default} if it is left out
	 * @param caller who wants to see it
	 * @return the message with its headers and payload
	 */
	@ReadOperation
	public Map<String, Object> message(@Selector String stream, @Selector String sequence, @Nullable String connection,
			SecurityContext caller) {
		return OperationResponseBody
			.of(this.requests.message(stream, sequence, connection, this.showValues.isShown(caller, this.roles)));
	}

	/**
	 * Does something with a message.
	 * @param stream the stream
	 * @param sequence the message's sequence in it
	 * @param action {@code remove}
	 * @param connection the connection's name, {@code default} if it is left out
	 * @param caller who asks for it
	 * @return what was done
	 */
	@WriteOperation
	public Map<String, Object> change(@Selector String stream, @Selector String sequence, @Nullable String action,
			@Nullable String connection, SecurityContext caller) {
		Principal principal = caller.getPrincipal();
		return OperationResponseBody.of(this.requests.change(stream, sequence, action, connection,
				(principal != null) ? principal.getName() : null));
	}

}
