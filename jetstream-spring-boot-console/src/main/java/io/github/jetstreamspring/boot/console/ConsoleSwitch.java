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

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Decides whether there is a console: not where anybody could use it without anybody
 * having said so.
 */
final class ConsoleSwitch {

	private static final Log logger = LogFactory.getLog(ConsoleSwitch.class);

	private ConsoleSwitch() {
	}

	/**
	 * Returns whether there is a console, and says so in the log.
	 * @param properties the configuration
	 * @param environment knows what the server is bound to
	 * @param beanFactory knows whether there is Spring Security
	 */
	static boolean isOn(ConsoleProperties properties, Environment environment, ListableBeanFactory beanFactory) {
		if (properties.access() == ConsoleProperties.Access.NONE) {
			return false;
		}
		if (properties.enabled() != null) {
			return properties.enabled();
		}
		if (hasSecurity(beanFactory) || isOnLoopback(environment.getProperty(ConsolePort.addressKey(environment)))) {
			return true;
		}
		logger.warn("There is no console at %s, as everybody could use it: add Spring Security,"
			.formatted(properties.path())
				+ " bind the server to this machine by %s=127.0.0.1,".formatted(ConsolePort.addressKey(environment))
				+ " or set jetstream.console.enabled=true if something else keeps strangers out");
		return false;
	}

	/**
	 * Returns whether only people who have signed in may look: where there is a console
	 * for no other reason than that there is Spring Security, which may leave this path
	 * alone.
	 * @param properties the configuration
	 * @param environment knows what the server is bound to
	 */
	static boolean isForSignedIn(ConsoleProperties properties, Environment environment) {
		return properties.enabled() == null
				&& !isOnLoopback(environment.getProperty(ConsolePort.addressKey(environment)));
	}

	private static boolean hasSecurity(ListableBeanFactory beanFactory) {
		ClassLoader loader = ConsoleSwitch.class.getClassLoader();
		return Stream
			.of("org.springframework.security.web.SecurityFilterChain",
					"org.springframework.security.web.server.SecurityWebFilterChain")
			.filter((type) -> ClassUtils.isPresent(type, loader))
			.map((type) -> ClassUtils.resolveClassName(type, loader))
			.anyMatch((type) -> BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, type, true,
					false).length > 0);
	}

	private static boolean isOnLoopback(@org.jspecify.annotations.Nullable String address) {
		try {
			return address != null && InetAddress.getByName(address).isLoopbackAddress();
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

}
