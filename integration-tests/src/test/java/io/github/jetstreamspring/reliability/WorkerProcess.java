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

package io.github.jetstreamspring.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.jetstreamspring.test.JavaProcess;

/**
 * A JVM that runs the {@link WorkerApplication}.
 */
final class WorkerProcess implements AutoCloseable {

	private final Process process;

	private final Path log;

	private WorkerProcess(Process process, Path log) {
		this.process = process;
		this.log = log;
	}

	static WorkerProcess start(String serverUrl, Path directory, String... arguments) throws IOException {
		Path log = Files.createTempFile(directory, "worker", ".log");
		List<String> all = new ArrayList<>(
				List.of("--jetstream.servers=" + serverUrl, "--spring.main.banner-mode=off"));
		all.addAll(List.of(arguments));
		return new WorkerProcess(JavaProcess.start(WorkerApplication.class, log, List.of(), all.toArray(String[]::new)),
				log);
	}

	/**
	 * Asks the JVM to end, as a container platform does.
	 */
	void terminate() {
		this.process.destroy();
	}

	void kill() {
		this.process.destroyForcibly();
	}

	/**
	 * Stops the JVM in its tracks, as a host does that swaps or migrates.
	 */
	void freeze() throws Exception {
		signal("STOP");
	}

	void thaw() throws Exception {
		signal("CONT");
	}

	private void signal(String name) throws Exception {
		new ProcessBuilder("kill", "-" + name, Long.toString(this.process.pid())).start().waitFor();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	String log() throws IOException {
		return Files.readString(this.log);
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
