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
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Names below {@code jetstream} that differ in case or dashes only. To NATS they are two.
 * Spring Boot takes them for one key and gives each what is set for any of them. So,
 * before anything is bound, they are repeated in brackets and with a mark, by which it
 * can tell them apart; the mark is taken off what was bound.
 */
final class SpelledNames {

	private static final Log logger = LogFactory.getLog(SpelledNames.class);

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("jetstream");

	// Names of ours, and of beans: one connection however it is spelled
	private static final ConfigurationPropertyName CONNECTIONS = ROOT.append("connections");

	// Brackets alone don't tell [videos] from Videos
	private static final String MARK = "\0";

	private static final String REPEATED = "jetstream names of ";

	private final Map<ConfigurationPropertyName, Set<String>> names = new LinkedHashMap<>();

	private SpelledNames() {
	}

	/**
	 * Tells names apart that Spring Boot would mix up.
	 * @param environment holds the configuration
	 * @return the names that are told apart
	 */
	static SpelledNames tellApart(Environment environment) {
		SpelledNames names = new SpelledNames();
		if (environment instanceof ConfigurableEnvironment configurable) {
			names.tellApart(configurable.getPropertySources());
		}
		return names;
	}

	/**
	 * Returns whether a key is repeated with brackets, which count instead.
	 */
	boolean isRepeated(ConfigurationPropertyName key) {
		for (ConfigurationPropertyName name : this.names.keySet()) {
			if (name.equals(key) || name.isAncestorOf(key)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns a map with the names as they are written.
	 */
	static Map<?, ?> withoutMarks(Map<?, ?> map) {
		for (Object name : map.keySet()) {
			if (isMarked(name)) {
				return copyWithoutMarks(map);
			}
		}
		return map;
	}

	private static Map<?, ?> copyWithoutMarks(Map<?, ?> map) {
		Map<Object, Object> result = new LinkedHashMap<>();
		map.forEach((name, value) -> {
			if (isMarked(name)) {
				result.put(withoutMarks(name.toString()), value);
			}
			else {
				result.putIfAbsent(name, value);
			}
		});
		return result;
	}

	private static boolean isMarked(Object name) {
		return name.toString().endsWith(MARK);
	}

	/**
	 * Returns a key as it is written.
	 */
	static String withoutMarks(String key) {
		return key.replace(MARK, "");
	}

	private void tellApart(MutablePropertySources sources) {
		List<EnumerablePropertySource<?>> all = new ArrayList<>();
		for (PropertySource<?> source : sources.stream().toList()) {
			if (source.getName().startsWith(REPEATED)) {
				sources.remove(source.getName());
			}
			else if (source instanceof EnumerablePropertySource<?> enumerable
					&& !(source instanceof SystemEnvironmentPropertySource)) {
				all.add(0, enumerable);
			}
		}
		for (EnumerablePropertySource<?> source : all) {
			for (ConfigurationPropertyName key : keys(source).values()) {
				collect(key);
			}
		}
		for (Iterator<Set<String>> spellings = this.names.values().iterator(); spellings.hasNext();) {
			if (spellings.next().size() < 2) {
				spellings.remove();
			}
		}
		if (this.names.isEmpty()) {
			return;
		}
		this.names.forEach((name, spellings) -> logger.warn(
				("%s: the names %s differ in case or dashes only. They are taken for different ones, each with its own"
						+ " settings; write a name in the same way everywhere if it is one")
					.formatted(name.getParent(), spellings)));
		// The last one to come first has precedence
		all.forEach((source) -> repeat(source, sources));
	}

	private static Map<String, ConfigurationPropertyName> keys(EnumerablePropertySource<?> source) {
		Map<String, ConfigurationPropertyName> keys = new LinkedHashMap<>();
		for (String property : source.getPropertyNames()) {
			if (property.regionMatches(true, 0, "jetstream", 0, 9)) {
				ConfigurationPropertyName key = ConfigurationPropertyName.adapt(property, '.');
				if (ROOT.isAncestorOf(key)) {
					keys.put(property, key);
				}
			}
		}
		return keys;
	}

	private void collect(ConfigurationPropertyName key) {
		for (int index : NamesInKeys.in(key)) {
			ConfigurationPropertyName name = key.chop(index + 1);
			if (!CONNECTIONS.isParentOf(name)) {
				this.names.computeIfAbsent(name, (first) -> new LinkedHashSet<>())
					.add(name.getLastElement(Form.ORIGINAL));
			}
		}
	}

	private void repeat(EnumerablePropertySource<?> source, MutablePropertySources sources) {
		Map<String, Object> repeated = new LinkedHashMap<>();
		keys(source).forEach((property, key) -> {
			if (isRepeated(key)) {
				repeated.put(bracketed(key),
						OriginTrackedValue.of(source.getProperty(property), OriginLookup.getOrigin(source, property)));
			}
		});
		if (!repeated.isEmpty()) {
			sources.addFirst(new OriginTrackedMapPropertySource(REPEATED + source.getName(), repeated));
		}
	}

	private String bracketed(ConfigurationPropertyName key) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < key.getNumberOfElements(); i++) {
			ConfigurationPropertyName part = key.chop(i + 1);
			String element = part.getLastElement(Form.ORIGINAL);
			if (this.names.containsKey(part)) {
				text.append('[').append(element).append(MARK).append(']');
			}
			else if (part.isLastElementIndexed()) {
				text.append('[').append(element).append(']');
			}
			else {
				text.append((i > 0) ? "." : "").append(element);
			}
		}
		return text.toString();
	}

}
