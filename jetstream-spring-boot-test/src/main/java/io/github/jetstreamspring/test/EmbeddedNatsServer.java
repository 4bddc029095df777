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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.FileSystemUtils;

/**
 * A real nats-server in a process of its own, for tests and samples. It listens on the
 * loopback interface, logs to a file, and ends with the JVM at the latest, even when the
 * JVM is killed.
 * <p>
 * The program is found, in this order, by {@link Builder#executable(Path)}, the system
 * property {@code nats-server.path}, the environment variable {@code NATS_SERVER_PATH},
 * and on the {@code PATH}.
 * <p>
 * Methods can be called from any thread.
 *
 * @since 0.1.0
 */
// Not on io.nats:jnats-server-runner: it has neither a process id nor a kill, a restart,
// a log file, an end with the JVM or a store folder of its own; and it picks a port by
// opening and closing it, which two JVMs can do at the same time.
public final class EmbeddedNatsServer implements AutoCloseable {

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

	private EmbeddedNatsServer(Builder builder) {
		this.executable = NatsServerExecutable.find(builder.executable);
		this.directory = createDirectory();
		Path store = (builder.storeDirectory != null) ? builder.storeDirectory : this.directory.resolve("store");
		this.configuration = new NatsServerConfiguration(store.toAbsolutePath(), builder.jetStream,
				List.copyOf(builder.configuration));
		try {
			launch(builder.port);
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Starts a server with JetStream on a free port, whose data is deleted when it is
	 * closed.
	 * @return the running server
	 * @throws IllegalStateException if there is no nats-server program, or it doesn't
	 * start
	 */
	public static EmbeddedNatsServer start() {
		return builder().start();
	}

	/**
	 * Returns a builder for a server with other settings.
	 * @return a new builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Returns the URL that clients connect to.
	 * @return a URL such as {@code nats://127.0.0.1:20123}
	 */
	public String url() {
		return "nats://127.0.0.1:" + port();
	}

	/**
	 * Returns the port the server listens on. It stays the same across restarts.
	 * @return the port
	 */
	public synchronized int port() {
		return this.port;
	}

	/**
	 * Returns the version of the server.
	 * @return a version such as {@code 2.12.1}
	 */
	public String version() {
		return this.executable.version();
	}

	/**
	 * Returns the id of the server's process.
	 * @return the process id
	 * @throws IllegalStateException if the server is not running
	 */
	public synchronized long pid() {
		Assert.state(this.process != null && this.process.isAlive(),
				"nats-server on port " + this.port + " is not running and has no process id: call restart() first");
		return this.process.pid();
	}

	/**
	 * Returns whether the server's process is alive.
	 * @return {@code true} until the server is stopped, killed or closed, or ends by
	 * itself
	 */
	public synchronized boolean isRunning() {
		return this.process != null && this.process.isAlive();
	}

	/**
	 * Returns the file that holds everything the server has printed since its first
	 * start. It is deleted when the server is closed.
	 * @return the log file
	 */
	public Path logFile() {
		return this.directory.resolve("nats-server.log");
	}

	/**
	 * Stops the server as an administrator would, and waits for its end. Its data is
	 * kept. Does nothing if the server is not running.
	 */
	public synchronized void stop() {
		if (this.process != null) {
			this.process.stop();
		}
	}

	/**
	 * Kills the server without a chance to tidy up, and waits for its end. Its data is
	 * kept. Does nothing if the server is not running.
	 */
	public synchronized void kill() {
		if (this.process != null) {
			this.process.kill();
		}
	}

	/**
	 * Starts the server again, on the same port and with the same data. A running server
	 * is stopped first.
	 * @throws IllegalStateException if the server is closed, or doesn't start
	 */
	public synchronized void restart() {
		Assert.state(!this.closed, "nats-server on port " + this.port
				+ " is closed and its data may be deleted: start another one instead of restarting it");
		stop();
		launch(this.port);
	}

	/**
	 * Stops the server and deletes its files, except those in a store directory that was
	 * given to the builder.
	 */
	@Override
	public synchronized void close() {
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

	@Override
	public String toString() {
		return "EmbeddedNatsServer[" + url() + "]";
	}

	/**
	 * Builder for an {@link EmbeddedNatsServer}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private int port;

		private @Nullable Path storeDirectory;

		private final List<String> configuration = new ArrayList<>();

		private boolean jetStream = true;

		private @Nullable Path executable;

		private Builder() {
		}

		/**
		 * Sets the port to listen on.
		 * @param port the port, or 0 (the default) for a free one
		 * @return this builder
		 */
		public Builder port(int port) {
			Assert.isTrue(port >= 0 && port <= 65_535, () -> "'port' must be between 0 and 65535, not " + port);
			this.port = port;
			return this;
		}

		/**
		 * Sets the directory for JetStream's data, which is kept when the server is
		 * closed. The default is a temporary one.
		 * @param storeDirectory the directory, created when it is missing
		 * @return this builder
		 */
		public Builder storeDirectory(Path storeDirectory) {
			this.storeDirectory = storeDirectory;
			return this;
		}

		/**
		 * Adds lines to the server's configuration file, as they are. A {@code jetstream}
		 * block can set limits, but not a store directory: that is
		 * {@link #storeDirectory(Path)}.
		 * @param lines lines such as
		 * <code>authorization { user: app, password: secret }</code>
		 * @return this builder
		 */
		public Builder config(String... lines) {
			this.configuration.addAll(List.of(lines));
			return this;
		}

		/**
		 * Switches JetStream off.
		 * @return this builder
		 */
		public Builder withoutJetStream() {
			this.jetStream = false;
			return this;
		}

		/**
		 * Sets the nats-server program to run.
		 * @param executable the program
		 * @return this builder
		 */
		public Builder executable(Path executable) {
			this.executable = executable;
			return this;
		}

		/**
		 * Starts the server and waits until it serves clients.
		 * @return the running server
		 * @throws IllegalStateException if there is no nats-server program, the port is
		 * in use, or the server doesn't start; the message ends with what it logged
		 */
		public EmbeddedNatsServer start() {
			return new EmbeddedNatsServer(this);
		}

	}

}
