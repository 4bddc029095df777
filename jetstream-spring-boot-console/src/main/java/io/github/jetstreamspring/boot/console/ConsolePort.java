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

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * On which port the console is: on that of Actuator, if it has one of its own, as that is
 * where an application has what is for its operators.
 */
final class ConsolePort {

	private static final boolean ACTUATOR = ClassUtils.isPresent(
			"org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType",
			ConsolePort.class.getClassLoader());

	private ConsolePort() {
	}

	/**
	 * Returns whether there is a port of its own.
	 */
	static boolean isManagement(Environment environment) {
		return ACTUATOR && Management.isDifferent(environment);
	}

	/**
	 * Returns the key that says which address it is bound to.
	 */
	static String addressKey(Environment environment) {
		return isManagement(environment) ? "management.server.address" : "server.address";
	}

	/**
	 * Knows Actuator, which needs not be there.
	 */
	private static final class Management {

		private static boolean isDifferent(Environment environment) {
			return ManagementPortType.get(environment) == ManagementPortType.DIFFERENT;
		}

	}

}
