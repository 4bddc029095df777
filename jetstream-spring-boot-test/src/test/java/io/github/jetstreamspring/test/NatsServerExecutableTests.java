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

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link NatsServerExecutable}.
 */
class NatsServerExecutableTests {

	@TempDir
	private Path directory;

	private final Map<String, String> properties = new HashMap<>();

	private final Map<String, String> environment = new HashMap<>();

	private Path server;

	@BeforeEach
	void onPath() throws IOException {
		this.server = program("bin/nats-server");
		this.environment.put("PATH",
				this.directory.resolve("missing") + File.pathSeparator + this.server.getParent().toString());
	}

	@Test
	void whenOnlyOnPathThenThatIsUsed() {
		assertThat(find(null)).isEqualTo(this.server);
	}

	@Test
	void whenEnvironmentVariableThenItComesBeforePath() throws IOException {
		Path other = program("environment/nats-server");
		this.environment.put("NATS_SERVER_PATH", other.toString());
		assertThat(find(null)).isEqualTo(other);
	}

	@Test
	void whenSystemPropertyThenItComesBeforeEnvironmentVariable() throws IOException {
		Path other = program("property/nats-server");
		this.environment.put("NATS_SERVER_PATH", this.server.toString());
		this.properties.put("nats-server.path", other.toString());
		assertThat(find(null)).isEqualTo(other);
	}

	@Test
	void whenBuilderNamesOneThenItComesFirst() throws IOException {
		Path other = program("builder/nats-server");
		this.properties.put("nats-server.path", this.server.toString());
		assertThat(find(other)).isEqualTo(other);
	}

	@Test
	void whenNamedOneIsMissingThenNoOtherIsUsed() {
		this.properties.put("nats-server.path", "/no/such/program");
		assertThatIllegalStateException().isThrownBy(() -> find(null))
			.withMessageStartingWith(
					"No nats-server to run: the system property 'nats-server.path' names '/no/such/program'")
			.satisfies((ex) -> assertThat(ex.getMessage().lines()).hasSize(2).last().asString().startsWith("Install"));
	}

	@Test
	void whenNoneThenTwoLinesSayWhatIsMissingAndHowToGetIt() {
		this.environment.put("PATH", this.directory.toString());
		assertThatIllegalStateException().isThrownBy(() -> find(null))
			.withMessageStartingWith("No nats-server to run: none is on the PATH")
			.satisfies((ex) -> assertThat(ex.getMessage().lines()).hasSize(2).last().asString().startsWith("Install"));
	}

	@Test
	void whenVersionIsThatOfTheUsualOneThenItIsUsed() throws IOException {
		Files.writeString(this.server, "#!/bin/sh\necho 'nats-server: v2.15.1'\n");
		assertThat(ofVersion("2.15")).isEqualTo(this.server);
	}

	@Test
	void whenVersionHasProgramOfItsOwnThenItComesFirst() throws IOException {
		Files.writeString(this.server, "#!/bin/sh\necho 'nats-server: v2.15.1'\n");
		Path onPath = program("bin/nats-server-2.11");
		Files.writeString(onPath, "#!/bin/sh\necho 'nats-server: v2.11.9'\n");
		assertThat(ofVersion("2.11")).isEqualTo(onPath);
		Path named = program("environment/nats-server");
		Files.writeString(named, "#!/bin/sh\necho 'nats-server: v2.11.3'\n");
		this.environment.put("NATS_SERVER_2_11_PATH", named.toString());
		assertThat(ofVersion("2.11")).isEqualTo(named);
		this.properties.put("nats-server.2.11.path", onPath.toString());
		assertThat(ofVersion("2.11")).isEqualTo(onPath);
	}

	@Test
	void whenThereIsOnlyAnotherVersionThenMessageSaysWhatToInstall() throws IOException {
		Files.writeString(this.server, "#!/bin/sh\necho 'nats-server: v2.15.1'\n");
		assertThatIllegalStateException().isThrownBy(() -> ofVersion("2.1"))
			.withMessageContaining("version 2.15.1")
			.withMessageContaining("NATS_SERVER_2_1_PATH");
	}

	private Path ofVersion(String version) {
		return NatsServerExecutable.ofVersion(version, this.properties::get, this.environment::get).path();
	}

	private Path find(@Nullable Path explicit) {
		return NatsServerExecutable.find(explicit, this.properties::get, this.environment::get).path();
	}

	private Path program(String name) throws IOException {
		Path file = this.directory.resolve(name);
		Files.createDirectories(file.getParent());
		Files.createFile(file);
		assertThat(file.toFile().setExecutable(true)).isTrue();
		return file;
	}

}
