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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.messaging.SimilarNames;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * Finds the key that somebody may have meant who wrote one that doesn't exist: with
 * another spelling of its words, a word left out, or one too many.
 */
final class SimilarKeys {

	private static final int WORD = 2;

	private static final int NAME = 1;

	// Farther away it would be a guess
	private static final int FARTHEST = 4;

	private static final int MANY = 2;

	private static final int UNLIKE = Integer.MAX_VALUE;

	private final List<String> words = new ArrayList<>();

	private final List<Boolean> indexes = new ArrayList<>();

	private final List<String> found = new ArrayList<>();

	// Of two words, which meet again and again
	private final Map<String, Integer> differences = new HashMap<>();

	// A name in a map with nothing below it
	private final boolean empty;

	private int least = FARTHEST;

	private SimilarKeys(ConfigurationPropertyName key, boolean empty) {
		this.empty = empty;
		for (int i = 1; i < key.getNumberOfElements(); i++) {
			this.words.add(key.getElement(i, Form.ORIGINAL));
			this.indexes.add(key.chop(i + 1).isLastElementIndexed());
		}
	}

	/**
	 * Returns the keys that are nearest to an unknown one.
	 * @param key the unknown key
	 * @param empty whether it has no value
	 * @return the nearest ones; none if there are none near, or too many, or if the key
	 * does exist
	 */
	static List<String> of(ConfigurationPropertyName key, boolean empty) {
		SimilarKeys keys = new SimilarKeys(key, empty);
		keys.follow(JetStreamProperties.class, 0, 0, "jetstream");
		return (keys.least > 0 && keys.found.size() <= MANY) ? keys.found : List.of();
	}

	private void follow(Type type, int word, int distance, String path) {
		if (distance > this.least) {
			return;
		}
		if (word < this.words.size()) {
			// One word too many
			follow(type, word + 1, distance + WORD, path);
		}
		if (type instanceof Class<?> group && group.isRecord()) {
			for (RecordComponent component : group.getRecordComponents()) {
				follow(component, word, distance, path);
			}
		}
		else if (type instanceof ParameterizedType parameterized && parameterized.getRawType() == Map.class) {
			followName(parameterized.getActualTypeArguments()[1], word, distance, path);
		}
		else if (type instanceof ParameterizedType list && isIndex(word)) {
			follow(list.getActualTypeArguments()[0], word + 1, distance, path + "[" + this.words.get(word) + "]");
		}
		else if (type instanceof ParameterizedType list && isGroup(list.getActualTypeArguments()[0])) {
			follow(list.getActualTypeArguments()[0], word, distance + NAME, path + "[0]");
		}
		else if (word == this.words.size()) {
			add(path, distance);
		}
	}

	private void follow(RecordComponent component, int word, int distance, String path) {
		String name = DataObjectPropertyName.toDashedForm(component.getName());
		String next = path + "." + name;
		if (word < this.words.size() && !isIndex(word)) {
			String written = this.words.get(word);
			int differences = this.differences.computeIfAbsent(written + " " + name,
					(pair) -> differences(written, name));
			if (differences < UNLIKE) {
				if (isGroup(component.getGenericType()) && differences > 0 && isLast(word)) {
					add(next, distance + differences + NAME);
				}
				follow(component.getGenericType(), word + 1, distance + differences, next);
			}
		}
		if (isGroup(component.getGenericType())) {
			// One word too few
			follow(component.getGenericType(), word,
					distance + ((component.getType() == Map.class) ? WORD + NAME : WORD), next);
		}
	}

	private static int differences(String written, String name) {
		if (ForeignNames.isFor(name, written)) {
			return NAME;
		}
		int differences = SimilarNames.distance(written, name);
		return SimilarNames.isNear(differences, written, name) ? differences : UNLIKE;
	}

	private void followName(Type value, int word, int distance, String path) {
		if (word < this.words.size()) {
			String name = this.words.get(word);
			String next = path + (this.indexes.get(word) ? "[" + name + "]" : "." + name);
			if (this.empty && isGroup(value) && distance > 0 && distance < WORD && isLast(word)) {
				add(next, distance + NAME);
			}
			follow(value, word + 1, distance, next);
		}
		else if (!isGroup(value) && distance < WORD) {
			// Its own name is misspelled
			add(path, distance);
		}
		if (isGroup(value) && word >= this.words.size() - 1) {
			// The last word is a key rather than a name
			follow(value, word, distance + NAME, path + ".<name>");
		}
	}

	private boolean isLast(int word) {
		return word == this.words.size() - 1;
	}

	private boolean isIndex(int word) {
		return word < this.words.size() && this.indexes.get(word) && this.words.get(word).matches("\\d+");
	}

	private static boolean isGroup(Type type) {
		// Without maps of texts, in which every key exists
		return (type instanceof Class<?> group) ? group.isRecord() : type instanceof ParameterizedType generic
				&& generic.getRawType() == Map.class && isGroup(generic.getActualTypeArguments()[1]);
	}

	private void add(String path, int distance) {
		if (distance < this.least) {
			this.found.clear();
			this.least = distance;
		}
		if (!this.found.contains(path)) {
			this.found.add(path);
		}
	}

}
