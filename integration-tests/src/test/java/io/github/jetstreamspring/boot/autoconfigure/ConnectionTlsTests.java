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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * TLS by an SSL bundle.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class ConnectionTlsTests {

	private static final String BUNDLE = "spring.ssl.bundle.pem.nats.";

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
	void whenTheBundleTrustsTheServerThenTheConnectionIsSecure() {
		start(tls(""));
		assertConnects(this.server.url(), bundle(serverCertificates));
		assertConnects(this.server.url().replace("nats:", "tls:"), bundle(serverCertificates));
	}

	@Test
	void whenTheServerWantsACertificateThenTheBundlesIsShown() {
		start(tls("verify: true, ca_file: '%s'".formatted(clientCertificates.certificate())));
		List<String> properties = new ArrayList<>(List.of(bundle(serverCertificates)));
		properties.add(BUNDLE + "keystore.certificate=file:" + clientCertificates.certificate());
		properties.add(BUNDLE + "keystore.private-key=file:" + clientCertificates.key());
		assertConnects(this.server.url(), properties.toArray(String[]::new));
	}

	@Test
	void whenTheServerWantsACertificateAndTheBundleHasNoneThenTlsFails(CapturedOutput output) {
		start(tls("verify: true, ca_file: '%s'".formatted(clientCertificates.certificate())));
		List<String> properties = new ArrayList<>(List.of(bundle(serverCertificates)));
		properties.add("jetstream.connection.startup-timeout=1s");
		assertThatException()
			.isThrownBy(() -> TestApplication.run(this.server.url(), properties.toArray(String[]::new)).close());
		assertThat(output).contains("TLS to the NATS server at " + this.server.url() + " can't be set up.")
			.contains("has a key if it demands one");
	}

	@Test
	void whenTheBundleDoesNotTrustTheServerThenTlsFails(CapturedOutput output) {
		start(tls(""));
		assertFails(output, bundle(clientCertificates));
	}

	@Test
	void whenTheServerWantsTlsAndThereIsNoBundleThenTlsFails(CapturedOutput output) {
		start(tls(""));
		assertFails(output);
	}

	@Test
	void whenTheServerHasNoTlsThenTlsFails(CapturedOutput output) {
		start();
		assertFails(output, bundle(serverCertificates));
	}

	@Test
	void whenTheBundleIsUnknownThenItIsNamed(CapturedOutput output) {
		start();
		assertThatException()
			.isThrownBy(() -> TestApplication.run(this.server.url(), "jetstream.ssl.bundle=missing").close());
		assertThat(output).contains("The SSL bundle 'missing' can't be used.")
			.contains("Correct jetstream.ssl.bundle, or define the bundle under spring.ssl.bundle.");
	}

	private void assertFails(CapturedOutput output, String... properties) {
		List<String> all = new ArrayList<>(List.of("jetstream.connection.startup-timeout=20s"));
		Collections.addAll(all, properties);
		assertThatException()
			.isThrownBy(() -> TestApplication.run(this.server.url(), all.toArray(String[]::new)).close());
		assertThat(output).doesNotContain("Waiting for it")
			.contains("TLS to the NATS server at " + this.server.url() + " can't be set up.")
			.contains("set jetstream.ssl.bundle to an SSL bundle that trusts its certificate");
	}

	private void assertConnects(String url, String... properties) {
		try (ConfigurableApplicationContext context = TestApplication.run(url, properties)) {
			Connection connection = context.getBean(Connection.class);
			assertThat(connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
			assertThat(connection.getServerInfo().isTLSRequired()).isTrue();
		}
	}

	private void start(String... configuration) {
		this.server = EmbeddedNatsServer.builder().config(configuration).start();
	}

	private static String tls(String more) {
		return "tls { cert_file: '%s', key_file: '%s', %s }".formatted(serverCertificates.certificate(),
				serverCertificates.key(), more);
	}

	private static String[] bundle(TestCertificates trusted) {
		return new String[] { "jetstream.ssl.bundle=nats",
				BUNDLE + "truststore.certificate=file:" + trusted.certificate() };
	}

}
