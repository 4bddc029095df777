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

package io.github.jetstreamspring.boot.operations;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/**
 * Says where a setting comes from: which property, and where that is set.
 */
final class SettingSources {

	private static final String PROPERTIES = "jetstream.";

	private final Environment environment;

	SettingSources(Environment environment) {
		this.environment = environment;
	}

	/**
	 * Describes a source.
	 * @param source what the keys of the configuration begin with, or the name of another
	 * source; {@code null} for what nobody has set
	 * @param key the setting's key
	 * @return the property's name with its origin, the name of the other source, or
	 * {@code default}
	 */
	String describe(@Nullable String source, String key) {
		if (source == null) {
			return "default";
		}
		return source.startsWith(PROPERTIES) ? property(source, key) : source;
	}

	private String property(String prefix, String key) {
		String name = prefix + "." + key;
		return names(prefix, key).flatMap(this::find)
			.findFirst()
			.map((property) -> (property.getOrigin() != null) ? "%s (%s)".formatted(name, property.getOrigin()) : name)
			.orElse(name);
	}

	private Stream<ConfigurationProperty> find(ConfigurationPropertyName name) {
		return StreamSupport.stream(ConfigurationPropertySources.get(this.environment).spliterator(), false)
			.map((source) -> find(source, name))
			.filter(Objects::nonNull);
	}

	private static @Nullable ConfigurationProperty find(ConfigurationPropertySource source,
			ConfigurationPropertyName name) {
		ConfigurationProperty property = source.getConfigurationProperty(name);
		// A list has a property for each of its elements
		return (property != null) ? property : source.getConfigurationProperty(name.append("[0]"));
	}

	// An id may be anything, which only brackets keep as it is
	private static Stream<ConfigurationPropertyName> names(String prefix, String key) {
		String listeners = "jetstream.listeners.";
		if (!prefix.startsWith(listeners)) {
			return Stream.of(ConfigurationPropertyName.of(prefix + "." + key));
		}
		String id = prefix.substring(listeners.length());
		ConfigurationPropertyName root = ConfigurationPropertyName.of("jetstream.listeners");
		return Stream.of(root.append("[" + id + "]"), ConfigurationPropertyName.adapt(prefix, '.'))
			.map((listener) -> listener.append(key));
	}

}
