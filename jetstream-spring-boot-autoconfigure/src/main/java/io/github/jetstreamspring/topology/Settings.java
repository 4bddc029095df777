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

package io.github.jetstreamspring.topology;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Settings that have a value. The only way in is {@link Builder#set}, which keeps each
 * setting's value of the setting's type.
 *
 * @param <C> the jnats configuration they are read from
 * @param <B> the jnats builder they are written to
 */
final class Settings<C, B> {

	private final Map<Setting<C, B, ?>, Object> values;

	private Settings(Map<Setting<C, B, ?>, Object> values) {
		this.values = Collections.unmodifiableMap(values);
	}

	Set<Setting<C, B, ?>> keys() {
		return this.values.keySet();
	}

	/**
	 * Returns whether a setting has a value, and makes nothing for that.
	 * @param key the setting's key
	 */
	boolean has(String key) {
		for (Setting<C, B, ?> setting : keys()) {
			if (setting.key().equals(key)) {
				return true;
			}
		}
		return false;
	}

	@SuppressWarnings("unchecked")
	<T> @Nullable T get(Setting<C, B, T> setting) {
		return (T) this.values.get(setting);
	}

	/**
	 * Returns these settings and the others that have no value here.
	 */
	Settings<C, B> orElse(Settings<C, B> others) {
		Map<Setting<C, B, ?>, Object> merged = new LinkedHashMap<>(this.values);
		for (Map.Entry<Setting<C, B, ?>, Object> other : others.values.entrySet()) {
			merged.putIfAbsent(other.getKey(), other.getValue());
		}
		return new Settings<>(merged);
	}

	/**
	 * Returns these settings without some.
	 */
	Settings<C, B> without(Set<Setting<C, B, ?>> settings) {
		Map<Setting<C, B, ?>, Object> rest = new LinkedHashMap<>(this.values);
		rest.keySet().removeAll(settings);
		return new Settings<>(rest);
	}

	/**
	 * Returns the settings that have another value on the server.
	 */
	List<Difference> differences(C current) {
		List<Difference> differences = new ArrayList<>();
		for (Setting<C, B, ?> setting : keys()) {
			Difference difference = difference(setting, current);
			if (difference != null) {
				differences.add(difference);
			}
		}
		return List.copyOf(differences);
	}

	/**
	 * Returns the values for people, by the settings' keys.
	 */
	Map<String, String> texts() {
		Map<String, String> texts = new LinkedHashMap<>();
		keys().forEach((setting) -> texts.put(setting.key(), text(setting)));
		return texts;
	}

	private <T> String text(Setting<C, B, T> setting) {
		return setting.text(get(setting));
	}

	/**
	 * Writes the values to a builder.
	 * @param builder takes the values
	 * @param current what the server has, or {@code null} if it has nothing yet
	 */
	void write(B builder, @Nullable C current) {
		for (Setting<C, B, ?> setting : keys()) {
			write(setting, builder, current);
		}
	}

	private <T> @Nullable Difference difference(Setting<C, B, T> setting, C current) {
		T from = setting.read(current);
		T to = setting.target(from, value(setting));
		return setting.isSame(from, to) ? null : new Difference(setting.key(), setting.text(from), setting.text(to),
				setting.changeableSince(from, to));
	}

	private <T> void write(Setting<C, B, T> setting, B builder, @Nullable C current) {
		T from = (current != null) ? setting.read(current) : null;
		setting.write(builder, setting.target(from, value(setting)));
	}

	private <T> T value(Setting<C, B, T> setting) {
		return Objects.requireNonNull(get(setting));
	}

	static final class Builder<C, B> {

		private final Map<Setting<C, B, ?>, Object> values = new LinkedHashMap<>();

		<T> Builder<C, B> set(Setting<C, B, T> setting, T value) {
			this.values.put(setting, value);
			return this;
		}

		void setAll(Settings<C, B> settings) {
			this.values.putAll(settings.values);
		}

		Settings<C, B> build() {
			return new Settings<>(new LinkedHashMap<>(this.values));
		}

	}

}
