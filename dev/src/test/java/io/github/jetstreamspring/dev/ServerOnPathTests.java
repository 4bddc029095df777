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
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ServerOnPath}.
 */
class ServerOnPathTests {

	@TempDir
	private Path directory;

	@Test
	void whenSeveralFitThenFirstIsTaken() throws Exception {
		Programs.server(this.directory.resolve("old/nats-server"), "2.10.29");
		Path first = Programs.server(this.directory.resolve("first/nats-server"), "2.14.5");
		Programs.server(this.directory.resolve("second/nats-server"), "2.15.1");
		assertThat(find("missing", "old", "first", "second")).isEqualTo(first);
	}

	@Test
	void whenItIsNoProgramThenItIsNotTaken() throws Exception {
		Files.createDirectories(this.directory.resolve("folder/nats-server"));
		Programs.server(this.directory.resolve("file/nats-server"), "2.14.5").toFile().setExecutable(false);
		Files.writeString(Programs.server(this.directory.resolve("broken/nats-server"), "2.14.5"),
				"#!/bin/sh\necho v2.14.5\nexit 1\n");
		assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> find("folder", "file", "broken"))
			.withMessage("none on the PATH");
	}

	@Test
	void whenPathIsEmptyThenThereIsNone() {
		assertThatExceptionOfType(UnavailableException.class)
			.isThrownBy(() -> new ServerOnPath(new RequestedVersion("9.9"), "").find(this.directory))
			.withMessage("none on the PATH");
	}

	private Path find(String... folders) throws UnavailableException {
		StringBuilder path = new StringBuilder();
		for (String folder : folders) {
			path.append(this.directory.resolve(folder)).append(File.pathSeparator);
		}
		return new ServerOnPath(new RequestedVersion("newest"), path.toString()).find(this.directory);
	}

}
