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

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Removes entries of maps that are there twice, as an environment variable has no dashes
 * and no lower case: what it sets is for the name as others spell it.
 */
final class EchoedNames {

	private static final Pattern NEITHER_LETTER_NOR_DIGIT = Pattern.compile("[^\\p{L}\\p{N}]");

	private EchoedNames() {
	}

	/**
	 * Returns the entries that are meant.
	 * @param name the property that the map was bound to
	 * @param map the entries, by their names
	 * @param context knows where they come from
	 * @return the same without those that only an environment variable spells like that,
	 * if others spell them in another way
	 */
	static Map<?, ?> removeFrom(ConfigurationPropertyName name, Map<?, ?> map, BindContext context) {
		Set<String> distinct = new HashSet<>();
		for (Object key : map.keySet()) {
			distinct.add(letters(key));
		}
		if (distinct.size() == map.size()) {
			return map;
		}
		Set<String> spelled = spelledByOthers(name, context);
		Set<String> known = new HashSet<>();
		spelled.forEach((key) -> known.add(letters(key)));
		Map<Object, Object> rest = new LinkedHashMap<>(map);
		rest.keySet().removeIf((key) -> known.contains(letters(key)) && !spelled.contains(key));
		return rest;
	}

	private static Set<String> spelledByOthers(ConfigurationPropertyName name, BindContext context) {
		Set<String> spelled = new HashSet<>();
		for (ConfigurationPropertySource source : context.getSources()) {
			if (source instanceof IterableConfigurationPropertySource iterable
					&& !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource)) {
				iterable.stream()
					.filter(name::isAncestorOf)
					.forEach((key) -> spelled.add(key.getElement(name.getNumberOfElements(), Form.ORIGINAL)));
			}
		}
		return spelled;
	}

	/**
	 * Returns nothing but the letters and digits of a key.
	 */
	static String letters(Object key) {
		return NEITHER_LETTER_NOR_DIGIT.matcher(key.toString()).replaceAll("").toLowerCase(Locale.ROOT);
	}

}
