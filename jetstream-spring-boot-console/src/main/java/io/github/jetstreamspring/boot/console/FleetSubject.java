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

import io.nats.client.Connection;
import io.nats.client.Options;
import org.jspecify.annotations.Nullable;

/**
 * Where the instances of an application ask for each other.
 */
final class FleetSubject {

	private static final String PREFIX = "_JETSTREAM_SPRING.fleet.";

	private FleetSubject() {
	}

	/**
	 * Returns the subject of an application.
	 * @param application its name, which may have any characters, or {@code null} if it
	 * has none
	 * @return the subject
	 */
	static String of(@Nullable String application) {
		String name = (application != null) ? application : "application";
		return PREFIX + name.replaceAll("[^A-Za-z0-9_-]", "_");
	}

	/**
	 * Returns what the inboxes of a connection begin with.
	 */
	static String inboxes(Connection connection) {
		Options options = connection.getOptions();
		String prefix = (options != null) ? options.getInboxPrefix() : Options.DEFAULT_INBOX_PREFIX;
		return prefix.endsWith(".") ? prefix : prefix + ".";
	}

}
