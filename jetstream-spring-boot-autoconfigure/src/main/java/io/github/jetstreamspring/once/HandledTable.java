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

package io.github.jetstreamspring.once;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table with a row for each message that is handled. Nothing in here depends on the
 * database, but what a duplicate key is, which Spring knows of all of them.
 *
 * @param client the client
 * @param name the name of the table
 */
record HandledTable(JdbcClient client, String name) {

	// A statement of PostgreSQL has room for 65,535 parameters, and others for less
	private static final int ROWS = 500;

	/**
	 * Adds rows. After a failure, the transaction is to be rolled back.
	 * @param listener the listener's id
	 * @param messages what tells the messages apart
	 * @param millis the time, in milliseconds since 1970
	 * @throws DuplicateKeyException if there is a row for one of them
	 */
	void insert(String listener, Collection<String> messages, long millis) {
		// Always in the same order, so that two transactions can't wait for each other
		List<String> sorted = messages.stream().sorted().toList();
		for (int start = 0; start < sorted.size(); start += ROWS) {
			List<String> some = sorted.subList(start, Math.min(start + ROWS, sorted.size()));
			List<Object> values = new ArrayList<>();
			some.forEach((message) -> Collections.addAll(values, listener, message, millis));
			this.client
				.sql("INSERT INTO %s (listener, message, handled_at) VALUES %s".formatted(this.name,
						String.join(", ", Collections.nCopies(some.size(), "(?, ?, ?)"))))
				.params(values)
				.update();
		}
	}

	/**
	 * Returns those for which there are rows.
	 */
	Set<String> find(String listener, Collection<String> messages) {
		List<String> all = List.copyOf(messages);
		Set<String> found = new HashSet<>();
		for (int start = 0; start < all.size(); start += ROWS) {
			List<String> some = all.subList(start, Math.min(start + ROWS, all.size()));
			List<Object> values = new ArrayList<>();
			values.add(listener);
			values.addAll(some);
			found.addAll(this.client
				.sql("SELECT message FROM %s WHERE listener = ? AND message IN (%s)".formatted(this.name,
						String.join(", ", Collections.nCopies(some.size(), "?"))))
				.params(values)
				.query(String.class)
				.list());
		}
		return found;
	}

	/**
	 * Deletes all rows of listeners.
	 */
	void delete(Collection<String> listeners) {
		listeners.forEach((listener) -> this.client.sql("DELETE FROM %s WHERE listener = ?".formatted(this.name))
			.param(listener)
			.update());
	}

	/**
	 * Deletes the oldest rows, a few at a time.
	 * @param before the time from which on rows are kept, in milliseconds since 1970
	 * @param span how much time the rows may span that are deleted at once
	 * @return how many rows were deleted, 0 if none is that old
	 */
	int deleteSome(long before, long span) {
		Long oldest = this.client.sql("SELECT MIN(handled_at) FROM " + this.name)
			.query(Long.class)
			.optional()
			.orElse(null);
		if (oldest == null || oldest >= before) {
			return 0;
		}
		return this.client.sql("DELETE FROM %s WHERE handled_at < ?".formatted(this.name))
			.param(Math.min(before, oldest + span))
			.update();
	}

}
