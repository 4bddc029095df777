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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * A PostgreSQL of its own: of this machine's packages, or else in Docker.
 */
public interface Database extends AutoCloseable {

	String url();

	@Override
	void close();

	/**
	 * Starts a database.
	 * @return the database, or nothing if this machine has neither PostgreSQL nor Docker
	 */
	static Optional<Database> start() throws Exception {
		Optional<Path> binaries = binaries();
		if (binaries.isPresent()) {
			return Optional.of(new LocalDatabase(binaries.get()));
		}
		return DockerClientFactory.instance().isDockerAvailable() ? Optional.of(new DatabaseContainer())
				: Optional.empty();
	}

	// Debian keeps all but psql off the path
	private static Optional<Path> binaries() throws IOException {
		Path debian = Path.of("/usr/lib/postgresql");
		List<Path> folders = new ArrayList<>();
		if (Files.isDirectory(debian)) {
			try (Stream<Path> versions = Files.list(debian)) {
				versions.sorted(Comparator.reverseOrder())
					.map((version) -> version.resolve("bin"))
					.forEach(folders::add);
			}
		}
		Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of).forEach(folders::add);
		return folders.stream()
			.filter((folder) -> Files.isExecutable(folder.resolve("initdb"))
					&& Files.isExecutable(folder.resolve("postgres")))
			.findFirst();
	}

	/**
	 * A cluster in a folder that is deleted afterwards. PostgreSQL refuses to run as
	 * root.
	 */
	final class LocalDatabase implements Database {

		private final Path folder = Files.createTempDirectory("outbox-tests");

		private final int port;

		private final DatabaseProcess process;

		LocalDatabase(Path binaries) throws Exception {
			if (isRoot()) {
				run(List.of("chown", "postgres", this.folder.toString()));
			}
			Path data = this.folder.resolve("data");
			run(asUser(binaries.resolve("initdb").toString(), "-D", data.toString(), "-U", "postgres", "-A", "trust",
					"-E", "UTF8", "--no-sync"));
			this.port = DatabaseProcess.freePort();
			this.process = DatabaseProcess.start(this.folder,
					asUser(binaries.resolve("postgres").toString(), "-D", data.toString(), "-p",
							Integer.toString(this.port), "-c", "listen_addresses=127.0.0.1", "-c",
							"unix_socket_directories=" + this.folder, "-c", "fsync=off"),
					url());
		}

		@Override
		public String url() {
			return "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres".formatted(this.port);
		}

		@Override
		public void close() {
			this.process.close();
		}

		private static boolean isRoot() {
			return "root".equals(System.getProperty("user.name"));
		}

		private static List<String> asUser(String... command) {
			List<String> whole = new ArrayList<>();
			if (isRoot()) {
				whole.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
			}
			whole.addAll(List.of(command));
			return whole;
		}

		private void run(List<String> command) throws Exception {
			Path log = this.folder.resolveSibling(this.folder.getFileName() + ".log");
			try {
				int status = new ProcessBuilder(command).directory(new File("/"))
					.redirectErrorStream(true)
					.redirectOutput(log.toFile())
					.start()
					.waitFor();
				if (status != 0) {
					throw new IllegalStateException(command + " has failed: " + Files.readString(log));
				}
			}
			finally {
				Files.deleteIfExists(log);
			}
		}

	}

	/**
	 * The official image.
	 */
	final class DatabaseContainer implements Database {

		private final GenericContainer<?> container = new GenericContainer<>("postgres:17")
			.withEnv("POSTGRES_HOST_AUTH_METHOD", "trust")
			.withExposedPorts(5432)
			.waitingFor(Wait.forLogMessage(".*database system is ready to accept connections.*", 2));

		DatabaseContainer() {
			this.container.start();
		}

		@Override
		public String url() {
			return "jdbc:postgresql://%s:%d/postgres?user=postgres".formatted(this.container.getHost(),
					this.container.getMappedPort(5432));
		}

		@Override
		public void close() {
			this.container.stop();
		}

	}

}
