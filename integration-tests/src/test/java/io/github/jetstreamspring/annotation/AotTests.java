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

package io.github.jetstreamspring.annotation;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.JavaProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplicationAotProcessor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications whose beans are made ahead of time, on the JVM.
 */
@EmbeddedNats
class AotTests {

	@TempDir
	private Path folder;

	@Test
	void whenAnApplicationIsProcessedAheadOfTimeThenEveryKindOfListenerWorks(EmbeddedNatsServer server)
			throws Exception {
		Path sources = this.folder.resolve("sources");
		Path resources = this.folder.resolve("resources");
		Path classes = this.folder.resolve("classes");
		// Without a server, as a build has none
		assertThat(run(SpringApplicationAotProcessor.class, List.of(), AotApplication.class.getName(),
				sources.toString(), resources.toString(), classes.toString(), "example", "application"))
			.doesNotContain("Exception");
		compile(sources, classes);
		String classPath = String.join(File.pathSeparator, classes.toString(), resources.toString(),
				System.getProperty("java.class.path"));
		assertThat(run(AotApplication.class, List.of("-Dspring.aot.enabled=true", "-cp", classPath),
				"--jetstream.servers=" + server.url()))
			.contains(AotApplication.DONE + ", ahead of time");
		assertHints(resources);
	}

	// A native image is made by these alone
	private static void assertHints(Path resources) throws IOException {
		String hints;
		try (Stream<Path> files = Files.walk(resources)) {
			hints = Files.readString(
					files.filter((file) -> file.endsWith("reachability-metadata.json")).findFirst().orElseThrow());
		}
		assertThat(hints).contains("AotApplication$Job\"", "AotApplication$Done\"", "AotApplication$Circle\"",
				"AotApplication$Square\"", "AotApplication$Methods\"", "AotApplication$ListenerClass\"");
	}

	private String run(Class<?> application, List<String> options, String... arguments) throws Exception {
		Path log = this.folder.resolve(application.getSimpleName() + ".log");
		Process process = JavaProcess.start(application, log, options, arguments);
		try {
			assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
			assertThat(process.exitValue()).as(() -> read(log)).isZero();
		}
		finally {
			process.destroyForcibly();
		}
		return read(log);
	}

	private static String read(Path log) {
		try {
			return Files.readString(log);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void compile(Path sources, Path classes) throws IOException {
		List<String> arguments = new ArrayList<>(
				List.of("-proc:none", "-nowarn", "-parameters", "-d", Files.createDirectories(classes).toString(),
						"-cp", System.getProperty("java.class.path") + File.pathSeparator + classes));
		try (Stream<Path> files = Files.walk(sources)) {
			files.map(Path::toString).filter((file) -> file.endsWith(".java")).forEach(arguments::add);
		}
		assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
			.isZero();
	}

}
