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

package io.github.jetstreamspring.boot.console;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import io.github.jetstreamspring.boot.console.ConsoleProperties.Access;
import io.github.jetstreamspring.boot.console.ConsoleProperties.ShowValues;
import io.github.jetstreamspring.boot.operations.DeadLetterRequests;
import io.github.jetstreamspring.boot.operations.MessageRequests;
import io.github.jetstreamspring.boot.operations.OperationFailure;
import io.github.jetstreamspring.boot.operations.Operations;
import org.jspecify.annotations.Nullable;

import org.springframework.web.util.UriUtils;

/**
 * What the scripts of the page ask for: the same that the endpoints give, and what is
 * kept for the page alone.
 */
final class ConsoleApi {

	private static final String LISTENERS = "jetstream";

	private static final String LETTERS = "jetstreamdeadletters";

	private final ConsoleProperties properties;

	private final @Nullable String application;

	private final Operations operations;

	private final DeadLetterRequests deadLetters;

	private final MessageRequests messages;

	private final BulkTasks tasks;

	private final Snapshot snapshot;

	private final DeliveryHistory history;

	private final Activity activity;

	private final Fleet fleet;

	ConsoleApi(ConsoleProperties properties, @Nullable String application, Operations operations,
			DeadLetterRequests deadLetters, MessageRequests messages, BulkTasks tasks, Snapshot snapshot,
			DeliveryHistory history, Activity activity, Fleet fleet) {
		this.properties = properties;
		this.application = application;
		this.operations = operations;
		this.deadLetters = deadLetters;
		this.messages = messages;
		this.tasks = tasks;
		this.snapshot = snapshot;
		this.history = history;
		this.activity = activity;
		this.fleet = fleet;
	}

	/**
	 * Answers a question.
	 * @param path the path below that of the API
	 * @param request the request
	 * @return what can be written as JSON
	 * @throws OperationFailure if there is no answer
	 */
	Object get(String path, ConsoleRequest request) {
		List<String> names = names(path);
		return switch (names.get(0) + "/" + names.size()) {
			case "session/1" -> session(request);
			case "now/1" -> this.snapshot.describe();
			case "history/1" -> history(request.parameters());
			case "fleet/1" -> this.fleet.describe();
			case "activity/1" -> Map.of("operations", this.activity.describe());
			case LISTENERS + "/1" -> this.operations.all();
			case LISTENERS + "/2" -> this.operations.listener(names.get(1));
			case LISTENERS + "/3" -> {
				if (!path.equals("jetstream/jobs/delayed")) {
					throw unknown(path);
				}
				yield this.operations.delayedJobs();
			}
			case LETTERS + "/1" -> this.deadLetters.find(selecting(request.parameters(), request));
			case LETTERS + "/2" ->
				this.deadLetters.letter(names.get(1), request.parameters().get("connection"), showsValues(request));
			case "messages/1" -> this.messages.find(request.parameters());
			case "messages/3" -> this.messages.message(names.get(1), names.get(2),
					request.parameters().get("connection"), showsValues(request));
			case "tasks/1" -> Map.of("tasks", this.tasks.describe());
			default -> throw unknown(path);
		};
	}

	/**
	 * Does something.
	 * @param path the path below that of the API
	 * @param request the request
	 * @param body what to do
	 * @return what can be written as JSON
	 * @throws OperationFailure if that isn't possible
	 */
	Object post(String path, ConsoleRequest request, WriteBody body) {
		List<String> names = names(path);
		String who = request.principal();
		return switch (names.get(0) + "/" + names.size()) {
			case LISTENERS + "/2" -> {
				body.only("action", "scope", "duration", "concurrency");
				yield this.operations.change(names.get(1), body.get("action"), body.get("scope"), body.get("duration"),
						body.get("concurrency"), who);
			}
			case LISTENERS + "/3" -> {
				yield switch (names.get(1)) {
					case "schedules" -> {
						body.only("action", "connection");
						yield this.operations.run(names.get(2), body.get("action"), body.get("connection"), who);
					}
					case "jobs" -> {
						body.only("action");
						yield this.operations.cancel(names.get(2), body.get("action"), who);
					}
					default -> throw unknown(path);
				};
			}
			case LETTERS + "/2" -> {
				body.only("action", "connection");
				yield this.deadLetters.change(names.get(1), body.get("action"), body.get("connection"), who);
			}
			case LETTERS + "/1" ->
				this.deadLetters.changeAll(body.get("action"), selecting(body.without("action"), request), who);
			case "tasks/1" -> this.tasks.start(body.get("action"), body.get("expected"),
					selecting(body.without("action", "expected"), request), who);
			case "messages/3" -> {
				body.only("action", "connection");
				yield this.messages.change(names.get(1), names.get(2), body.get("action"), body.get("connection"), who);
			}
			case "tasks/2" -> {
				body.only("action");
				yield this.tasks.cancel(names.get(1), body.get("action"));
			}
			default -> throw unknown(path);
		};
	}

	private Map<String, Object> session(ConsoleRequest request) {
		Map<String, Object> session = new LinkedHashMap<>();
		session.put("time", Instant.now().toString());
		put(session, "application", this.application);
		put(session, "user", request.principal());
		session.put("access", this.properties.access().name().toLowerCase(Locale.ROOT).replace('_', '-'));
		session.put("values", showsValues(request));
		ConsoleRequest.Csrf csrf = request.csrf();
		// Of no use to whoever can only look
		if (csrf != null && this.properties.access() == Access.UNRESTRICTED) {
			session.put("csrf", Map.of("header", csrf.header().get(), "token", csrf.token().get()));
		}
		return session;
	}

	private static void put(Map<String, Object> map, String name, @Nullable String value) {
		if (value != null) {
			map.put(name, value);
		}
	}

	private boolean showsValues(ConsoleRequest request) {
		return this.properties.showValues() == ShowValues.ALWAYS
				|| (this.properties.showValues() == ShowValues.WHEN_AUTHORIZED && request.principal() != null);
	}

	private Map<String, String> selecting(Map<String, String> parameters, ConsoleRequest request) {
		return this.deadLetters.visible(parameters, showsValues(request));
	}

	private Map<String, Object> history(Map<String, String> parameters) {
		String listener = parameters.get("listener");
		String window = parameters.getOrDefault("window", "10m");
		return "fleet".equals(parameters.get("scope")) ? this.fleet.history(listener, window)
				: this.history.describe(listener, window);
	}

	private static List<String> names(String path) {
		try {
			List<String> names = Stream.of(path.split("/"))
				.map((name) -> UriUtils.decode(name, StandardCharsets.UTF_8))
				.toList();
			if (!names.isEmpty()) {
				return names;
			}
		}
		catch (IllegalArgumentException ex) {
			// As there is no such name
		}
		throw unknown(path);
	}

	private static OperationFailure unknown(String path) {
		return OperationFailure.notFound("There is no '%s' here".formatted(path));
	}

}
