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

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import org.jspecify.annotations.Nullable;

/**
 * Makes a query of what a request says, and refuses what makes no sense.
 */
final class DeadLetterFilters {

	private DeadLetterQuery query = DeadLetterQuery.all();

	private final Map<String, String> filters = new LinkedHashMap<>();

	/**
	 * Reads all parameters that say which letters.
	 */
	static DeadLetterFilters of(Map<String, String> parameters) {
		return new DeadLetterFilters().stream(parameters.get("stream"))
			.consumer(parameters.get("consumer"))
			.subject(parameters.get("subject"))
			.reason(parameters.get("reason"))
			.exception(parameters.get("exception"))
			.header(parameters.get("header"))
			.since(parameters.get("since"))
			.until(parameters.get("until"))
			.from(parameters.get("from"))
			.newestFirst(parameters.get("newestFirst"));
	}

	private DeadLetterFilters stream(@Nullable String value) {
		return filter("stream", value, DeadLetterQuery::stream);
	}

	private DeadLetterFilters consumer(@Nullable String value) {
		return filter("consumer", value, DeadLetterQuery::consumer);
	}

	private DeadLetterFilters subject(@Nullable String value) {
		return filter("subject", value, DeadLetterQuery::subject);
	}

	private DeadLetterFilters reason(@Nullable String value) {
		return filter("reason", value, DeadLetterQuery::reason);
	}

	private DeadLetterFilters exception(@Nullable String value) {
		return filter("exception", value, DeadLetterQuery::exception);
	}

	private DeadLetterFilters header(@Nullable String value) {
		return filter("header", value, (query, header) -> {
			int colon = header.indexOf(':');
			if (colon < 1) {
				throw OperationFailure.badRequest("'header' must be a name and a value, as in tenant:acme");
			}
			return query.header(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
		});
	}

	private DeadLetterFilters since(@Nullable String value) {
		return filter("since", value, (query, time) -> query.since(instant("since", time)));
	}

	private DeadLetterFilters until(@Nullable String value) {
		return filter("until", value, (query, time) -> query.until(instant("until", time)));
	}

	private DeadLetterFilters from(@Nullable String value) {
		if (value != null) {
			this.query = this.query.from(number("from", value));
		}
		return this;
	}

	DeadLetterFilters limit(@Nullable String value) {
		if (value != null) {
			this.query = this.query.limit(positive("limit", value));
		}
		return this;
	}

	private DeadLetterFilters newestFirst(@Nullable String value) {
		if (bool("newestFirst", value)) {
			this.query = this.query.newestFirst();
		}
		return this;
	}

	private DeadLetterFilters filter(String name, @Nullable String value,
			BiFunction<DeadLetterQuery, String, DeadLetterQuery> filter) {
		if (value != null) {
			try {
				this.query = filter.apply(this.query, value);
			}
			catch (IllegalArgumentException ex) {
				throw OperationFailure.badRequest("'%s' can't be used: %s".formatted(name, ex.getMessage()));
			}
			this.filters.put(name, value);
		}
		return this;
	}

	DeadLetterQuery query() {
		return this.query;
	}

	/**
	 * Refuses to take all letters where nobody has said that it is to be all of them.
	 */
	DeadLetterFilters orAll(@Nullable String all) {
		if (this.filters.isEmpty() && !bool("all", all)) {
			throw OperationFailure.badRequest(
					"Say which dead letters, by 'stream', 'consumer', 'subject', 'reason', 'exception', 'header', 'since' or 'until', or \"all\": true");
		}
		return this;
	}

	/**
	 * Returns what the query is for, for the log.
	 */
	String describe() {
		return this.filters.isEmpty() ? "all dead letters"
				: "dead letters with " + DeadLetterRequests.describe(this.filters);
	}

	private static Instant instant(String name, String value) {
		try {
			return Instant.parse(value);
		}
		catch (DateTimeException ex) {
			throw OperationFailure.badRequest("'%s' must be an instant such as 2026-01-31T08:00:00Z".formatted(name));
		}
	}

	static long positive(String name, String value) {
		long number = number(name, value);
		if (number < 1) {
			throw OperationFailure.badRequest("'%s' must be at least 1".formatted(name));
		}
		return number;
	}

	private static long number(String name, String value) {
		try {
			return Long.parseLong(value);
		}
		catch (NumberFormatException ex) {
			throw OperationFailure.badRequest("'%s' must be a number".formatted(name));
		}
	}

	static boolean bool(String name, @Nullable String value) {
		if (value == null || value.equals("false")) {
			return false;
		}
		if (value.equals("true")) {
			return true;
		}
		throw OperationFailure.badRequest("'%s' must be true or false".formatted(name));
	}

}
