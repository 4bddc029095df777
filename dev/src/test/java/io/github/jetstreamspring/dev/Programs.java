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

package io.github.jetstreamspring.dev;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Programs that say they are a nats-server.
 */
final class Programs {

	private Programs() {
	}

	static Path server(Path file, String version) throws IOException {
		assumeTrue(File.separatorChar == '/', "Shell scripts stand in for nats-server, which Windows can't run");
		Files.createDirectories(file.getParent());
		Files.writeString(file, "#!/bin/sh\necho nats-server: v" + version + "\n");
		file.toFile().setExecutable(true);
		return file;
	}

}
