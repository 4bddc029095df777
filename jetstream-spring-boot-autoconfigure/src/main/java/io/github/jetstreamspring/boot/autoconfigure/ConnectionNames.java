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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Which connections the configuration names. Bean definitions are made of the names,
 * before the values below them can be bound; those that are not valid are reported later,
 * all of them together.
 */
final class ConnectionNames {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("jetstream.connections");

	private ConnectionNames() {
	}

	/**
	 * Returns the names of the connections, and whether they have dead letters.
	 * @param environment holds the configuration
	 * @return the names
	 */
	static Map<String, Boolean> in(Environment environment) {
		Map<ConfigurationPropertyName, String> names = new LinkedHashMap<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (!isEnvironmentVariables(source)) {
				for (ConfigurationPropertyName key : keys(source)) {
					names.put(key, betterSpelled(names.getOrDefault(key, ""), text(key)));
				}
			}
		}
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			// Without dashes and lower case, but the same are meant
			for (ConfigurationPropertyName key : keys(source)) {
				names.putIfAbsent(key, text(key));
			}
		}
		Map<String, Boolean> connections = new LinkedHashMap<>();
		for (Map.Entry<ConfigurationPropertyName, String> name : names.entrySet()) {
			connections.put(name.getValue(), hasDeadLetters(environment, name.getKey()));
		}
		return connections;
	}

	private static List<ConfigurationPropertyName> keys(ConfigurationPropertySource source) {
		List<ConfigurationPropertyName> keys = new ArrayList<>();
		if (source instanceof IterableConfigurationPropertySource iterable) {
			for (ConfigurationPropertyName name : iterable) {
				if (ROOT.isAncestorOf(name)) {
					keys.add(name.chop(ROOT.getNumberOfElements() + 1));
				}
			}
		}
		return keys;
	}

	private static String text(ConfigurationPropertyName key) {
		return key.getLastElement(Form.ORIGINAL);
	}

	private static boolean isEnvironmentVariables(ConfigurationPropertySource source) {
		return source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
	}

	private static String betterSpelled(String first, String second) {
		return (second.length() > first.length()) ? second : first;
	}

	private static boolean hasDeadLetters(Environment environment, ConfigurationPropertyName key) {
		String enabled = environment.getProperty(key.append("dead-letter.enabled").toString());
		return !"false".equalsIgnoreCase(enabled);
	}

}
