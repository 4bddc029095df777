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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import org.springframework.util.FileSystemUtils;

import static org.awaitility.Awaitility.await;

/**
 * A process that serves a database in a folder, both of which are gone afterwards.
 */
final class DatabaseProcess implements AutoCloseable {

	private final Path folder;

	private final Process process;

	private DatabaseProcess(Path folder, Process process) {
		this.folder = folder;
		this.process = process;
	}

	/**
	 * Starts a process.
	 * @param folder its folder
	 * @param command what to start
	 * @param url where to connect, which can be done when this returns
	 */
	static DatabaseProcess start(Path folder, List<String> command, String url) throws IOException {
		Process process = new ProcessBuilder(command).directory(folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
		await().atMost(Duration.ofMinutes(2)).ignoreExceptionsInstanceOf(SQLException.class).until(() -> {
			if (!process.isAlive()) {
				throw new IllegalStateException("%s has ended with %d".formatted(command, process.exitValue()));
			}
			DriverManager.getConnection(url).close();
			return true;
		});
		return new DatabaseProcess(folder, process);
	}

	/**
	 * Returns a free port. To be called as late as possible, as nobody keeps it free.
	 */
	static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	@Override
	public void close() {
		this.process.destroy();
		try {
			this.process.waitFor();
			FileSystemUtils.deleteRecursively(this.folder);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
