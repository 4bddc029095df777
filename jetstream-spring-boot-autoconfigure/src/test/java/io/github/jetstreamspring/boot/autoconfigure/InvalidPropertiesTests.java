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

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Invalid {@code jetstream.*} properties, as the user is told about them.
 */
@ExtendWith(OutputCaptureExtension.class)
class InvalidPropertiesTests {

	@Test
	void whenSeveralAreInvalidThenAllAreInOneAnalysis(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> run("--jetstream.publisher.max-in-flight=0", "--jetstream.publisher.timeout=soon",
					"--jetstream.connection.max-reconnects=-2", "--jetstream.topology.mode=maybe",
					"--jetstream.streams.orders.max-age=long", "--jetstream.streams.orders.max-bites=1",
					"--jetstream.listeners.worker.retry.jitter=2", "--jetstream.dead-letter.stream=dead.letters"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The configuration of JetStream is not valid:")
			.contains("jetstream.publisher.max-in-flight: it must be at least 1")
			.contains("jetstream.publisher.timeout: 'soon' is not a duration such as 30s, 5m or 7d")
			.contains("jetstream.connection.max-reconnects: it must be at least 0, or -1 to never give up")
			.contains("jetstream.topology.mode: 'maybe' is not one of update, create, validate, none")
			.contains("jetstream.streams.orders.max-age: 'long' is not a duration such as 30s, 5m or 7d")
			.contains("jetstream.streams.orders.max-bites: there is no such property")
			.contains("jetstream.listeners.worker.retry.jitter: it must be from 0 to 1")
			.contains("jetstream.dead-letter.stream: it must be a stream's name");
	}

	@ParameterizedTest
	@CsvSource({ "--jetstream.username=app, jetstream.password: username and password must be set together",
			"--jetstream.password=pass-secret, jetstream.password: username and password must be set together",
			"--jetstream.nkey-seed=nkey-secret, 'jetstream.nkey-seed: it must be a seed, which starts with S'",
			"--jetstream.servers=nats://app:url-secret@, jetstream.servers: each server must be host:port" })
	void whenCredentialsAreInvalidThenTheyAreNotShown(String argument, String expected, CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(argument));
		assertThat(output).contains(expected).doesNotContain("secret");
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://localhost:4222", "nats//localhost:4222", "localhost:abc",
			"nats://user:p@ss-secret@localhost:4222", "" })
	void whenAServerIsNotOneThenTheAnalysisSaysWhatOneIs(String server, CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--jetstream.servers=" + server));
		assertThat(output)
			.contains(
					"jetstream.servers: each server must be host:port or a URL such as nats://localhost:4222 or tls://")
			.contains("in a password must be percent-encoded")
			.doesNotContain("secret");
	}

	@Test
	void whenAKeyHasAValueInsteadOfKeysOrNoneThenTheAnalysisSaysSo(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--jetstream.streams.orders=orders.>", "--jetstream.listeners=w",
				"--jetstream.topology.mode="));
		assertThat(output).contains("jetstream.streams.orders: it is not a value, but has keys below it")
			.contains("jetstream.listeners: it is not a value, but has keys below it")
			.contains("jetstream.topology.mode: it has no value, or there is no such property");
	}

	@Test
	void whenThereAreTwoWaysToAuthenticateThenBothAreNamedAndNotShown(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--jetstream.token=t-secret", "--jetstream.nkey-seed=SU-secret"));
		assertThat(output).contains("only one of username and password, token, nkey-seed and credentials can be set")
			.doesNotContain("secret");
	}

	@Test
	void whenPropertiesArePrintedThenSecretsAreLeftOut() {
		JetStreamProperties properties = new JetStreamProperties(List.of("nats://app:url-secret@localhost"), null,
				"app", "pass-secret", null, null, null, new SslProperties(null, true), null, null, Map.of(), Map.of(),
				null, Map.of(), null, null, Map.of());
		assertThat(properties.toString()).contains("localhost").doesNotContain("secret");
		assertThat(new PropertiesJetStreamConnectionDetails(properties, null).toString()).doesNotContain("secret");
	}

	@Test
	void whenNamedConnectionsArePrintedThenSecretsAreLeftOut() {
		NamedConnectionProperties warehouse = new NamedConnectionProperties(List.of("nats://app:url-secret@localhost"),
				null, "app", "pass-secret", null, null, null, new SslProperties(null, true), null, null, Map.of(),
				Map.of(), null, null);
		JetStreamProperties properties = new JetStreamProperties(List.of("nats://localhost"), null, null, null, null,
				null, null, new SslProperties(null, true), null, null, Map.of(), Map.of(), null, Map.of(), null, null,
				Map.of("warehouse", warehouse));
		assertThat(properties.toString()).contains("warehouse").doesNotContain("secret");
		assertThat(warehouse.toString()).contains("localhost").doesNotContain("secret");
	}

	private static void run(String... arguments) {
		new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE).run(arguments).close();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration(JetStreamAutoConfiguration.class)
	static class Application {

	}

}
