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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

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

	private final NatsServerInstance instance;

	private final @Nullable NatsAccount account;

	private EmbeddedNatsServer(NatsServerInstance instance, @Nullable NatsAccount account) {
		this.instance = instance;
		this.account = account;
	}

	/**
	 * Returns a view of a server for those who share it with others.
	 * @param instance the server
	 * @param account what they have for themselves
	 */
	static EmbeddedNatsServer shared(NatsServerInstance instance, NatsAccount account) {
		return new EmbeddedNatsServer(instance, account);
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
	 * @return a URL such as {@code nats://127.0.0.1:20123}; that of a shared server has
	 * the user and password of an account in it
	 */
	public String url() {
		String login = (this.account != null) ? this.account.user() + ":" + this.account.password() + "@" : "";
		return "nats://" + login + "127.0.0.1:" + port();
	}

	/**
	 * Returns the port the server listens on. It stays the same across restarts.
	 * @return the port
	 */
	public int port() {
		return this.instance.port();
	}

	/**
	 * Returns the version of the server.
	 * @return a version such as {@code 2.12.1}
	 */
	public String version() {
		return this.instance.version();
	}

	/**
	 * Returns the id of the server's process.
	 * @return the process id
	 * @throws IllegalStateException if the server is not running
	 */
	public long pid() {
		return this.instance.pid();
	}

	/**
	 * Returns whether the server's process is alive.
	 * @return {@code true} until the server is stopped, killed or closed, or ends by
	 * itself
	 */
	public boolean isRunning() {
		return this.instance.isRunning();
	}

	/**
	 * Returns the file that holds everything the server has printed since its first
	 * start. It is deleted when the server is closed.
	 * @return the log file
	 */
	public Path logFile() {
		return this.instance.logFile();
	}

	/**
	 * Stops the server as an administrator would, and waits for its end. Its data is
	 * kept. Does nothing if the server is not running.
	 * @throws IllegalStateException if the server is shared with other tests
	 */
	public void stop() {
		own("stop").stop();
	}

	/**
	 * Kills the server without a chance to tidy up, and waits for its end. Its data is
	 * kept. Does nothing if the server is not running.
	 * @throws IllegalStateException if the server is shared with other tests
	 */
	public void kill() {
		own("kill").kill();
	}

	/**
	 * Starts the server again, on the same port and with the same data. A running server
	 * is stopped first.
	 * @throws IllegalStateException if the server is closed or shared with other tests,
	 * or doesn't start
	 */
	public void restart() {
		own("restart").restart();
	}

	/**
	 * Halts the server's process: its connections stay open, but nobody answers, as with
	 * a machine that hangs. On Linux nothing is answered any more when this returns.
	 * @throws IllegalStateException if the server is not running, or is shared with other
	 * tests
	 * @throws UnsupportedOperationException on Windows, which can't do that
	 */
	public void pause() {
		own("pause").pause();
	}

	/**
	 * Lets a halted server go on. Does nothing if it isn't halted.
	 * @throws IllegalStateException if the server is not running, or is shared with other
	 * tests
	 * @throws UnsupportedOperationException on Windows, which can't do that
	 */
	public void resume() {
		own("resume").resume();
	}

	/**
	 * Stops the server and deletes its files, except those in a store directory that was
	 * given to the builder. A server that is shared with other tests goes on.
	 */
	@Override
	public void close() {
		if (this.account == null) {
			this.instance.close();
		}
	}

	@Nullable NatsAccount account() {
		return this.account;
	}

	private NatsServerInstance own(String method) {
		Assert.state(this.account == null, () -> method
				+ "() would disturb the other tests that share this nats-server: '@EmbeddedNats(shared = false)' gives one of its own");
		return this.instance;
	}

	@Override
	public String toString() {
		return "EmbeddedNatsServer[nats://127.0.0.1:" + port() + "]";
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
			return new EmbeddedNatsServer(new NatsServerInstance(NatsServerExecutable.find(this.executable), this.port,
					this.storeDirectory, this.jetStream, this.configuration), null);
		}

	}

}
