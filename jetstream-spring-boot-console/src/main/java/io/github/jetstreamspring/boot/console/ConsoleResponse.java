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
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.jetstreamspring.boot.operations.OperationFailure;

/**
 * What a browser gets, on whatever kind of web server.
 *
 * @param status the status of HTTP
 * @param headers the headers
 * @param body the body
 */
record ConsoleResponse(int status, Map<String, String> headers, byte[] body) {

	// No script but ours, nothing from other hosts, and in no frame
	private static final Map<String, String> SAFETY = Map.of("Content-Security-Policy",
			"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
					+ " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options", "nosniff", "X-Frame-Options", "DENY", "Referrer-Policy", "same-origin",
			"Cross-Origin-Resource-Policy", "same-origin", "Cross-Origin-Opener-Policy", "same-origin");

	/**
	 * The headers of live updates, which a proxy must not keep.
	 */
	static final Map<String, String> LIVE = Stream
		.concat(SAFETY.entrySet().stream(),
				Map.of("Cache-Control", "no-store", "X-Accel-Buffering", "no").entrySet().stream())
		.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

	static ConsoleResponse of(int status, Map<String, String> headers, byte[] body) {
		Map<String, String> all = new LinkedHashMap<>(SAFETY);
		all.putAll(headers);
		return new ConsoleResponse(status, all, body);
	}

	static ConsoleResponse json(int status, Object value) {
		return of(status, Map.of("Content-Type", "application/json", "Cache-Control", "no-store"),
				JsonText.of(value).getBytes(StandardCharsets.UTF_8));
	}

	static ConsoleResponse failure(OperationFailure failure) {
		return json(failure.status(), failure.body());
	}

	static ConsoleResponse problem(int status, String detail) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("status", status);
		body.put("detail", detail);
		return json(status, body);
	}

}
