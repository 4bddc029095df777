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
package io.github.jetstreamspring.boot.console;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import io.nats.client.support.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * What one instance asks all others.
 *
 * @param window over which time it wants to know what has become of deliveries
 * @param listener of which listener, or {@code null} for all
 */
record FleetQuestion(String window, @Nullable String listener) {

	static @Nullable FleetQuestion of(byte[] data) {
		JsonValue json = StrangeJson.parse(data);
		String window = (json != null) ? StrangeJson.text(json, "window") : null;
		return (json != null && window != null) ? new FleetQuestion(window, StrangeJson.text(json, "listener")) : null;
	}

	byte[] toBytes() {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("window", this.window);
		if (this.listener != null) {
			json.put("listener", this.listener);
		}
		return JsonText.of(json).getBytes(StandardCharsets.UTF_8);
	}

}
