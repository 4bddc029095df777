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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Sees to it that no server outlives this JVM.
 */
final class NatsServerGuard {

	static final Path SHELL = Path.of("/bin/sh");

	private static final String SCRIPT = "trap '' INT HUP TERM; read _; kill -9 \"$1\"; rm -rf \"$2\"";

	private NatsServerGuard() {
	}

	// A shutdown hook would run beside the one that closes application contexts, whose
	// workers still need the server, and not at all when the JVM is killed. The shell's
	// standard input ends when the JVM does, in whatever way.
	static void guard(Process server, Path directory) throws IOException {
		if (!Files.isExecutable(SHELL)) {
			Runtime.getRuntime().addShutdownHook(new Thread(server::destroyForcibly));
			return;
		}
		try {
			Process guard = new ProcessBuilder(SHELL.toString(), "-c", SCRIPT, "nats-server-guard",
					Long.toString(server.pid()), directory.toString())
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.redirectError(ProcessBuilder.Redirect.DISCARD)
				.start();
			// The process id may soon be another process's
			server.onExit().thenRun(guard::destroyForcibly);
		}
		catch (IOException ex) {
			server.destroyForcibly();
			throw ex;
		}
	}

}
