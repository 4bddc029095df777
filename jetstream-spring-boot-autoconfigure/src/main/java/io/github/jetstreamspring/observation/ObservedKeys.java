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

package io.github.jetstreamspring.observation;

import java.util.Iterator;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

/**
 * The key values of an observation. They usually are the same from message to message, so
 * they are kept as they are, while Micrometer's own contexts put each of them into a map.
 */
final class ObservedKeys {

	// An object less for each message than with an AtomicReference
	private static final AtomicReferenceFieldUpdater<ObservedKeys, KeyValues> VALUES = AtomicReferenceFieldUpdater
		.newUpdater(ObservedKeys.class, KeyValues.class, "values");

	private volatile KeyValues values = KeyValues.empty();

	void add(KeyValue keyValue) {
		add(KeyValues.of(keyValue));
	}

	void add(KeyValues added) {
		if (added != KeyValues.empty()) {
			VALUES.updateAndGet(this, (present) -> containsAll(added, present) ? added : present.and(added));
		}
	}

	// By identity, as a convention that returns the same ones again does
	private static boolean containsAll(KeyValues added, KeyValues present) {
		if (present == KeyValues.empty()) {
			return true;
		}
		Iterator<KeyValue> candidates = added.iterator();
		for (KeyValue keyValue : present) {
			boolean found = false;
			while (!found && candidates.hasNext()) {
				found = candidates.next() == keyValue;
			}
			if (!found) {
				return false;
			}
		}
		return true;
	}

	void remove(String key) {
		VALUES.updateAndGet(this, (present) -> KeyValues
			.of(present.stream().filter((keyValue) -> !keyValue.getKey().equals(key)).toArray(KeyValue[]::new)));
	}

	@Nullable KeyValue get(String key) {
		for (KeyValue keyValue : all()) {
			if (keyValue.getKey().equals(key)) {
				return keyValue;
			}
		}
		return null;
	}

	KeyValues all() {
		return this.values;
	}

}
