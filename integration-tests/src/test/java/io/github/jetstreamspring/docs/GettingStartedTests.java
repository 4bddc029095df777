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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Does what the page for beginners says: its files and commands, exactly as written, in a
 * folder outside the project.
 */
class GettingStartedTests {

	private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

	private static final String REPOSITORY = "https://github.com/jetstreamspring/jetstream-spring-boot.git";

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private static final int NATS_PORT = 4222;

	private static final int MAX_LINES = 25;

	private static final Pattern STEP = Pattern.compile("<!-- (run|file: \\S+) -->\n```\\w+\n(.*?)```", Pattern.DOTALL);

	@TempDir
	private Path folder;

	private Path home;

	@BeforeEach
	void prepare() throws Exception {
		assumeTrue(Files.exists(ROOT.resolve(".git")), "What is cloned is this checkout, which has no .git");
		assumeTrue(isFree(NATS_PORT), "Port 4222 is taken, and the page uses the server's default");
		this.home = Files.createDirectory(this.folder.resolve("home"));
		linkRepository(this.home.resolve(".m2/repository"));
		Files.createDirectory(this.folder.resolve("work"));
	}

	@Test
	void theFirstJobIsHandledByAFewLines() throws Exception {
		String page = Files.readString(ROOT.resolve("docs/getting-started.md"));
		List<MatchResult> steps = STEP.matcher(page).results().toList();
		assertThat(steps).hasSizeGreaterThan(4);
		// Ends what it has started when it ends itself
		StringBuilder script = new StringBuilder("set -e\ntrap 'kill $(jobs -p)' EXIT\n");
		for (MatchResult step : steps) {
			if (step.group(1).equals("run")) {
				script.append(step.group(2));
			}
			else {
				write(step.group(1).substring("file: ".length()), step.group(2));
			}
		}
		assertThat(lines(steps)).isLessThanOrEqualTo(MAX_LINES);
		Path log = this.folder.resolve("log");
		Process process = start(script.toString(), log);
		try {
			await().atMost(PATIENCE)
				.until(() -> !process.isAlive()
						|| Files.readString(log).contains("Charged Order[id=o-1, cents=995]\n"));
			assertThat(Files.readString(log)).contains("Charged Order[id=o-1, cents=995]\n");
		}
		finally {
			List<ProcessHandle> started = process.descendants().toList();
			process.destroy();
			started.forEach(ProcessHandle::destroy);
			started.forEach((descendant) -> descendant.onExit().join());
			process.waitFor();
		}
	}

	private static long lines(List<MatchResult> steps) {
		return steps.stream()
			.filter((step) -> step.group(1).endsWith(".java") || step.group(1).endsWith(".yml"))
			.flatMap((step) -> step.group(2).lines())
			.filter((line) -> !line.isBlank())
			.count();
	}

	private void write(String file, String content) throws IOException {
		Path path = this.folder.resolve("work").resolve(file);
		Files.createDirectories(path.getParent());
		Files.writeString(path, content);
	}

	private Process start(String script, Path log) throws IOException {
		ProcessBuilder builder = new ProcessBuilder("bash", "-c", script)
			.directory(this.folder.resolve("work").toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile());
		// What is cloned is this checkout, and what is installed stays in the folder
		builder.environment()
			.putAll(Map.of("GIT_CONFIG_COUNT", "2", "GIT_CONFIG_KEY_0", "url." + ROOT.toUri() + ".insteadOf",
					"GIT_CONFIG_VALUE_0", REPOSITORY, "GIT_CONFIG_KEY_1", "safe.directory", "GIT_CONFIG_VALUE_1", "*",
					"JAVA_HOME", System.getProperty("java.home"), "MAVEN_OPTS",
					"-Dmaven.repo.local=" + this.home.resolve(".m2/repository")));
		return builder.start();
	}

	// What this build has loaded needn't be loaded once more
	private static void linkRepository(Path target) throws IOException {
		Path source = Path
			.of(System.getProperty("localRepository", System.getProperty("user.home") + "/.m2/repository"));
		Files.createDirectories(target);
		if (!Files.isDirectory(source)) {
			return;
		}
		Files.walkFileTree(source, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
				if (folder.endsWith("io/github/jetstreamspring")) {
					return FileVisitResult.SKIP_SUBTREE;
				}
				Files.createDirectories(target.resolve(source.relativize(folder)));
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
				Path link = target.resolve(source.relativize(file));
				// Maven appends to its own small files, which are none to share
				if (attributes.size() > 10_000) {
					try {
						Files.createLink(link, file);
						return FileVisitResult.CONTINUE;
					}
					catch (IOException | UnsupportedOperationException ex) {
						// On another disk
					}
				}
				Files.copy(file, link);
				return FileVisitResult.CONTINUE;
			}

		});
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket()) {
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
