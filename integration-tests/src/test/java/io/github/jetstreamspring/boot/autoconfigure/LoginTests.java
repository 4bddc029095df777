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
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.boot.health.JetStreamHealthIndicator;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import io.nats.client.NKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Each way to log in, on a server that asks for it: accepted, refused at start, and
 * refused for a while as the application runs.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class LoginTests {

	private static final String BUNDLE = "spring.ssl.bundle.pem.nats.";

	// Of "some-secret"
	private static final String BCRYPT = "$2b$05$abcdefghijklmnopqrstuuTDiyQb6iO6T1nMs4LDLuAlp/vzr2Vhe";

	private static final String USERS = "authorization { users: [ %s ] }";

	@TempDir
	static Path directory;

	private static TestCertificates serverCertificates;

	private static TestCertificates clientCertificates;

	private EmbeddedNatsServer server;

	@BeforeAll
	static void createCertificates() throws Exception {
		serverCertificates = TestCertificates.create(directory, "server");
		clientCertificates = TestCertificates.create(directory, "client");
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void whenTheServerAsksForNothingThenNothingIsShown() {
		start();
		assertWorks();
	}

	@Test
	void whenTheServerAsksForAPasswordThenWrongOnesAreRefused(CapturedOutput output) {
		start(USERS.formatted("{ user: app, password: some-secret }"));
		assertWorks("jetstream.username=app", "jetstream.password=some-secret");
		assertRefused(output, "those of jetstream.username and jetstream.password", "jetstream.username=app",
				"jetstream.password=wrong-secret");
		assertRefused(output, "none, as jetstream.username, jetstream.token, jetstream.nkey-seed and "
				+ "jetstream.credentials are not set");
	}

	@Test
	void whenTheServerHasTheHashOfAPasswordThenWrongOnesAreRefused(CapturedOutput output) {
		start(USERS.formatted("{ user: app, password: \"" + BCRYPT + "\" }"));
		assertWorks("jetstream.username=app", "jetstream.password=some-secret");
		assertRefused(output, "those of jetstream.username and jetstream.password", "jetstream.username=app",
				"jetstream.password=wrong-secret");
	}

	@Test
	void whenTheServerAsksForATokenThenWrongOnesAreRefused(CapturedOutput output) {
		start("authorization { token: some-secret }");
		assertWorks("jetstream.token=some-secret");
		assertRefused(output, "those of jetstream.token", "jetstream.token=wrong-secret");
	}

	@Test
	void whenTheServerAsksForAnNkeyThenOthersAreRefused(CapturedOutput output) throws Exception {
		NKey user = NKey.createUser(null);
		start(nkey(user));
		assertWorks("jetstream.nkey-seed=" + seed(user));
		assertRefused(output, "those of jetstream.nkey-seed", "jetstream.nkey-seed=" + seed(NKey.createUser(null)));
	}

	@Test
	void whenTheServerHasAnOperatorThenCredentialsOfOthersAreRefused(CapturedOutput output) throws Exception {
		TestOperator operator = new TestOperator();
		start(operator.configuration());
		assertWorks("jetstream.credentials=file:" + operator.writeCredentials(directory.resolve("ours.creds")));
		Path classes = Path.of(LoginTests.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		Path onClassPath = operator.writeCredentials(classes.resolve("login-tests.creds"));
		assertWorks("jetstream.credentials=classpath:login-tests.creds");
		Files.delete(onClassPath);
		Path theirs = new TestOperator().writeCredentials(directory.resolve("theirs.creds"));
		assertRefused(output, "those of jetstream.credentials, ", "jetstream.credentials=file:" + theirs);
		assertThat(output).contains("theirs.creds");
	}

	@Test
	void whenCredentialsHaveExpiredThenThatIsSaid(CapturedOutput output) throws Exception {
		TestOperator operator = new TestOperator();
		start(operator.configuration());
		Path file = operator.writeCredentials(directory.resolve("expired.creds"), Duration.ofSeconds(-60));
		assertRefused(output, "whose JWT expired at 20", "jetstream.credentials=file:" + file);
	}

	@Test
	void whenAUserIsRevokedThenItIsRefused(CapturedOutput output) throws Exception {
		TestOperator operator = new TestOperator();
		Path file = operator.writeCredentials(directory.resolve("revoked.creds"));
		start(operator.configurationWithout(file));
		assertRefused(output, "those of jetstream.credentials, ", "jetstream.credentials=file:" + file);
		assertThat(output).contains("revoked.creds");
	}

	@Test
	void whenTheServerMapsCertificatesToUsersThenOthersAreRefused(CapturedOutput output) {
		start(mapped("CN=client"));
		assertWorks(mutualTls());
		this.server.close();
		start(mapped("CN=somebody else"));
		assertRefused(output, "besides the certificate of the SSL bundle, if it has a key", mutualTls());
	}

	@Test
	void whenTheServerWantsTheHandshakeFirstThenTheKeySaysSo(CapturedOutput output) {
		start("tls { cert_file: '%s', key_file: '%s', handshake_first: true }"
			.formatted(serverCertificates.certificate(), serverCertificates.key()));
		assertWorks(with(trust(serverCertificates), "jetstream.ssl.handshake-first=true"));
		assertFails(with(trust(clientCertificates), "jetstream.ssl.handshake-first=true"));
		assertThat(output).contains("TLS to the NATS server at " + this.server.url() + " can't be set up.");
		assertFails("jetstream.ssl.handshake-first=true");
		assertThat(output).contains("jetstream.ssl.handshake-first");
	}

	@Test
	void whenAPasswordIsRefusedForAWhileThenTheListenerGoesOnByItself(CapturedOutput output) {
		assertGoesOn(output, "those of jetstream.username and jetstream.password",
				new String[] { USERS.formatted("{ user: app, password: some-secret }") },
				new String[] { USERS.formatted("{ user: app, password: other-secret }") }, "jetstream.username=app",
				"jetstream.password=some-secret");
	}

	@Test
	void whenATokenIsRefusedForAWhileThenTheListenerGoesOnByItself(CapturedOutput output) {
		assertGoesOn(output, "those of jetstream.token", new String[] { "authorization { token: some-secret }" },
				new String[] { "authorization { token: other-secret }" }, "jetstream.token=some-secret");
	}

	@Test
	void whenAnNkeyIsRefusedForAWhileThenTheListenerGoesOnByItself(CapturedOutput output) throws Exception {
		NKey user = NKey.createUser(null);
		assertGoesOn(output, "those of jetstream.nkey-seed", new String[] { nkey(user) },
				new String[] { nkey(NKey.createUser(null)) }, "jetstream.nkey-seed=" + seed(user));
	}

	@Test
	void whenAUserIsRevokedForAWhileThenTheListenerGoesOnByItself(CapturedOutput output) throws Exception {
		TestOperator operator = new TestOperator();
		Path file = operator.writeCredentials(directory.resolve("back.creds"));
		assertGoesOn(output, "those of jetstream.credentials, ", operator.configuration(),
				operator.configurationWithout(file), "jetstream.credentials=file:" + file);
	}

	@Test
	void whenACertificateIsRefusedForAWhileThenTheListenerGoesOnByItself(CapturedOutput output) {
		assertGoesOn(output, "the certificate of the SSL bundle", mapped("CN=client"), mapped("CN=somebody else"),
				mutualTls());
	}

	@Test
	void whenCredentialsExpireThenTheNextOnesInTheFileAreUsed(CapturedOutput output) throws Exception {
		TestOperator operator = new TestOperator();
		start(operator.configuration());
		Path file = operator.writeCredentials(directory.resolve("short.creds"), Duration.ofSeconds(20));
		try (ConfigurableApplicationContext context = worker("jetstream.credentials=file:" + file)) {
			assertHandles(context);
			await().atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(health(context)).contains("refuses the credentials"));
			assertThat(output).contains("whose JWT expired at 20");
			operator.writeCredentials(file);
			assertHandles(context);
		}
	}

	@Test
	void whenCertificatesAreReplacedThenTheNextConnectionIsMadeWithTheNewOnes(CapturedOutput output) throws Exception {
		TestCertificates successor = TestCertificates.create(Files.createDirectory(directory.resolve("next")),
				"server");
		Path trusted = Files.copy(serverCertificates.certificate(), directory.resolve("trusted.crt"));
		start(tls(serverCertificates, ""));
		try (ConfigurableApplicationContext context = worker("jetstream.ssl.bundle=nats",
				BUNDLE + "reload-on-update=true", "spring.ssl.bundle.watch.file.quiet-period=10ms",
				BUNDLE + "truststore.certificate=file:" + trusted)) {
			assertHandles(context);
			restart(tls(successor, ""));
			await().atMost(Duration.ofSeconds(30))
				.until(() -> output.getOut().contains("TLS with the NATS server fails, reconnecting goes on"));
			Files.copy(successor.certificate(), trusted, StandardCopyOption.REPLACE_EXISTING);
			assertHandles(context);
			assertThat(output).contains("The SSL bundle 'nats' was reloaded; it is used from the next connection on")
				.doesNotContain("may be in use by a technology that doesn't support SSL reloading");
		}
	}

	/**
	 * Has a listener work, has the server refuse it, and then accept it again.
	 */
	private void assertGoesOn(CapturedOutput output, String shown, String[] accepting, String[] refusing,
			String... properties) {
		start(accepting);
		try (ConfigurableApplicationContext context = worker(properties)) {
			assertHandles(context);
			restart(refusing);
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(output.getOut()).contains("The NATS server reports: ")
					.contains("The credentials shown were")
					.contains(shown)
					.contains("Reconnecting goes on until the server accepts them"));
			long attempts = context.getBean(Connection.class).getStatistics().getErrs();
			await().atMost(Duration.ofSeconds(30))
				.until(() -> context.getBean(Connection.class).getStatistics().getErrs() > attempts + 5);
			assertThat(health(context)).contains("DOWN").contains("the server refuses the credentials: ");
			assertThat(output.getOut().split("The credentials shown were")).hasSize(2);
			assertThat(output).doesNotContain("(refusal ");
			restart(accepting);
			assertHandles(context);
			assertThat(health(context)).contains("UP").doesNotContain("refuses");
			assertThat(context.getBean(ApplicationAvailability.class).getLivenessState())
				.isEqualTo(LivenessState.CORRECT);
		}
	}

	private static String health(ConfigurableApplicationContext context) {
		return String.valueOf(new JetStreamHealthIndicator(context.getBean(Connection.class),
				context.getBean(JetStreamListeners.class))
			.health());
	}

	private ConfigurableApplicationContext worker(String... properties) {
		return TestApplication.run(List.of(Worker.class), this.server.url(), with(properties,
				"jetstream.connection.reconnect-wait=50ms", "jetstream.streams.jobs.consumers.worker.ack-wait=5s"));
	}

	private static void assertHandles(ConfigurableApplicationContext context) {
		Worker worker = context.getBean(Worker.class);
		int before = worker.handled.size();
		JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
		await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> {
			template.publish("jobs", "work");
			assertThat(worker.handled).hasSizeGreaterThan(before);
		});
	}

	private void assertWorks(String... properties) {
		try (ConfigurableApplicationContext context = worker(properties)) {
			assertHandles(context);
		}
	}

	private void assertRefused(CapturedOutput output, String shown, String... properties) {
		assertFails(properties);
		assertThat(output).contains("The NATS server at " + this.server.url() + " refused the credentials.")
			.contains("The credentials shown were ")
			.contains(shown)
			.contains("Set jetstream.username and jetstream.password, or jetstream.token, jetstream.nkey-seed or "
					+ "jetstream.credentials, to what the server's configuration asks for.")
			.doesNotContain("Waiting for it");
	}

	private void assertFails(String... properties) {
		assertThatException().isThrownBy(() -> TestApplication.run(this.server.url(), properties).close());
	}

	private void start(String... configuration) {
		this.server = EmbeddedNatsServer.builder().config(configuration).start();
	}

	private void restart(String... configuration) {
		int port = this.server.port();
		this.server.close();
		this.server = EmbeddedNatsServer.builder().port(port).config(configuration).start();
	}

	private static String nkey(NKey user) throws Exception {
		return USERS.formatted("{ nkey: " + new String(user.getPublicKey()) + " }");
	}

	private static String seed(NKey user) throws Exception {
		return new String(user.getSeed());
	}

	private static String tls(TestCertificates certificates, String more) {
		return "tls { cert_file: '%s', key_file: '%s', %s }".formatted(certificates.certificate(), certificates.key(),
				more);
	}

	private static String[] mapped(String user) {
		return new String[] {
				tls(serverCertificates,
						"ca_file: '%s', verify_and_map: true".formatted(clientCertificates.certificate())),
				USERS.formatted("{ user: \"" + user + "\" }") };
	}

	private static String[] trust(TestCertificates certificates) {
		return new String[] { "jetstream.ssl.bundle=nats",
				BUNDLE + "truststore.certificate=file:" + certificates.certificate() };
	}

	private static String[] mutualTls() {
		return with(trust(serverCertificates), BUNDLE + "keystore.certificate=file:" + clientCertificates.certificate(),
				BUNDLE + "keystore.private-key=file:" + clientCertificates.key());
	}

	private static String[] with(String[] properties, String... more) {
		List<String> all = new ArrayList<>(List.of(properties));
		Collections.addAll(all, more);
		return all.toArray(String[]::new);
	}

	@AfterEach
	void noSecretWasLogged(CapturedOutput output) {
		assertThat(output).doesNotContain("secret");
	}

	@Configuration(proxyBeanMethods = false)
	static class Worker {

		final List<String> handled = Collections.synchronizedList(new ArrayList<>());

		@JetStreamListener("worker")
		void handle(String job) {
			this.handled.add(job);
		}

	}

}
