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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A MariaDB of this machine's packages, of its own, to which the drivers of MariaDB and
 * of MySQL may connect.
 */
public final class MariaDatabase implements AutoCloseable {

	private static final Path SERVER = Path.of("/usr/sbin/mariadbd");

	private final Path folder = Files.createTempDirectory("outbox-tests");

	private final int port;

	private final DatabaseProcess process;

	private MariaDatabase() throws Exception {
		String user = System.getProperty("user.name");
		Path data = this.folder.resolve("data");
		int status = new ProcessBuilder("mariadb-install-db", "--no-defaults", "--datadir=" + data, "--user=" + user,
				"--auth-root-authentication-method=normal", "--skip-test-db")
			.directory(new File("/"))
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start()
			.waitFor();
		if (status != 0) {
			throw new IllegalStateException("mariadb-install-db has ended with " + status);
		}
		this.port = DatabaseProcess.freePort();
		this.process = DatabaseProcess.start(this.folder,
				List.of(SERVER.toString(), "--no-defaults", "--datadir=" + data, "--user=" + user,
						"--port=" + this.port, "--bind-address=127.0.0.1", "--socket=" + this.folder.resolve("socket"),
						"--innodb-flush-log-at-trx-commit=0"),
				url("mariadb"));
	}

	/**
	 * Starts a database.
	 * @return the database, or nothing if this machine has no MariaDB
	 */
	public static Optional<MariaDatabase> start() throws Exception {
		return Files.isExecutable(SERVER) ? Optional.of(new MariaDatabase()) : Optional.empty();
	}

	/**
	 * Returns where it is.
	 * @param driver {@code mariadb} or {@code mysql}
	 */
	public String url(String driver) {
		return "jdbc:%s://127.0.0.1:%d/%s?user=root&createDatabaseIfNotExist=true".formatted(driver, this.port,
				driver + "_jobs");
	}

	@Override
	public void close() {
		this.process.close();
	}

}
