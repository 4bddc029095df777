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
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.jetstreamspring.messaging.Durations;

import org.springframework.util.Assert;

/**
 * One run of a nats-server, from its start to its end.
 */
final class NatsServerProcess {

	private static final Path SETSID = Path.of("/usr/bin/setsid");

	private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	private static final long POLL_MILLIS = 5;

	private static final int TAIL_LINES = 20;

	private final Process process;

	private boolean paused;

	private NatsServerProcess(Process process) {
		this.process = process;
	}

	/**
	 * Starts a server and waits until it serves clients. A standalone server opens its
	 * port when JetStream has recovered, so it answers from then on.
	 * @param executable the program
	 * @param configurationFile its configuration
	 * @param logFile where its output is appended
	 * @param directory what to delete if this JVM ends before the server
	 * @return the running server
	 * @throws PortInUseException if another process listens on the port
	 */
	static NatsServerProcess start(NatsServerExecutable executable, Path configurationFile, Path logFile,
			Path directory) throws PortInUseException {
		try {
			File log = logFile.toFile();
			long logStart = log.length();
			Process process = new ProcessBuilder(command(executable, configurationFile)).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(log))
				.start();
			NatsServerGuard.guard(process, directory);
			NatsServerProcess server = new NatsServerProcess(process);
			server.awaitReady(log, logStart);
			return server;
		}
		catch (IOException ex) {
			throw new IllegalStateException(
					"nats-server '" + executable.path() + "' can't be started: " + ex.getMessage(), ex);
		}
	}

	// Ctrl-C goes to every process of the terminal's session. A server in a session of
	// its own is still there while the application finishes its work.
	private static List<String> command(NatsServerExecutable executable, Path configurationFile) {
		Stream<String> session = Files.isExecutable(SETSID) ? Stream.of(SETSID.toString()) : Stream.empty();
		return Stream.concat(session, Stream.of(executable.path().toString(), "--config", configurationFile.toString()))
			.toList();
	}

	// The log tells, not a connection: the port may belong to another server, and
	// where TLS comes first a plain connection sees nothing.
	private void awaitReady(File log, long logStart) throws IOException, PortInUseException {
		long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
		while (true) {
			boolean exited = awaitExit(POLL_MILLIS);
			String output = read(log, logStart);
			if (!exited && output.contains("Server is ready")) {
				return;
			}
			if (exited && output.contains("Error listening on port")) {
				throw new PortInUseException(tail(output));
			}
			if (exited) {
				throw new IllegalStateException(
						"nats-server ended with exit code " + this.process.exitValue() + ":\n" + tail(output));
			}
			if (System.nanoTime() - deadline > 0) {
				kill();
				throw new IllegalStateException(
						"nats-server is not ready after " + Durations.text(START_TIMEOUT) + ":\n" + tail(output));
			}
		}
	}

	long pid() {
		return this.process.pid();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	void pause() {
		signal("STOP");
		this.paused = true;
		long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
		// Its threads go on for a while, and may answer
		while (!isHalted() && System.nanoTime() - deadline < 0) {
			awaitExit(POLL_MILLIS);
		}
	}

	// Where there is no /proc, nothing tells
	private boolean isHalted() {
		Path threads = Path.of("/proc", Long.toString(pid()), "task");
		try (Stream<Path> all = Files.isDirectory(threads) ? Files.list(threads) : Stream.empty()) {
			return all.allMatch(NatsServerProcess::isHalted);
		}
		catch (IOException | UncheckedIOException ex) {
			// A thread has ended meanwhile
			return false;
		}
	}

	// The state comes after the name, which may hold anything
	private static boolean isHalted(Path thread) {
		try {
			String status = Files.readString(thread.resolve("stat"));
			return status.startsWith(") T", status.lastIndexOf(')'));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void resume() {
		if (this.paused) {
			signal("CONT");
			this.paused = false;
		}
	}

	private void signal(String name) {
		if (!Files.isExecutable(NatsServerGuard.SHELL)) {
			throw new UnsupportedOperationException("A process can't be halted on this system");
		}
		try {
			Process shell = new ProcessBuilder(NatsServerGuard.SHELL.toString(), "-c", "kill -" + name + " " + pid())
				.inheritIO()
				.start();
			Assert.state(shell.waitFor() == 0, () -> "nats-server, process " + pid() + ", takes no signal");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while sending a signal to nats-server", ex);
		}
	}

	void stop() {
		if (this.process.isAlive()) {
			// One that is halted would not notice
			resume();
		}
		this.process.destroy();
		if (!awaitExit(STOP_TIMEOUT.toMillis())) {
			kill();
		}
	}

	void kill() {
		this.process.destroyForcibly();
		awaitExit(STOP_TIMEOUT.toMillis());
	}

	private boolean awaitExit(long millis) {
		try {
			return this.process.waitFor(millis, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for nats-server, which was killed", ex);
		}
	}

	private static String read(File log, long start) throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(log, "r")) {
			byte[] content = new byte[(int) (file.length() - start)];
			file.seek(start);
			file.readFully(content);
			return new String(content, StandardCharsets.UTF_8);
		}
	}

	private static String tail(String output) {
		List<String> lines = output.lines().toList();
		return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
	}

	/**
	 * Another process listens on the port.
	 */
	static final class PortInUseException extends Exception {

		private static final long serialVersionUID = 1L;

		PortInUseException(String message) {
			super(message);
		}

	}

}
