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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.FileSystemUtils;

/**
 * A nats-server with its files, which can be stopped and started again.
 */
final class NatsServerInstance {

	// Below the ports that systems lend to outgoing connections: a client that reconnects
	// could else be lent the port of the very server it waits for.
	private static final int FIRST_PORT = 20_000;

	private static final int LAST_PORT = 32_000;

	private static final int PORT_ATTEMPTS = 20;

	private final NatsServerExecutable executable;

	private final NatsServerConfiguration configuration;

	private final Path directory;

	private int port;

	private @Nullable NatsServerProcess process;

	private boolean closed;

	/**
	 * Starts a server.
	 * @param executable the program
	 * @param port the port, or 0 for a free one
	 * @param storeDirectory where its data is kept, or {@code null} for a temporary
	 * directory
	 * @param jetStream whether JetStream is on
	 * @param lines further lines of its configuration
	 */
	NatsServerInstance(NatsServerExecutable executable, int port, @Nullable Path storeDirectory, boolean jetStream,
			List<String> lines) {
		this.executable = executable;
		this.directory = createDirectory();
		Path store = (storeDirectory != null) ? storeDirectory : this.directory.resolve("store");
		this.configuration = new NatsServerConfiguration(store.toAbsolutePath(), jetStream, List.copyOf(lines));
		try {
			launch(port);
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	synchronized int port() {
		return this.port;
	}

	String version() {
		return this.executable.version();
	}

	synchronized long pid() {
		return running().pid();
	}

	synchronized boolean isRunning() {
		return this.process != null && this.process.isAlive();
	}

	Path logFile() {
		return this.directory.resolve("nats-server.log");
	}

	synchronized void stop() {
		if (this.process != null) {
			this.process.stop();
		}
	}

	synchronized void kill() {
		if (this.process != null) {
			this.process.kill();
		}
	}

	synchronized void pause() {
		running().pause();
	}

	synchronized void resume() {
		running().resume();
	}

	synchronized void restart() {
		Assert.state(!this.closed, () -> "nats-server on port " + this.port
				+ " is closed and its data may be deleted: start another one instead of restarting it");
		stop();
		launch(this.port);
	}

	synchronized void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		try {
			stop();
		}
		finally {
			delete(this.directory);
		}
	}

	private NatsServerProcess running() {
		NatsServerProcess current = this.process;
		Assert.state(current != null && current.isAlive(),
				() -> "nats-server on port " + this.port + " is not running and has no process: call restart() first");
		return current;
	}

	private synchronized void launch(int wantedPort) {
		for (int attempt = 1;; attempt++) {
			this.port = (wantedPort != 0) ? wantedPort : ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
			try {
				Path file = Files.writeString(this.directory.resolve("nats-server.conf"),
						this.configuration.render(this.port));
				this.process = NatsServerProcess.start(this.executable, file, logFile(), this.directory);
				return;
			}
			catch (NatsServerProcess.PortInUseException ex) {
				if (wantedPort != 0 || attempt == PORT_ATTEMPTS) {
					throw new IllegalStateException("nats-server can't listen on port " + this.port
							+ ": end the process that does, or choose another port.\n" + ex.getMessage(), ex);
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	private static Path createDirectory() {
		try {
			return Files.createTempDirectory("nats-server-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void delete(Path directory) {
		try {
			FileSystemUtils.deleteRecursively(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
