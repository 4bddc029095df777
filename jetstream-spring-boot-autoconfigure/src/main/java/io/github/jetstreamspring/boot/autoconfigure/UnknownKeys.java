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

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.util.ClassUtils;

/**
 * Says why nothing was bound to a key: it belongs to a module of this project that has
 * properties of its own, or it doesn't exist.
 */
final class UnknownKeys {

	private static final Map<ConfigurationPropertyName, Module> MODULES = Map
		.of(ConfigurationPropertyName.of("jetstream.console"), new Module("jetstream-spring-boot-console",
				"io.github.jetstreamspring.boot.console.JetStreamConsoleAutoConfiguration"));

	private UnknownKeys() {
	}

	/**
	 * Returns what is wrong with a key that {@link JetStreamProperties} doesn't have.
	 * @param key the key
	 * @param empty whether it has no value, as a key above others has when those are
	 * commented out
	 * @return what is wrong, or {@code null} if a module has the key
	 */
	static @Nullable String problem(ConfigurationPropertyName key, boolean empty) {
		Module module = module(key);
		if (module != null) {
			return module.isPresent() ? null
					: "it belongs to a module that isn't there: add the dependency " + module.artifact();
		}
		return (empty ? "it has no value, or there is no such property" : "there is no such property")
				+ question(key, empty);
	}

	/**
	 * Returns a question for the key that was meant, or an empty text if none is near.
	 */
	static String question(ConfigurationPropertyName key) {
		return question(key, false);
	}

	private static String question(ConfigurationPropertyName key, boolean empty) {
		List<String> similar = SimilarKeys.of(key, empty);
		return similar.isEmpty() ? ""
				: "; did you mean %s?".formatted(SpelledNames.withoutMarks(String.join(" or ", similar)));
	}

	private static @Nullable Module module(ConfigurationPropertyName key) {
		for (Map.Entry<ConfigurationPropertyName, Module> module : MODULES.entrySet()) {
			if (module.getKey().equals(key) || module.getKey().isAncestorOf(key)) {
				return module.getValue();
			}
		}
		return null;
	}

	/**
	 * A module with properties of its own.
	 *
	 * @param artifact the dependency that brings it
	 * @param type a class of it
	 */
	private record Module(String artifact, String type) {

		boolean isPresent() {
			return ClassUtils.isPresent(this.type, Module.class.getClassLoader());
		}

	}

}
