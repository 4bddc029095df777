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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

import io.github.jetstreamspring.deadletter.DeadLetterPage;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.deadletter.PayloadRedactor;
import io.github.jetstreamspring.deadletter.RedriveOptions;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.publisher.PublishResult;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Shows dead letters, and does with them what a person asks for. What it returns can be
 * written as JSON as it is. Whatever can't be done ends in an {@link OperationFailure};
 * what was done is logged and published as an event.
 *
 * @since 0.1.0
 */
public final class DeadLetterRequests {

	private static final String SUMMARY = "summary";

	private static final String CONNECTION = "connection";

	private static final String LIMIT = "limit";

	private static final Set<String> SELECTING = Set.of(CONNECTION, "stream", "consumer", "subject", "reason",
			"exception", "header", "since", "until", "from", LIMIT, "newestFirst");

	private final Map<String, DeadLetterOperations> connections;

	private final DeadLetterDescriptions descriptions;

	private DeadLetterRequests(Map<String, DeadLetterOperations> connections, DeadLetterDescriptions descriptions) {
		this.connections = connections;
		this.descriptions = descriptions;
	}

	/**
	 * Returns the dead letters of all connections of an application.
	 * @param listeners know the connections
	 * @param events where operations are published
	 * @param beanFactory has the beans of the connections
	 * @param redactor says what may be shown, or {@code null} if that is everything
	 * @return the requests that can be made
	 */
	public static DeadLetterRequests of(JetStreamListeners listeners, ApplicationEventPublisher events,
			BeanFactory beanFactory, @Nullable PayloadRedactor redactor) {
		Map<String, DeadLetterOperations> connections = new LinkedHashMap<>();
		OperationLog log = new OperationLog(events);
		ConnectionParts.all(listeners, beanFactory).forEach((name, parts) -> {
			DeadLetters letters = parts.find(DeadLetters.class, beanFactory);
			if (letters != null) {
				connections.put(name, new DeadLetterOperations(name, parts.connection(), letters, log));
			}
		});
		return new DeadLetterRequests(connections,
				new DeadLetterDescriptions((redactor != null) ? redactor : DeadLetterDescriptions.AS_IT_IS));
	}

	/**
	 * Refuses to select by what may not be seen: who is told how many there are could
	 * find out by guessing.
	 * @param parameters which dead letters, as for {@link #find(Map)}
	 * @param shown whether payload and values of headers may be seen
	 * @return the same parameters
	 * @throws OperationFailure if they are about what may not be seen
	 */
	public Map<String, String> visible(Map<String, String> parameters, boolean shown) {
		String header = parameters.get("header");
		if (header == null || header.indexOf(':') < 1) {
			// One without a value is refused for that
			return parameters;
		}
		if (!shown) {
			throw OperationFailure.badRequest("Values of headers are hidden here, so none can be searched for");
		}
		if (!this.descriptions.isShown(header)) {
			throw OperationFailure
				.badRequest("The PayloadRedactor hides this value of the header, so it can't be searched for");
		}
		return parameters;
	}

	/**
	 * Returns parameters as everybody may see them: without the value of a header.
	 * @param parameters which dead letters, as for {@link #find(Map)}
	 * @return a copy that can be shown and logged
	 */
	public static Map<String, String> describe(Map<String, String> parameters) {
		Map<String, String> described = new LinkedHashMap<>(parameters);
		described.computeIfPresent("header", (name, header) -> header.substring(0, Math.max(0, header.indexOf(':')))
				+ ":" + DeadLetterDescriptions.HIDDEN);
		return described;
	}

	/**
	 * Finds dead letters.
	 * @param parameters which ones: {@code connection}, {@code stream}, {@code consumer},
	 * {@code subject}, {@code reason}, {@code exception}, {@code header}, {@code since},
	 * {@code until}, {@code from}, {@code limit}, {@code newestFirst}
	 * @return the letters, and where the next page starts
	 * @throws OperationFailure if that isn't possible
	 */
	public Map<String, Object> find(Map<String, String> parameters) {
		refuseUnknown(parameters, SELECTING);
		DeadLetterFilters filters = DeadLetterFilters.of(parameters).limit(parameters.get(LIMIT));
		return operations(parameters.get(CONNECTION)).read((letters) -> letters.find(filters.query()), this::page)
			.toMap();
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
	 * @param shown whether payload and values of headers may be seen
	 * @return the letter with its headers and payload, or how many there are of what kind
	 * @throws OperationFailure if that isn't possible
	 */
	public Map<String, Object> letter(String sequence, @Nullable String connection, boolean shown) {
		DeadLetterOperations operations = operations(connection);
		if (SUMMARY.equals(sequence)) {
			return operations.sumUp(this.descriptions::summary).toMap();
		}
		long number = number(sequence);
		return operations
			.read((letters) -> letters.get(number),
					(letter) -> this.descriptions.whole(letter.orElseThrow(() -> notFound(sequence)), shown))
			.toMap();
	}

	/**
	 * Does something with a dead letter.
	 * @param sequence its sequence in the dead-letter stream
	 * @param action {@code redrive} or {@code discard}
	 * @param connection the connection's name, {@code default} if it is left out
	 * @param principal the name of whoever asks for it, or {@code null} if nobody knows
	 * @return what was done
	 * @throws OperationFailure if that isn't possible
	 */
	public Map<String, Object> change(String sequence, @Nullable String action, @Nullable String connection,
			@Nullable String principal) {
		DeadLetterOperations operations = operations(connection);
		Action parsed = Action.of(action);
		long number = number(sequence);
		if (parsed == Action.DISCARD) {
			operations.discard(number, principal);
			return new Description().add("discarded", 1).toMap();
		}
		PublishResult result = operations.redrive(number, principal);
		return new Description().add("redriven", 1)
			.add("stream", result.stream())
			.add("sequence", result.sequence())
			.add("duplicate", result.duplicate())
			.toMap();
	}

	/**
	 * Does something with several dead letters, for about 20 seconds.
	 * @param action {@code redrive} or {@code discard}
	 * @param parameters which ones, as for {@link #find(Map)}, and {@code rate},
	 * {@code dryRun} and {@code all}
	 * @param principal the name of whoever asks for it, or {@code null} if nobody knows
	 * @return what was done, and how many are left
	 * @throws OperationFailure if that isn't possible
	 */
	public Map<String, Object> changeAll(@Nullable String action, Map<String, String> parameters,
			@Nullable String principal) {
		DeadLetterOperations operations = operations(parameters.get(CONNECTION));
		Action parsed = Action.of(action);
		DeadLetterFilters filters = several(parameters);
		if (parsed == Action.REDRIVE) {
			boolean dry = DeadLetterFilters.bool("dryRun", parameters.get("dryRun"));
			return this.descriptions.result(operations.redrive(filters, options(parameters), dry, principal)).toMap();
		}
		refuseOptions(parameters);
		DeadLetterOperations.Discarded discarded = operations.discard(filters, most(parameters), principal);
		return new Description().add("matched", discarded.discarded() + discarded.remaining())
			.add("discarded", discarded.discarded())
			.add("remaining", discarded.remaining())
			.toMap();
	}

	/**
	 * Does something with several dead letters, however long it takes. Can be
	 * interrupted.
	 * @param action {@code redrive} or {@code discard}
	 * @param parameters which ones, as for {@link #find(Map)} but without a limit, and
	 * {@code rate} and {@code all}
	 * @param principal the name of whoever asks for it, or {@code null} if nobody knows
	 * @param progress is told from time to time what is done until then
	 * @return what was done
	 * @throws OperationFailure if that isn't possible
	 */
	public Map<String, Object> changeAll(@Nullable String action, Map<String, String> parameters,
			@Nullable String principal, Consumer<Map<String, Object>> progress) {
		DeadLetterOperations operations = operations(parameters.get(CONNECTION));
		Action parsed = Action.of(action);
		DeadLetterFilters filters = several(parameters);
		if (parsed == Action.REDRIVE) {
			RedriveOptions options = options(parameters)
				.onProgress((result) -> progress.accept(this.descriptions.result(result).toMap()));
			return this.descriptions.result(operations.redriveAll(filters, options, principal)).toMap();
		}
		refuseOptions(parameters);
		return discarded(operations.discardAll(filters, (done) -> progress.accept(discarded(done).toMap()), principal))
			.toMap();
	}

	private static Description discarded(long done) {
		return new Description().add("discarded", done);
	}

	private static DeadLetterFilters several(Map<String, String> parameters) {
		Set<String> known = new TreeSet<>(SELECTING);
		known.addAll(Set.of("rate", "dryRun", "all"));
		refuseUnknown(parameters, known);
		return DeadLetterFilters.of(parameters).orAll(parameters.get("all"));
	}

	private static RedriveOptions options(Map<String, String> parameters) {
		RedriveOptions options = RedriveOptions.defaults().limit(most(parameters));
		String rate = parameters.get("rate");
		return (rate != null) ? options.rate(DeadLetterFilters.positive("rate", rate)) : options;
	}

	private static long most(Map<String, String> parameters) {
		String limit = parameters.get(LIMIT);
		return (limit != null) ? DeadLetterFilters.positive(LIMIT, limit) : Long.MAX_VALUE;
	}

	private static void refuseOptions(Map<String, String> parameters) {
		if (parameters.containsKey("rate") || parameters.containsKey("dryRun")) {
			throw OperationFailure.badRequest("'rate' and 'dryRun' go with the action 'redrive'");
		}
	}

	private static void refuseUnknown(Map<String, String> parameters, Set<String> known) {
		parameters.keySet().stream().filter((name) -> !known.contains(name)).findFirst().ifPresent((name) -> {
			throw OperationFailure.badRequest(
					"There is no '%s' here, only '%s'".formatted(name, String.join("', '", new TreeSet<>(known))));
		});
	}

	private DeadLetterOperations operations(@Nullable String connection) {
		String name = (connection != null) ? connection : Description.DEFAULT_CONNECTION;
		DeadLetterOperations operations = this.connections.get(name);
		if (operations == null) {
			throw OperationFailure.notFound("There is no connection '%s' with dead letters, only %s".formatted(name,
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

	private static OperationFailure notFound(String sequence) {
		return OperationFailure.notFound("There is no dead letter %s".formatted(sequence));
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
			throw OperationFailure.badRequest("'action' must be 'redrive' or 'discard'");
		}

	}

}
