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

package io.github.jetstreamspring.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * An application in a JVM of its own, which is of the same kind as this one. It prints
 * figures, and takes commands on its standard input.
 */
final class ApplicationProcess implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	private static final int KEPT_LINES = 50;

	private final Process process;

	private final Writer commands;

	private final BlockingQueue<Figures> figures = new LinkedBlockingQueue<>();

	// What it printed last, to say why it failed
	private final Deque<String> lines = new ArrayDeque<>();

	private ApplicationProcess(Process process) {
		this.process = process;
		this.commands = process.outputWriter(StandardCharsets.UTF_8);
		Thread reader = new Thread(this::read, "application output");
		reader.setDaemon(true);
		reader.start();
	}

	/**
	 * Starts an application.
	 * @param classPath what to run
	 * @param options the JVM's options
	 * @param main the application's class
	 * @param arguments its arguments
	 * @return the application, which is starting
	 */
	static ApplicationProcess start(String classPath, List<String> options, Class<?> main, String... arguments)
			throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(options);
		int started = command.size();
		command.addAll(List.of("-cp", classPath, main.getName()));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
		command.add(started, "-D" + Vitals.STARTED + "=" + Vitals.micros());
		return new ApplicationProcess(builder.start());
	}

	private void read() {
		try (BufferedReader reader = this.process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				Figures parsed = Figures.parse(line);
				if (parsed != null) {
					this.figures.add(parsed);
				}
				keep(line);
			}
		}
		catch (IOException ex) {
			keep(ex.toString());
		}
	}

	private synchronized void keep(String line) {
		this.lines.addLast(line);
		if (this.lines.size() > KEPT_LINES) {
			this.lines.removeFirst();
		}
	}

	/**
	 * Sends a command.
	 * @param command the command, a line
	 */
	void tell(String command) throws IOException {
		this.commands.write(command + System.lineSeparator());
		this.commands.flush();
	}

	/**
	 * Waits for the next figures.
	 * @return the figures
	 */
	Figures figures() throws InterruptedException {
		long end = System.nanoTime() + TIMEOUT.toNanos();
		while (System.nanoTime() < end) {
			boolean alive = this.process.isAlive();
			@Nullable Figures next = this.figures.poll(alive ? 100 : 1000, TimeUnit.MILLISECONDS);
			if (next != null) {
				return next;
			}
			if (!alive) {
				break;
			}
		}
		throw new IllegalStateException("The application has no figures; it printed:\n" + printed());
	}

	private synchronized String printed() {
		return String.join("\n", this.lines);
	}

	/**
	 * Waits until the application has ended by itself.
	 */
	void awaitEnd() throws InterruptedException {
		if (!this.process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS) || this.process.exitValue() != 0) {
			throw new IllegalStateException("The application didn't end as it should; it printed:\n" + printed());
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
