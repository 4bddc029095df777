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

import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The users of a server on which one of them, {@code app}, may not do everything, while
 * {@code admin} may. Their passwords are their names.
 */
public final class ServerUsers {

	private ServerUsers() {
	}

	/**
	 * Returns configuration for the start of a server.
	 * @param permissions what {@code app} may do, empty if it may do everything
	 */
	public static String config(String permissions) {
		return """
				authorization { users: [
				  { user: admin, password: admin }
				  { user: app, password: app, permissions: { %s } }
				] }""".formatted(permissions);
	}

	/**
	 * Changes what {@code app} may do while the server runs.
	 */
	public static void reload(EmbeddedNatsServer server, String permissions) throws Exception {
		Path file = server.logFile().resolveSibling("nats-server.conf");
		String configuration = Files.readString(file);
		Files.writeString(file,
				configuration.substring(0, configuration.indexOf("authorization")) + config(permissions) + "\n");
		long reloads = reloads(server);
		assertThat(new ProcessBuilder("kill", "-HUP", Long.toString(server.pid())).start().waitFor()).isZero();
		await().until(() -> reloads(server) > reloads);
	}

	private static long reloads(EmbeddedNatsServer server) throws Exception {
		return Files.readAllLines(server.logFile())
			.stream()
			.filter((line) -> line.contains("Reloaded server configuration"))
			.count();
	}

}
