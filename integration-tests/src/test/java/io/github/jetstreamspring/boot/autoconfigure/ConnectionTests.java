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
import java.util.List;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import io.nats.client.NKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The connection, made with every kind of credentials, lost and found again.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionTests {

	private EmbeddedNatsServer server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void whenUserAndPasswordAreSetThenTheyAreUsed() {
		start("authorization { user: app, password: some-secret }");
		assertConnects("jetstream.username=app", "jetstream.password=some-secret");
	}

	@Test
	void whenTheUrlHasUserAndPasswordThenTheyAreUsedAndNotLogged(CapturedOutput output) {
		start("authorization { user: app, password: some-secret }");
		TestApplication.run("nats://app:some-secret@127.0.0.1:" + this.server.port()).close();
		assertThat(output).contains("Connected to NATS server nats://");
	}

	@Test
	void whenTokenIsSetThenItIsUsed() {
		start("authorization { token: some-secret }");
		assertConnects("jetstream.token=some-secret");
	}

	@Test
	void whenNkeySeedIsSetThenItIsUsed() throws Exception {
		NKey user = NKey.createUser(null);
		start("authorization { users: [ { nkey: " + new String(user.getPublicKey()) + " } ] }");
		assertConnects("jetstream.nkey-seed=" + new String(user.getSeed()));
	}

	@Test
	void whenCredentialsFileIsSetThenItIsUsed(@TempDir Path directory) throws Exception {
		TestOperator operator = new TestOperator();
		start(operator.configuration());
		assertConnects("jetstream.credentials=file:" + operator.writeCredentials(directory.resolve("app.creds")));
	}

	@Test
	void whenThereAreSeveralServersThenOneThatIsUpIsUsed() {
		start();
		EmbeddedNatsServer down = EmbeddedNatsServer.start();
		down.close();
		try (ConfigurableApplicationContext context = TestApplication.run(down.url() + "," + this.server.url())) {
			assertThat(context.getBean(Connection.class).getConnectedUrl()).isEqualTo(this.server.url());
		}
	}

	@Test
	void whenThereIsNoNameThenTheConnectionHasTheApplicationsName() {
		start();
		assertThat(name("spring.application.name=shop")).isEqualTo("shop");
		assertThat(name("spring.application.name=shop", "jetstream.connection-name=orders")).isEqualTo("orders");
	}

	@Test
	void whenThereIsACustomizerThenItHasTheLastWord() {
		start();
		try (ConfigurableApplicationContext context = TestApplication.run(List.of(Customizers.class), this.server.url(),
				"jetstream.connection.ping-interval=7s")) {
			assertThat(context.getBean(Connection.class).getOptions().getPingInterval())
				.isEqualTo(Duration.ofSeconds(9));
		}
	}

	@Test
	void whenThereAreConnectionDetailsThenTheyTakePrecedence() {
		start("authorization { user: app, password: some-secret }");
		try (ConfigurableApplicationContext context = TestApplication.run(List.of(Details.class), "nats://nowhere:1",
				"jetstream.token=other", "test.url=" + this.server.url())) {
			assertThat(context.getBean(Connection.class).getConnectedUrl()).isEqualTo(this.server.url());
			assertThat(context).satisfies((details) -> assertThat(details.getBean(JetStreamConnectionDetails.class))
				.isNotInstanceOf(PropertiesJetStreamConnectionDetails.class));
		}
	}

	@Test
	void whenTheConnectionIsLostThenItIsLoggedOnceAndMadeAgain(CapturedOutput output) {
		start();
		try (ConfigurableApplicationContext context = TestApplication.run(this.server.url(),
				"jetstream.connection.reconnect-wait=10ms")) {
			Connection connection = context.getBean(Connection.class);
			await().until(() -> output.getOut().contains("Connected to NATS server"));
			this.server.stop();
			long before = connection.getStatistics().getExceptions();
			await().until(() -> connection.getStatistics().getExceptions() > before + 10);
			assertThat(output).containsOnlyOnce("Lost the connection to the NATS server; reconnecting");
			this.server.restart();
			await().until(() -> output.getOut().contains("Reconnected to NATS server"));
			assertThat(connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
			assertThat(output).containsOnlyOnce("Lost the connection to the NATS server")
				.containsOnlyOnce("Connected to NATS server")
				.containsOnlyOnce("Reconnected to NATS server");
		}
		await().until(() -> output.getOut().contains("Closed the connection to the NATS server"));
	}

	@Test
	void whenTheApplicationEndsWithoutAServerThenThatIsNoError(CapturedOutput output) {
		start();
		try (ConfigurableApplicationContext context = TestApplication.run(this.server.url())) {
			assertThat(context.getBean(Connection.class).getStatus()).isEqualTo(Connection.Status.CONNECTED);
			this.server.stop();
			await().until(() -> output.getOut().contains("Lost the connection to the NATS server"));
		}
		await().until(() -> output.getOut().contains("Closed the connection to the NATS server, which was lost"));
		assertThat(output).doesNotContain("It is not made again", "ERROR");
	}

	@Test
	void whenTheAttemptsToReconnectAreUsedUpThenTheLogSaysSo(CapturedOutput output) {
		start();
		try (ConfigurableApplicationContext context = TestApplication.run(this.server.url(),
				"jetstream.connection.reconnect-wait=10ms", "jetstream.connection.max-reconnects=3")) {
			assertThat(context.getBean(Connection.class).getStatus()).isEqualTo(Connection.Status.CONNECTED);
			int port = this.server.port();
			this.server.close();
			this.server = EmbeddedNatsServer.builder().port(port).config("authorization { token: other }").start();
			await().until(() -> output.getOut().contains("Closed the connection to the NATS server, which was lost"));
			assertThat(output).contains("It is not made again until the application is restarted");
			await()
				.until(() -> context.getBean(ApplicationAvailability.class).getLivenessState() == LivenessState.BROKEN);
		}
	}

	@Test
	void whenTheCredentialsFileIsReplacedThenTheNextConnectionIsMadeWithIt(CapturedOutput output,
			@TempDir Path directory) throws Exception {
		TestOperator operator = new TestOperator();
		TestOperator successor = new TestOperator();
		start(operator.configuration());
		Path file = operator.writeCredentials(directory.resolve("app.creds"));
		try (ConfigurableApplicationContext context = TestApplication.run(this.server.url(),
				"jetstream.credentials=file:" + file, "jetstream.connection.reconnect-wait=10ms")) {
			assertThat(context.getBean(Connection.class).getStatus()).isEqualTo(Connection.Status.CONNECTED);
			int port = this.server.port();
			this.server.close();
			successor.writeCredentials(file);
			this.server = EmbeddedNatsServer.builder().port(port).config(successor.configuration()).start();
			await().until(() -> output.getOut().contains("Reconnected to NATS server"));
		}
	}

	@Test
	void whenTheCredentialsFileIsGoneThenTheConnectionIsMadeWithWhatItHeld(CapturedOutput output,
			@TempDir Path directory) throws Exception {
		TestOperator operator = new TestOperator();
		start(operator.configuration());
		Path file = operator.writeCredentials(directory.resolve("app.creds"));
		try (ConfigurableApplicationContext context = TestApplication.run(this.server.url(),
				"jetstream.credentials=file:" + file, "jetstream.connection.reconnect-wait=10ms")) {
			assertThat(context.getBean(Connection.class).getStatus()).isEqualTo(Connection.Status.CONNECTED);
			Files.delete(file);
			this.server.restart();
			await().until(() -> output.getOut().contains("Reconnected to NATS server"));
			assertThat(output).contains("at the moment; using those read before");
		}
	}

	@Test
	void whenTheServerReportsTheSameErrorAgainThenItIsLoggedOnce(CapturedOutput output) {
		start("authorization { users: [ { user: app, password: some-secret, "
				+ "permissions: { publish: { deny: \"forbidden.>\" } } } ] }");
		try (ConfigurableApplicationContext context = TestApplication.run(this.server.url(), "jetstream.username=app",
				"jetstream.password=some-secret")) {
			Connection connection = context.getBean(Connection.class);
			for (int i = 0; i < 10; i++) {
				connection.publish("forbidden.subject", new byte[0]);
			}
			await().until(() -> connection.getStatistics().getErrs() == 10);
			await().until(() -> output.getOut().contains("The NATS server reports: "));
		}
		assertThat(output).containsOnlyOnce("The NATS server reports: ");
	}

	private void start(String... configuration) {
		this.server = EmbeddedNatsServer.builder().config(configuration).start();
	}

	private void assertConnects(String... properties) {
		try (ConfigurableApplicationContext context = TestApplication.run(this.server.url(), properties)) {
			assertThat(context.getBean(Connection.class).getStatus()).isEqualTo(Connection.Status.CONNECTED);
			assertThat(context.getBean(JetStreamTemplate.class)).isNotNull();
			assertThat(context.getBean(JetStreamProperties.class).toString()).doesNotContain("secret")
				.doesNotContain("SU");
			assertThat(context.getBean(JetStreamConnectionDetails.class).toString()).doesNotContain("secret");
		}
	}

	private String name(String... properties) {
		try (ConfigurableApplicationContext context = TestApplication.run(this.server.url(), properties)) {
			return context.getBean(Connection.class).getOptions().getConnectionName();
		}
	}

	@AfterEach
	void noSecretWasLogged(CapturedOutput output) {
		assertThat(output).doesNotContain("secret");
	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		@Bean
		ConnectionOptionsCustomizer pings() {
			return (options) -> options.pingInterval(Duration.ofSeconds(9));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Details {

		@Bean
		JetStreamConnectionDetails details(Environment environment) {
			return new JetStreamConnectionDetails() {

				@Override
				public List<String> getServers() {
					return List.of(environment.getRequiredProperty("test.url"));
				}

				@Override
				public String getUsername() {
					return "app";
				}

				@Override
				public String getPassword() {
					return "some-secret";
				}

			};
		}

	}

}
