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

package io.github.jetstreamspring.lab;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;

/**
 * Somebody else, who takes all the room that the server has.
 */
final class Filler {

	private static final String STREAM = "filler";

	private static final int[] SIZES = { 500_000, 20_000, 500 };

	private Filler() {
	}

	/**
	 * Stores until nothing more is taken.
	 */
	static void fill(Connection connection) throws Exception {
		JetStreamManagement management = connection.jetStreamManagement();
		management.addStream(StreamConfiguration.builder().name(STREAM).subjects(STREAM).build());
		for (int size : SIZES) {
			try {
				while (true) {
					connection.jetStream().publish(STREAM, new byte[size]);
				}
			}
			catch (JetStreamApiException ex) {
				// That is too much
			}
		}
	}

	static void empty(Connection connection) throws Exception {
		connection.jetStreamManagement().deleteStream(STREAM);
	}

}
