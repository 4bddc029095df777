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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.DigestUtils;

/**
 * The files of the page, as they are in the jar.
 */
final class StaticFiles {

	private static final Map<String, String> TYPES = Map.of("html", "text/html;charset=utf-8", "js",
			"text/javascript;charset=utf-8", "css", "text/css;charset=utf-8", "svg", "image/svg+xml");

	private static final List<String> NAMES = List.of("index.html", "style.css", "icon.svg", "app.js", "api.js",
			"dom.js", "text.js", "format.js", "ui.js", "chart.js", "payload.js", "messages.js", "tasks.js",
			"overview.js", "queues.js", "listeners.js", "letters.js", "schedules.js", "fleet.js", "activity.js");

	private final Map<String, Entry> files = new LinkedHashMap<>();

	StaticFiles() {
		for (String name : NAMES) {
			byte[] content = read(name);
			String type = String.valueOf(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
			this.files.put(name, new Entry(type, '"' + DigestUtils.md5DigestAsHex(content) + '"', content));
		}
	}

	private static byte[] read(String name) {
		try (InputStream stream = StaticFiles.class.getResourceAsStream("static/" + name)) {
			if (stream == null) {
				throw new IllegalStateException("The console's file '%s' is missing".formatted(name));
			}
			return stream.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns a file.
	 * @param name its name
	 * @param request says what the browser has already
	 * @return the answer, or {@code null} if there is no such file
	 */
	@Nullable ConsoleResponse get(String name, ConsoleRequest request) {
		Entry file = this.files.get(name);
		if (file == null) {
			return null;
		}
		// Asked for each time, as the next version of the application may have others
		Map<String, String> headers = Map.of("Content-Type", file.type(), "Cache-Control", "no-cache", "ETag",
				file.tag());
		return file.tag().equals(request.header().apply("If-None-Match"))
				? ConsoleResponse.of(304, headers, new byte[0]) : ConsoleResponse.of(200, headers, file.content());
	}

	private record Entry(String type, String tag, byte[] content) {
	}

}
