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

package io.github.jetstreamspring.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The oldest nats-server that is supported, as the program in the folder dev provides it.
 */
final class OldServer {

	private static final String VERSION = "2.10";

	private OldServer() {
	}

	/**
	 * Returns the program.
	 * @throws UnavailableException if it can't be got here
	 */
	static Path path() throws Exception {
		Path root = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
		Path known = root.resolve(".nats-server").resolve(VERSION).resolve("nats-server");
		return Files.exists(known) ? known : provide(root);
	}

	private static Path provide(Path root) throws Exception {
		Process process;
		try {
			process = new ProcessBuilder(List.of(root.resolve("dev").resolve("nats-server").toString(), VERSION))
				.redirectError(ProcessBuilder.Redirect.DISCARD)
				.start();
		}
		catch (IOException ex) {
			throw new UnavailableException("nats-server " + VERSION + " can't be got: " + ex.getMessage());
		}
		try (InputStream output = process.getInputStream()) {
			String path = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
			if (process.waitFor() != 0) {
				throw new UnavailableException("nats-server " + VERSION + " can't be got, see dev/nats-server");
			}
			return Path.of(path);
		}
	}

}
