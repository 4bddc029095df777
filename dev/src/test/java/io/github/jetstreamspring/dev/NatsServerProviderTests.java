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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link NatsServerProvider}.
 */
class NatsServerProviderTests {

	private final ByteArrayOutputStream log = new ByteArrayOutputStream();

	@TempDir
	private Path directory;

	@Test
	void whenOneWayFailsThenNextIsTaken() throws Exception {
		Path server = provide("newest", none("none on the PATH"), broken(), with("2.10.29"), with("2.14.5"),
				with("2.15.1"));
		assertThat(server).isEqualTo(this.directory.resolve("newest/nats-server"));
		assertThat(Commands.onMachine(this.directory, List.of(server.toString()))).contains("v2.14.5");
		assertThat(this.log.toString())
			.contains("nats-server newest comes from a way to 2.14.5 (none on the PATH; java.io.IOException: disk full;"
					+ " that of a way to 2.10.29 does not run here as 2.12 or newer)");
		try (var files = Files.list(this.directory)) {
			assertThat(files).containsExactly(server.getParent());
		}
	}

	@Test
	void whenServerIsThereThenNoWayIsTried() throws Exception {
		Path server = provide("2.14", with("2.14.5"));
		assertThat(provide("2.14", broken())).isEqualTo(server);
	}

	@Test
	void whenServerThereIsAnotherThenItIsReplaced() throws Exception {
		Programs.server(this.directory.resolve("2.14/nats-server"), "2.13.0");
		Path server = provide("2.14", with("2.14.5"));
		assertThat(Commands.onMachine(this.directory, List.of(server.toString()))).contains("v2.14.5");
	}

	@Test
	void whenNoWayLeadsToServerThenEachSaysWhy() {
		assertThatExceptionOfType(UnavailableException.class)
			.isThrownBy(() -> provide("newest", none("none on the PATH"), none("example.com\ncan't be reached")))
			.withMessage("No nats-server 2.12 or newer to run the tests on: "
					+ "none on the PATH; example.com can't be reached.");
	}

	@Test
	void whenItIsNoVersionThenItFails() throws Exception {
		assertThat(NatsServerProvider.run("latest")).isEqualTo(1);
	}

	private Path provide(String version, ServerSource... sources) throws Exception {
		return new NatsServerProvider(this.directory, new RequestedVersion(version), List.of(sources),
				new PrintStream(this.log, true))
			.provide();
	}

	private static ServerSource with(String version) {
		return new ServerSource() {

			@Override
			public Path find(Path work) throws IOException {
				return Programs.server(work.resolve("nats-server"), version);
			}

			@Override
			public String toString() {
				return "a way to " + version;
			}

		};
	}

	private static ServerSource none(String reason) {
		return (work) -> {
			throw new UnavailableException(reason);
		};
	}

	private static ServerSource broken() {
		return (work) -> {
			throw new IOException("disk full");
		};
	}

}
