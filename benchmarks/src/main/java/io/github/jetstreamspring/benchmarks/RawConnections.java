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

package io.github.jetstreamspring.benchmarks;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;

/**
 * Connections of the raw client, named so that a profiler can tell their threads.
 */
final class RawConnections {

	private RawConnections() {
	}

	/**
	 * Connects with the one option that makes a difference to speed set as the starter
	 * does.
	 */
	static Connection open(String url, String name) throws Exception {
		return Nats.connect(Options.builder().server(url).connectionName(name).dontForceFlushOnRequest().build());
	}

	static Connection openFlushing(String url, String name) throws Exception {
		return Nats.connect(Options.builder().server(url).connectionName(name).build());
	}

	static void close(Connection connection) {
		try {
			connection.close();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
