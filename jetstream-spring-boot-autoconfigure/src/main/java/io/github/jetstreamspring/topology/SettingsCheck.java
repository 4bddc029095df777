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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Finds the settings whose value makes no sense, or that the connected server is too old
 * for.
 */
final class SettingsCheck {

	private final String serverVersion;

	private final ServerVersion server;

	SettingsCheck(String serverVersion) {
		this.serverVersion = serverVersion;
		this.server = ServerVersion.of(serverVersion);
	}

	/**
	 * Returns the settings that can be declared.
	 * @param key the key of the stream or consumer
	 * @param settings what shall be declared
	 * @param problems takes what is wrong with the others
	 */
	<C, B> Settings<C, B> usable(String key, Settings<C, B> settings, Problems problems) {
		Map<Setting<C, B, ?>, TopologyProblem> wrong = new LinkedHashMap<>();
		for (Setting<C, B, ?> setting : settings.keys()) {
			TopologyProblem problem = problem(key, setting, settings);
			if (problem != null) {
				wrong.put(setting, problem);
			}
		}
		problems.addAll(wrong.values());
		return settings.without(wrong.keySet());
	}

	private <C, B, T> @Nullable TopologyProblem problem(String key, Setting<C, B, T> setting, Settings<C, B> settings) {
		T value = Objects.requireNonNull(settings.get(setting));
		String fullKey = key + "." + setting.key();
		if (!setting.isValid(value)) {
			return new TopologyProblem(fullKey, "can't be '%s'".formatted(setting.text(value)),
					"It takes %s.".formatted(setting.expected()));
		}
		String since = setting.since(value);
		if (this.server.isOlderThan(ServerVersion.of(since))) {
			return new TopologyProblem(fullKey,
					"needs nats-server %s, but %s is connected".formatted(since, this.serverVersion),
					"Remove the key, or run nats-server %s or newer.".formatted(since));
		}
		return null;
	}

}
