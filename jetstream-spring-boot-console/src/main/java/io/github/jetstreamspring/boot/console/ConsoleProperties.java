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

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Configuration of the console.
 *
 * @param enabled Whether there is a console. By default there is one if the application
 * has Spring Security, or if its server is bound to loopback.
 * @param path Path of the console, below that of the application.
 * @param access What can be done in the console.
 * @param showValues When payloads and headers of messages are shown.
 * @param allowedHosts Names under which the console may be reached on this machine's
 * loopback address without signing in, such as that of a proxy; localhost and addresses
 * always may.
 * @param fleet The view of all instances.
 */
@ConfigurationProperties("jetstream.console")
record ConsoleProperties(@Nullable Boolean enabled, @DefaultValue("/jetstream") String path,
		@DefaultValue("read-only") Access access, @DefaultValue("never") ShowValues showValues,
		@DefaultValue List<String> allowedHosts, @DefaultValue FleetProperties fleet) {

	ConsoleProperties {
		Assert.isTrue(path.matches("(/[A-Za-z0-9._~-]+)+"), () -> ("jetstream.console.path is '%s', but must begin"
				+ " with a slash, end without one, and have only letters, digits and '.', '_', '~', '-' between slashes")
			.formatted(path));
	}

	/**
	 * The view of all instances.
	 *
	 * @param enabled Whether the instances of the application ask each other, through
	 * NATS, how they are.
	 */
	record FleetProperties(@DefaultValue("true") boolean enabled) {
	}

	/**
	 * What can be done.
	 */
	enum Access {

		/**
		 * Nothing: there is no console.
		 */
		NONE,

		/**
		 * Looking.
		 */
		READ_ONLY,

		/**
		 * Everything.
		 */
		UNRESTRICTED

	}

	/**
	 * When values are shown.
	 */
	enum ShowValues {

		/**
		 * Never.
		 */
		NEVER,

		/**
		 * To people who have signed in.
		 */
		WHEN_AUTHORIZED,

		/**
		 * Always.
		 */
		ALWAYS

	}

}
