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
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link EmbeddedNatsServer}.
 */
@SuppressWarnings("try") // that Connection.close() can be interrupted
class EmbeddedNatsServerTests {

	@TempDir
	private Path directory;

	@Test
	void whenStartedThenJetStreamAnswersAtOnce() throws Exception {
		try (EmbeddedNatsServer server = EmbeddedNatsServer.start();
				Connection connection = TestConnections.connect(server.url())) {
			assertThat(connection.jetStreamManagement().getAccountStatistics().getStreams()).isZero();
			assertThat(connection.getServerInfo().getVersion()).isEqualTo(server.version());
			assertThat(server.url()).isEqualTo("nats://127.0.0.1:" + server.port());
		}
	}

	@Test
	void whenClosedThenProcessAndFilesAreGone() {
		EmbeddedNatsServer server = EmbeddedNatsServer.start();
		long pid = server.pid();
		Path logFile = server.logFile();
		assertThat(logFile).exists();
		assertThat(ProcessHandle.of(pid)).isPresent();
		server.close();
		server.close();
		assertThat(ProcessHandle.of(pid)).isEmpty();
		assertThat(logFile.getParent()).doesNotExist();
		assertThat(server.isRunning()).isFalse();
		assertThatIllegalStateException().isThrownBy(server::restart).withMessageContaining("closed");
	}

	@Test
	void whenStoppedAndRestartedThenPortAndDataAreTheSame() throws Exception {
		try (EmbeddedNatsServer server = EmbeddedNatsServer.start()) {
			int port = server.port();
			createStream(server);
			server.stop();
			assertThat(server.isRunning()).isFalse();
			assertThat(Files.readString(server.logFile())).contains("JetStream Shutdown");
			assertThatIllegalStateException().isThrownBy(server::pid).withMessageContaining("not running");
			server.restart();
			assertThat(server.isRunning()).isTrue();
			assertThat(server.port()).isEqualTo(port);
			assertThat(streams(server)).containsExactly("orders");
		}
	}

	@Test
	void whenKilledAndRestartedThenPortAndDataAreTheSame() throws Exception {
		try (EmbeddedNatsServer server = EmbeddedNatsServer.start()) {
			int port = server.port();
			long pid = server.pid();
			createStream(server);
			server.kill();
			assertThat(server.isRunning()).isFalse();
			assertThat(Files.readString(server.logFile())).doesNotContain("Shutdown");
			server.restart();
			assertThat(server.pid()).isNotEqualTo(pid);
			assertThat(server.port()).isEqualTo(port);
			assertThat(streams(server)).containsExactly("orders");
		}
	}

	@Test
	void whenRestartedWhileRunningThenItIsAnotherProcess() throws Exception {
		try (EmbeddedNatsServer server = EmbeddedNatsServer.start()) {
			long pid = server.pid();
			createStream(server);
			server.restart();
			assertThat(server.pid()).isNotEqualTo(pid);
			assertThat(streams(server)).containsExactly("orders");
		}
	}

	@Test
	void whenSeveralThenEachHasItsOwnPortAndData() throws Exception {
		List<EmbeddedNatsServer> servers = IntStream.range(0, 5)
			.parallel()
			.mapToObj((i) -> EmbeddedNatsServer.start())
			.toList();
		try {
			createStream(servers.get(0));
			assertThat(servers).extracting(EmbeddedNatsServer::port).doesNotHaveDuplicates();
			assertThat(streams(servers.get(1))).isEmpty();
		}
		finally {
			servers.forEach(EmbeddedNatsServer::close);
		}
	}

	@Test
	void whenStoreDirectoryIsGivenThenItIsKeptAndUsedAgain() throws Exception {
		Path store = this.directory.resolve("a \"store\" in $HOME");
		try (EmbeddedNatsServer server = EmbeddedNatsServer.builder().storeDirectory(store).start()) {
			createStream(server);
		}
		assertThat(store).isDirectory();
		try (EmbeddedNatsServer server = EmbeddedNatsServer.builder().storeDirectory(store).start()) {
			assertThat(streams(server)).containsExactly("orders");
		}
	}

	@Test
	void whenConfiguredThenServerObeys() throws Exception {
		try (EmbeddedNatsServer server = EmbeddedNatsServer.builder()
			.config("authorization { user: app, password: secret }")
			.config("jetstream { max_file_store: 10MB }", "max_payload: 2MB")
			.start()) {
			assertThatExceptionOfType(AuthenticationException.class)
				.isThrownBy(() -> TestConnections.connect(server.url()));
			Options options = Options.builder().server(server.url()).userInfo("app", "secret").build();
			try (Connection connection = Nats.connect(options)) {
				assertThat(connection.getMaxPayload()).isEqualTo(2 * 1024 * 1024);
				assertThatExceptionOfType(JetStreamApiException.class)
					.isThrownBy(() -> connection.jetStreamManagement()
						.addStream(StreamConfiguration.builder().name("large").maxBytes(11 * 1024 * 1024).build()))
					.withMessageContaining("insufficient storage");
			}
		}
	}

	@Test
	void whenWithoutJetStreamThenItIsOff() throws Exception {
		try (EmbeddedNatsServer server = EmbeddedNatsServer.builder().withoutJetStream().start();
				Connection connection = TestConnections.connect(server.url())) {
			assertThat(connection.getServerInfo().isJetStreamAvailable()).isFalse();
		}
	}

	@Test
	void whenPortIsGivenThenItIsUsed() {
		int port;
		try (EmbeddedNatsServer server = EmbeddedNatsServer.start()) {
			port = server.port();
		}
		try (EmbeddedNatsServer server = EmbeddedNatsServer.builder().port(port).start()) {
			assertThat(server.port()).isEqualTo(port);
		}
	}

	@Test
	void whenPortIsInUseThenErrorNamesIt() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			assertThatIllegalStateException()
				.isThrownBy(() -> EmbeddedNatsServer.builder().port(socket.getLocalPort()).start())
				.withMessageStartingWith("nats-server can't listen on port " + socket.getLocalPort())
				.withMessageContaining("address already in use");
		}
	}

	@Test
	void whenPortIsImpossibleThenErrorSaysWhatIsPossible() {
		assertThatIllegalArgumentException().isThrownBy(() -> EmbeddedNatsServer.builder().port(65_536))
			.withMessage("'port' must be between 0 and 65535, not 65536");
	}

	@Test
	void whenConfigurationIsWrongThenErrorHasTheServersWords() {
		assertThatIllegalStateException()
			.isThrownBy(() -> EmbeddedNatsServer.builder().config("max_payload: plenty").start())
			.withMessageStartingWith("nats-server ended with exit code 1:")
			.withMessageContaining("nats-server.conf:5:1");
	}

	@Test
	void whenExecutableIsNoServerThenErrorSaysSo() throws IOException {
		Path script = Files.writeString(this.directory.resolve("nats-server"), "#!/bin/sh\necho nothing to serve\n",
				StandardCharsets.UTF_8);
		assertThat(script.toFile().setExecutable(true)).isTrue();
		assertThatIllegalStateException().isThrownBy(() -> EmbeddedNatsServer.builder().executable(script).start())
			.withMessageStartingWith("nats-server ended with exit code 0:")
			.withMessageContaining("nothing to serve");
	}

	@Test
	void whenJvmEndsThenServerEnds() throws Exception {
		Process jvm = forgetfulJvm();
		long pid = Long.parseLong(jvm.inputReader().readLine());
		assertThat(ProcessHandle.of(pid)).isPresent();
		jvm.getOutputStream().close();
		assertThat(jvm.waitFor()).isZero();
		await().untilAsserted(() -> assertThat(command(pid)).isEmpty());
	}

	@Test
	void whenJvmIsKilledThenServerAndFilesAreGone() throws Exception {
		Process jvm = forgetfulJvm();
		long pid = Long.parseLong(jvm.inputReader().readLine());
		Path directory = Path.of(jvm.inputReader().readLine());
		assertThat(directory).isDirectory();
		jvm.destroyForcibly();
		await().untilAsserted(() -> {
			assertThat(command(pid)).isEmpty();
			assertThat(directory).doesNotExist();
		});
	}

	// What has ended may still be there, until its parent asks about it
	private static Optional<String> command(long pid) {
		return ProcessHandle.of(pid).flatMap((process) -> process.info().command());
	}

	private static Process forgetfulJvm() throws IOException {
		return new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-cp",
				System.getProperty("java.class.path"),
				"-Dnats-server.path=" + System.getProperty("nats-server.path", ""), Forgetful.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
	}

	private static void createStream(EmbeddedNatsServer server) throws Exception {
		try (Connection connection = TestConnections.connect(server.url())) {
			connection.jetStreamManagement()
				.addStream(StreamConfiguration.builder()
					.name("orders")
					.subjects("orders.>")
					.storageType(StorageType.File)
					.build());
		}
	}

	private static List<String> streams(EmbeddedNatsServer server) throws Exception {
		try (Connection connection = TestConnections.connect(server.url())) {
			JetStreamManagement management = connection.jetStreamManagement();
			return management.getStreamNames();
		}
	}

	static final class Forgetful {

		private Forgetful() {
		}

		public static void main(String[] args) throws IOException {
			EmbeddedNatsServer server = EmbeddedNatsServer.start();
			System.out.println(server.pid());
			System.out.println(server.logFile().getParent());
			System.in.read();
		}

	}

}
