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

package io.github.jetstreamspring.boot.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Start-up that ends for want of a connection, and what the user reads then.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class ConnectionFailureTests {

	// For an application to get as far as its connection, on a busy machine
	private static final Duration PATIENCE = Duration.ofSeconds(40);

	private static final String SHORT = "jetstream.connection.startup-timeout=1s";

	private static final String LONG = "jetstream.connection.startup-timeout=20s";

	private static final String FOREVER = "jetstream.connection.startup-timeout=1d";

	private EmbeddedNatsServer server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void whenAHostIsUnknownThenTheAnalysisSaysSo(CapturedOutput output) {
		start(EmbeddedNatsServer.builder());
		failure("nats://nowhere.invalid:4222", SHORT);
		assertThat(output).contains("No NATS server answers at nats://nowhere.invalid:4222.")
			.contains("Nobody knows the host 'nowhere.invalid' here");
	}

	@Test
	void whenNoServerAnswersThenStartUpWaitsAndSaysWhatToDo(CapturedOutput output) {
		start(EmbeddedNatsServer.builder());
		this.server.stop();
		failure(urlWithSecret(), SHORT);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.containsOnlyOnce("Waiting for it, up to 1s")
			.contains("No NATS server answers at nats://******@127.0.0.1:" + this.server.port() + ".")
			.contains("The client says: ")
			.contains("docker run -p 4222:4222 nats:latest -js")
			.contains("set jetstream.enabled to false", "ListenerHarness", "@EmbeddedNats")
			.contains("jetstream.connection.startup-timeout says how long start-up waits");
	}

	@Test
	void whenTheFirstAttemptTakesAllTheTimeThenStartUpWaitsNoLonger(CapturedOutput output) {
		start(EmbeddedNatsServer.builder());
		this.server.stop();
		failure(this.server.url(), "jetstream.connection.startup-timeout=1ms");
		assertThat(output).contains("No NATS server answers at");
	}

	@Test
	void whenTheServerComesUpInTimeThenStartUpGoesOn(CapturedOutput output) {
		start(EmbeddedNatsServer.builder());
		this.server.stop();
		CompletableFuture<ConfigurableApplicationContext> application = CompletableFuture
			.supplyAsync(() -> TestApplication.run(this.server.url(), LONG));
		await().atMost(PATIENCE).until(() -> output.getOut().contains("Waiting for it"));
		this.server.restart();
		try (ConfigurableApplicationContext context = application.join()) {
			assertThat(context.getBean(Connection.class).getStatus()).isEqualTo(Connection.Status.CONNECTED);
		}
	}

	@Test
	void whenStartUpIsInterruptedThenItWaitsNoLonger(CapturedOutput output) throws Exception {
		start(EmbeddedNatsServer.builder());
		this.server.stop();
		Thread application = new Thread(() -> TestApplication.run(this.server.url(), FOREVER));
		application.start();
		await().atMost(PATIENCE).until(() -> output.getOut().contains("Waiting for it"));
		application.interrupt();
		application.join();
		assertThat(output)
			.contains("Start-up was interrupted while it waited for the NATS server at " + this.server.url());
	}

	@Test
	void whenTheContextIsClosedDuringStartUpThenItWaitsNoLonger(CapturedOutput output) throws Exception {
		start(EmbeddedNatsServer.builder());
		this.server.stop();
		AtomicReference<ConfigurableApplicationContext> context = new AtomicReference<>();
		SpringApplication application = new SpringApplication(TestApplication.Configuration.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.addInitializers(context::set);
		Thread main = new Thread(() -> application.run("--jetstream.servers=" + this.server.url(), "--" + FOREVER));
		main.start();
		await().atMost(PATIENCE).until(() -> output.getOut().contains("Waiting for it"));
		// As at a SIGTERM
		context.get().close();
		main.join();
		assertThat(context.get().isActive()).isFalse();
	}

	@Test
	void whenTheCredentialsAreRefusedThenStartUpEndsAtOnce(CapturedOutput output) {
		start(EmbeddedNatsServer.builder().config("authorization { user: app, password: right }"));
		failure(this.server.url(), LONG, "jetstream.username=app", "jetstream.password=wrong-secret");
		assertThat(output).doesNotContain("Waiting for it");
		assertThat(output).contains("The NATS server at " + this.server.url() + " refused the credentials.")
			.contains("Set jetstream.username and jetstream.password, or jetstream.token, jetstream.nkey-seed or "
					+ "jetstream.credentials, to what the server's configuration asks for.");
	}

	@Test
	void whenThereAreNoCredentialsThenTheAnalysisIsTheSame(CapturedOutput output) {
		start(EmbeddedNatsServer.builder().config("authorization { token: right }"));
		failure(this.server.url(), LONG);
		assertThat(output).contains("The NATS server at " + this.server.url() + " refused the credentials.");
	}

	@Test
	void whenTheUrlHasWrongCredentialsThenTheyAreNotShown(CapturedOutput output) {
		start(EmbeddedNatsServer.builder().config("authorization { user: app, password: right }"));
		failure(urlWithSecret(), LONG);
		assertThat(output)
			.contains("The NATS server at nats://******@127.0.0.1:" + this.server.port() + " refused the credentials.");
	}

	@Test
	void whenTheCredentialsFileIsMissingThenItIsNamed(CapturedOutput output, @TempDir Path directory) {
		start(EmbeddedNatsServer.builder());
		Path file = directory.resolve("app.creds");
		failure(this.server.url(), LONG, "jetstream.credentials=file:" + file);
		assertThat(output).contains("The credentials can't be read from ")
			.contains(file.toString())
			.contains("jetstream.credentials must be a file with a JWT and the seed of its NKey");
	}

	@Test
	void whenTheCredentialsFileIsSomethingElseThenItIsNamed(CapturedOutput output, @TempDir Path directory)
			throws Exception {
		start(EmbeddedNatsServer.builder());
		Path file = Files.writeString(directory.resolve("app.creds"), "my secret recipe");
		failure(this.server.url(), LONG, "jetstream.credentials=file:" + file);
		assertThat(output).contains("The credentials can't be read from ").contains(file.toString());
	}

	@Test
	void whenTheNkeySeedIsDamagedThenStartUpSaysSoWithoutIt(CapturedOutput output) {
		start(EmbeddedNatsServer.builder());
		failure(this.server.url(), LONG, "jetstream.nkey-seed=SU-secret");
		assertThat(output).contains("The credentials can't be read from jetstream.nkey-seed.");
	}

	@Test
	void whenJetStreamIsSwitchedOffThenStartUpEndsAtOnce(CapturedOutput output) {
		start(EmbeddedNatsServer.builder().withoutJetStream());
		failure(this.server.url(), LONG);
		assertThat(output).doesNotContain("Waiting for it");
		assertThat(output)
			.contains("The NATS server at " + this.server.url() + " is up, but JetStream is switched off.")
			.contains("start the server with '-js', or add 'jetstream {}' to its configuration");
	}

	@Test
	void whenJetStreamIsSwitchedOffForTheAccountThenStartUpEndsAtOnce(CapturedOutput output) {
		start(EmbeddedNatsServer.builder()
			.config("accounts { shop { users: [ { user: app, password: some-secret } ] } }"));
		failure(this.server.url(), LONG, "jetstream.username=app", "jetstream.password=some-secret");
		assertThat(output).doesNotContain("Waiting for it");
		assertThat(output).contains("is up, but JetStream is switched off.")
			.contains("it must be switched on for the account of these credentials too");
	}

	@Test
	void whenTheCredentialsMayNotUseJetStreamThenStartUpNamesWhatIsForbidden(CapturedOutput output) {
		failureOfUser("publish: { deny: \"$JS.API.>\" }", LONG, "jetstream.streams.orders.subjects=orders.>");
		assertThat(output).doesNotContain("Waiting for it")
			.contains("jetstream.streams.orders can't be read: "
					+ "the user of the connection may not publish to '$JS.API.STREAM.INFO.orders'")
			.contains("Allow it in the permissions of that user")
			.doesNotContain("$JS.API.>");
	}

	@Test
	void whenTheCredentialsMayNotHearAnswersThenStartUpNamesTheInbox(CapturedOutput output) {
		failureOfUser("subscribe: { deny: \">\" }", LONG);
		assertThat(output).contains(": the user of the connection may not subscribe to '_INBOX.>'");
	}

	@Test
	void whenTheCredentialsMayNotReadTheStreamThenStartUpNamesWhatIsForbidden(CapturedOutput output) {
		failureOfUser("publish: { deny: \"$JS.API.STREAM.INFO.>\" }", "jetstream.streams.orders.subjects=orders.>");
		assertThat(output)
			.contains("jetstream.streams.orders can't be read: "
					+ "the user of the connection may not publish to '$JS.API.STREAM.INFO.orders'")
			.doesNotContain("Timeout or no response");
	}

	@Test
	void whenTheCredentialsMayNotCreateTheStreamThenStartUpNamesWhatIsForbidden(CapturedOutput output) {
		failureOfUser("publish: { deny: \"$JS.API.STREAM.CREATE.>\" }", "jetstream.streams.orders.subjects=orders.>");
		assertThat(output)
			.contains("jetstream.streams.orders can't be created: "
					+ "the user of the connection may not publish to '$JS.API.STREAM.CREATE.orders'")
			.doesNotContain("Timeout or no response");
	}

	private void failureOfUser(String permissions, String... properties) {
		start(EmbeddedNatsServer.builder()
			.config("authorization { users: [ { user: app, password: some-secret, permissions: { " + permissions
					+ " } } ] }"));
		String[] all = Stream
			.concat(Stream.of("jetstream.username=app", "jetstream.password=some-secret"), Stream.of(properties))
			.toArray(String[]::new);
		failure(this.server.url(), all);
	}

	private void start(EmbeddedNatsServer.Builder builder) {
		this.server = builder.start();
	}

	private String urlWithSecret() {
		return "nats://app:url-secret@127.0.0.1:" + this.server.port();
	}

	/**
	 * Starts an application that can't start, and sees to it that nothing in the
	 * exceptions tells a secret.
	 */
	private static void failure(String url, String... properties) {
		Throwable failure = catchThrowable(() -> TestApplication.run(url, properties).close());
		assertThat(failure).isNotNull();
		assertThat(failure).rootCause().isNotNull();
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			assertThat(cause.toString()).doesNotContain("secret");
		}
	}

	@AfterEach
	void noSecretWasLogged(CapturedOutput output) {
		assertThat(output).doesNotContain("secret");
	}

}
