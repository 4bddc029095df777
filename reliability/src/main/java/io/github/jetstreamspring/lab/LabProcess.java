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

package io.github.jetstreamspring.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of the lab.
 */
final class LabProcess implements AutoCloseable {

	private static final long END_SECONDS = 60;

	// What a JVM ends with after SIGTERM
	private static final int TERMINATED = 128 + 15;

	private static final Set<LabProcess> started = ConcurrentHashMap.newKeySet();

	private final String actor;

	private final Process process;

	private final Path log;

	private LabProcess(String actor, Process process, Path log) {
		this.actor = actor;
		this.process = process;
		this.log = log;
	}

	static LabProcess start(Class<?> application, Path folder, String actor, List<String> arguments) {
		return start(application, folder, actor, arguments, Map.of());
	}

	static LabProcess start(Class<?> application, Path folder, String actor, List<String> arguments,
			Map<String, String> environment) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "-Xmx128m", "-cp", System.getProperty("java.class.path"),
						application.getName(), "--lab.folder=" + folder, "--lab.actor=" + actor));
		command.addAll(arguments);
		Path log = folder.resolve(actor + ".log");
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
		builder.environment().putAll(environment);
		try {
			LabProcess process = new LabProcess(actor, builder.start(), log);
			started.add(process);
			return process;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Kills all of a run that have not ended.
	 * @param folder the folder of the run
	 */
	static void killAll(Path folder) {
		started.stream().filter((process) -> process.log.startsWith(folder)).forEach(LabProcess::close);
		started.removeIf((process) -> process.log.startsWith(folder));
	}

	String actor() {
		return this.actor;
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Ends its standard input, and waits until it has ended itself.
	 */
	void finish() throws Exception {
		this.process.getOutputStream().close();
		awaitEnd();
	}

	/**
	 * Asks it to end, as a container platform does, and waits.
	 */
	void terminate() throws Exception {
		askToEnd();
		awaitEnd();
		if (this.process.exitValue() != TERMINATED) {
			throw new IllegalStateException("%s did not end by itself, but with %d: %s".formatted(this.actor,
					this.process.exitValue(), this.log));
		}
	}

	// Java's own way closes the standard input as well, and the process would be gone
	// before it can stop in order
	void askToEnd() throws Exception {
		signal("TERM");
	}

	void kill() throws Exception {
		this.process.destroyForcibly();
		awaitEnd();
	}

	void freeze() throws Exception {
		signal("STOP");
	}

	void thaw() throws Exception {
		signal("CONT");
	}

	void awaitEnd() throws Exception {
		if (!this.process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
			this.process.destroyForcibly();
			throw new IllegalStateException(this.actor + " doesn't end: " + this.log);
		}
	}

	private void signal(String name) throws Exception {
		new ProcessBuilder("kill", "-" + name, Long.toString(this.process.pid())).start().waitFor();
	}

	String log() throws IOException {
		return Files.readString(this.log);
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
