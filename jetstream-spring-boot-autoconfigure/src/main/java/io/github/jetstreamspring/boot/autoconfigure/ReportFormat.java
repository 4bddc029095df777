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

package io.github.jetstreamspring.boot.autoconfigure;

import java.util.Arrays;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What an application prints about its streams and consumers instead of running.
 */
enum ReportFormat {

	/**
	 * Nothing: it runs.
	 */
	NONE,

	/**
	 * What differs on the server, for people.
	 */
	TABLE,

	/**
	 * The same for machines.
	 */
	JSON,

	/**
	 * What the user of the connection must be allowed to do.
	 */
	PERMISSIONS,

	/**
	 * Streams and consumers as resources of Kubernetes.
	 */
	NACK,

	/**
	 * How Kubernetes scales the application.
	 */
	KEDA;

	static final String VALID = "table, json, permissions, nack or keda; true is table, and false runs the application";

	/**
	 * Returns a format.
	 * @param text its name, or whether there is to be a report
	 * @return the format, or {@code null} if there is none of that name
	 */
	static @Nullable ReportFormat of(@Nullable String text) {
		String name = (text != null) ? text.strip().toLowerCase(Locale.ROOT) : "false";
		return switch (name) {
			case "false", "off", "no", "none" -> NONE;
			// The name alone, on the command line
			case "", "true", "on", "yes" -> TABLE;
			default -> Arrays.stream(values())
				.filter((format) -> format.name().toLowerCase(Locale.ROOT).equals(name))
				.findFirst()
				.orElse(null);
		};
	}

}
