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

package io.github.jetstreamspring.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The steps for GitHub of the page about tests, with a {@code curl} that has a release in
 * a folder.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the steps are for a runner with Linux")
class ContinuousIntegrationSnippetTests {

	private static final String RELEASE = "nats-server-v2.15.1-linux-amd64";

	@TempDir
	private Path folder;

	private Path releases;

	@BeforeEach
	void release() throws Exception {
		this.releases = Files.createDirectories(this.folder.resolve("releases/" + RELEASE)).getParent();
		Files.writeString(this.releases.resolve(RELEASE + "/nats-server"), "#!/bin/sh\necho 'nats-server: v2.15.1'\n")
			.toFile()
			.setExecutable(true);
		assertThat(run(this.releases, "tar czf %1$s.tar.gz %1$s && sha256sum *.gz > SHA256SUMS".formatted(RELEASE)))
			.isZero();
		// Each of its URLs follows a -O
		Path curl = Files.writeString(Files.createDirectory(this.folder.resolve("bin")).resolve("curl"), """
				#!/bin/sh
				for argument; do
					case $argument in https://github.com/nats-io/nats-server/releases/download/v2.15.1/*)
						cp "%s/${argument##*/}" . || exit 22
					esac
				done
				""".formatted(this.releases));
		assertThat(curl.toFile().setExecutable(true)).isTrue();
	}

	@Test
	void theServerIsFetchedAndItsPathIsKnownToTheNextSteps() throws Exception {
		assertThat(runFirstStep()).isZero();
		String[] variable = Files.readString(this.folder.resolve("environment")).strip().split("=");
		assertThat(variable[0]).isEqualTo("NATS_SERVER_PATH");
		assertThat(Path.of(variable[1])).isExecutable();
	}

	@Test
	void anotherProgramIsRefused() throws Exception {
		assertThat(run(this.releases, "echo other > other && tar czf %s.tar.gz other".formatted(RELEASE))).isZero();
		assertThat(runFirstStep()).isNotZero();
		assertThat(this.folder.resolve("environment")).doesNotExist();
	}

	@SuppressWarnings("unchecked")
	private int runFirstStep() throws Exception {
		List<Map<String, String>> steps = (List<Map<String, String>>) new Yaml().load(Snippets.text("ci.yml", "steps"));
		assertThat(steps).last().isEqualTo(Map.of("run", "mvn -B verify"));
		return run(Files.createDirectory(this.folder.resolve("work")), steps.get(0).get("run"));
	}

	// As GitHub runs it
	private int run(Path directory, String script) throws IOException, InterruptedException {
		ProcessBuilder process = new ProcessBuilder("bash", "-e", "-c", script).directory(directory.toFile())
			.inheritIO();
		process.environment().put("GITHUB_ENV", this.folder.resolve("environment").toString());
		process.environment().merge("PATH", this.folder.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
		return process.start().waitFor();
	}

}
