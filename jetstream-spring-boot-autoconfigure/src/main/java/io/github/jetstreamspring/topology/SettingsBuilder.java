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

import java.util.Collections;
import java.util.Map;

/**
 * Collects the settings of a definition.
 *
 * @param <C> the jnats configuration they are read from
 * @param <W> the jnats builder they are written to
 * @param <B> the definition's builder
 */
abstract class SettingsBuilder<C, W, B> {

	private final Settings.Builder<C, W> settings = new Settings.Builder<>();

	final Settings<C, W> settings() {
		return this.settings.build();
	}

	final <T> B set(Setting<C, W, T> setting, T value) {
		if (value == null) {
			throw new IllegalArgumentException("'%s' must not be null: leave it out instead".formatted(setting.key()));
		}
		this.settings.set(setting, value);
		return self();
	}

	final void setAll(Settings<C, W> settings) {
		this.settings.setAll(settings);
	}

	/**
	 * Adds entries to those that are set, as the server's stay as they are, too.
	 */
	final B add(Setting<C, W, Map<String, String>> setting, Map<String, String> entries) {
		Map<String, String> current = settings().get(setting);
		return set(setting,
				Collections.unmodifiableMap(Values.mergeMetadata((current != null) ? current : Map.of(), entries)));
	}

	abstract B self();

}
