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

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * Which parts of a key are names that users choose: those of streams, consumers,
 * listeners and the like.
 */
final class NamesInKeys {

	private NamesInKeys() {
	}

	/**
	 * Returns where a key has names.
	 * @param key a key below {@code jetstream}
	 * @return the indexes of its elements that are names
	 */
	static List<Integer> in(ConfigurationPropertyName key) {
		List<Integer> names = new ArrayList<>();
		Type type = JetStreamProperties.class;
		for (int i = 1; i < key.getNumberOfElements() && type != null; i++) {
			if (type instanceof Class<?> group && group.isRecord()) {
				type = component(group, key.getElement(i, Form.UNIFORM));
			}
			else if (type instanceof ParameterizedType generic) {
				boolean map = generic.getRawType() == Map.class;
				if (map) {
					names.add(i);
				}
				type = generic.getActualTypeArguments()[map ? 1 : 0];
			}
			else {
				type = null;
			}
		}
		return names;
	}

	private static @Nullable Type component(Class<?> group, String element) {
		for (RecordComponent component : group.getRecordComponents()) {
			if (component.getName().equalsIgnoreCase(element)) {
				return component.getGenericType();
			}
		}
		return null;
	}

}
