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

package io.github.jetstreamspring.topology;

import java.io.IOException;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import org.jspecify.annotations.Nullable;

/**
 * A stream or consumer that shall be on the server.
 *
 * @param <C> the jnats configuration
 * @param <B> the jnats builder
 */
abstract class Declared<C, B> {

	private final String stream;

	private final Settings<C, B> settings;

	Declared(String stream, Settings<C, B> settings) {
		this.stream = stream;
		this.settings = settings;
	}

	final String stream() {
		return this.stream;
	}

	final Settings<C, B> settings() {
		return this.settings;
	}

	/**
	 * Returns the name of the consumer, or {@code null} for a stream.
	 */
	abstract @Nullable String consumer();

	/**
	 * Returns the configuration key.
	 */
	abstract String key();

	/**
	 * Returns how log lines call it.
	 */
	abstract String label();

	/**
	 * Returns what users can do about a change that the server doesn't make.
	 */
	abstract String advice();

	/**
	 * Returns what the server shall have, given what it has.
	 */
	abstract C target(@Nullable C current);

	/**
	 * Returns what the server has, or {@code null} if it has nothing of that name.
	 */
	final @Nullable C read(JetStreamManagement management) throws IOException, JetStreamApiException {
		try {
			return fetch(management);
		}
		catch (JetStreamApiException ex) {
			if (isMissing(ex.getApiErrorCode())) {
				return null;
			}
			throw ex;
		}
	}

	abstract C fetch(JetStreamManagement management) throws IOException, JetStreamApiException;

	/**
	 * Creates it, and fails if it exists with another configuration.
	 */
	abstract C create(JetStreamManagement management) throws IOException, JetStreamApiException;

	/**
	 * Updates it, and fails if it doesn't exist. Settings that only the server knows stay
	 * as they are.
	 */
	abstract C update(JetStreamManagement management, C current, @Nullable Connection connection)
			throws IOException, JetStreamApiException;

	abstract boolean isMissing(int apiErrorCode);

	abstract boolean isTaken(int apiErrorCode);

}
