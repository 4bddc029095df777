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

package io.github.jetstreamspring.test;

import java.nio.file.Path;
import java.util.List;

/**
 * What the configuration file of an embedded server says.
 *
 * @param storeDirectory where JetStream stores its data
 * @param jetStream whether JetStream is on
 * @param lines further lines, written as they are
 */
record NatsServerConfiguration(Path storeDirectory, boolean jetStream, List<String> lines) {

	/**
	 * Returns the file's content. The further lines come last, because the server takes
	 * the last of two entries with one name: {@code jetstream { max_file_store: 1GB }}
	 * sets a limit and keeps the store directory, which is an entry of its own.
	 * @param port the port to listen on
	 * @return the content
	 */
	String render(int port) {
		StringBuilder content = new StringBuilder();
		content.append("host: \"127.0.0.1\"\n");
		content.append("port: ").append(port).append('\n');
		content.append("store_dir: ").append(quote(this.storeDirectory.toString())).append('\n');
		if (this.jetStream) {
			content.append("jetstream: enabled\n");
		}
		this.lines.forEach((line) -> content.append(line).append('\n'));
		return content.toString();
	}

	private static String quote(String value) {
		StringBuilder quoted = new StringBuilder("\"");
		for (char character : value.toCharArray()) {
			switch (character) {
				case '\\', '"' -> quoted.append('\\').append(character);
				case '\n' -> quoted.append("\\n");
				case '\r' -> quoted.append("\\r");
				case '\t' -> quoted.append("\\t");
				default -> quoted.append(character);
			}
		}
		return quoted.append('"').toString();
	}

}
