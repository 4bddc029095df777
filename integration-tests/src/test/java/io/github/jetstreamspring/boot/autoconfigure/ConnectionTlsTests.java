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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import javax.net.ssl.SSLContext;

import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * TLS by an SSL bundle.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class ConnectionTlsTests {

	private static final String BUNDLE = "spring.ssl.bundle.pem.nats.";

	private static final Pattern ROUTE_PORT = Pattern.compile("Listening for route connections on 127.0.0.1:(\\d+)");

	@TempDir
	static Path directory;

	private static TestCertificates serverCertificates;

	private static TestCertificates clientCertificates;

	private static TestCertificates localhostCertificates;

	@AutoClose
	private EmbeddedNatsServer server;

	@BeforeAll
	static void createCertificates() throws Exception {
		serverCertificates = TestCertificates.create(directory, "server");
		clientCertificates = TestCertificates.create(directory, "client");
		localhostCertificates = TestCertificates.create(directory, "localhost", "dns:localhost");
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

	@Test
	void whenTheCertificateIsForTheHostNameThenTheConnectionIsSecure() {
		start(tls(localhostCertificates, ""));
		assertConnects(url("nats", "localhost"), bundle(localhostCertificates));
	}

	@Test
	void whenTheCertificateIsForAnotherHostThenStartUpEndsAtOnceAndSaysSo(CapturedOutput output) {
		start(tls(localhostCertificates, ""));
		assertWrongHost(output, this.server.url(), bundle(localhostCertificates));
	}

	@Test
	void whenTheJavaRuntimeTrustsTheCertificateThenItMustBeForTheHostAllTheSame(CapturedOutput output)
			throws Exception {
		start(tls(localhostCertificates, ""));
		SSLContext runtimes = SSLContext.getDefault();
		SSLContext.setDefault(trusting(localhostCertificates).createSslContext());
		try {
			assertConnects(url("tls", "localhost"));
			assertWrongHost(output, url("tls", "127.0.0.1"));
		}
		finally {
			SSLContext.setDefault(runtimes);
		}
	}

	@Test
	void whenHostNamesAreNotVerifiedThenATrustedCertificateIsEnough() {
		start(tls(localhostCertificates, ""));
		List<String> properties = new ArrayList<>(List.of(bundle(localhostCertificates)));
		properties.add("jetstream.ssl.verify-hostname=false");
		assertConnects(this.server.url(), properties.toArray(String[]::new));
	}

	@Test
	void whenTheServerWantsTheHandshakeFirstThenTheNameIsVerifiedToo(CapturedOutput output) {
		start(tls(localhostCertificates, "handshake_first: true"));
		try (ConfigurableApplicationContext context = TestApplication.run(List.of(TlsFirst.class),
				url("nats", "localhost"), bundle(localhostCertificates))) {
			assertThat(context.getBean(Connection.class).getStatus()).isEqualTo(Connection.Status.CONNECTED);
		}
		assertThatException().isThrownBy(
				() -> TestApplication.run(List.of(TlsFirst.class), this.server.url(), bundle(localhostCertificates))
					.close());
		assertThat(output).contains("is not for that host.");
	}

	@Test
	void whenTheBundleHasAProtocolThatTheServerHasNotThenTlsFails(CapturedOutput output) {
		start(tls("min_version: '1.3'"));
		List<String> properties = new ArrayList<>(List.of(bundle(serverCertificates)));
		properties.add(BUNDLE + "options.enabled-protocols=TLSv1.2");
		assertFails(output, properties.toArray(String[]::new));
	}

	@Test
	void whenTheBundleHasACipherThenItIsUsed(CapturedOutput output) {
		start(tls(""), "debug: true");
		List<String> properties = new ArrayList<>(List.of(bundle(serverCertificates)));
		properties.add(BUNDLE + "options.ciphers=TLS_CHACHA20_POLY1305_SHA256");
		assertConnects(this.server.url(), properties.toArray(String[]::new));
		assertThat(this.server.logFile()).content().contains("cipher suite TLS_CHACHA20_POLY1305_SHA256");
	}

	@Test
	void whenTheClientIsToldOfAServerByItsAddressThenItMustHaveTheNameOfTheOther() throws Exception {
		// Certificates of clusters are for names only, and their servers tell addresses
		String cluster = "cluster { name: shop, listen: '127.0.0.1:-1', %s }";
		try (EmbeddedNatsServer other = server(tls(localhostCertificates, ""), cluster.formatted("")).start()) {
			this.server = server(tls(localhostCertificates, ""),
					cluster.formatted("routes: [ 'nats://127.0.0.1:%s' ]".formatted(routePort(other))))
				.start();
			Connection connection = Nats.connect(options(url("nats", "localhost"), localhostCertificates));
			try {
				await().until(() -> connection.getServers().contains("nats://127.0.0.1:" + other.port()));
				this.server.stop();
				await().until(() -> connection.getStatus() == Connection.Status.CONNECTED
						&& connection.getServerInfo().getPort() == other.port());
			}
			finally {
				connection.close();
			}
		}
	}

	private static String routePort(EmbeddedNatsServer server) {
		// Clients are let in before the port for routes is open
		return await()
			.until(() -> ROUTE_PORT.matcher(Files.readString(server.logFile())).results().findFirst(),
					Optional::isPresent)
			.orElseThrow()
			.group(1);
	}

	private static EmbeddedNatsServer.Builder server(String... configuration) {
		return EmbeddedNatsServer.builder().withoutJetStream().config(configuration);
	}

	private static Options options(String url, TestCertificates certificates) {
		JetStreamConnectionDetails details = new JetStreamConnectionDetails() {

			@Override
			public List<String> getServers() {
				return List.of(url);
			}

			@Override
			public SslBundle getSslBundle() {
				return trusting(certificates);
			}

		};
		JetStreamProperties properties = new Binder(new MapConfigurationPropertySource()).bindOrCreate("jetstream",
				JetStreamProperties.class);
		return new ConnectionOptionsFactory(details, properties, null, List.of()).create(new ConnectionEventLogger());
	}

	private void assertWrongHost(CapturedOutput output, String url, String... properties) {
		List<String> all = new ArrayList<>(List.of("jetstream.connection.startup-timeout=20s"));
		Collections.addAll(all, properties);
		assertThatException().isThrownBy(() -> TestApplication.run(url, all.toArray(String[]::new)).close());
		assertThat(output).doesNotContain("Waiting for it")
			.contains("The certificate of the NATS server at " + url + " is not for that host.")
			.contains("set jetstream.ssl.verify-hostname to false");
	}

	private String url(String scheme, String host) {
		return scheme + "://" + host + ":" + this.server.port();
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
		return tls(serverCertificates, more);
	}

	private static String tls(TestCertificates certificates, String more) {
		return "tls { cert_file: '%s', key_file: '%s', %s }".formatted(certificates.certificate(), certificates.key(),
				more);
	}

	private static String[] bundle(TestCertificates trusted) {
		return new String[] { "jetstream.ssl.bundle=nats",
				BUNDLE + "truststore.certificate=file:" + trusted.certificate() };
	}

	private static SslBundle trusting(TestCertificates certificates) {
		PemSslStoreDetails store = PemSslStoreDetails.forCertificate("file:" + certificates.certificate());
		return SslBundle.of(new PemSslStoreBundle(null, store));
	}

	@Configuration(proxyBeanMethods = false)
	static class TlsFirst {

		@Bean
		ConnectionOptionsCustomizer tlsFirst() {
			return (options) -> options.tlsFirst();
		}

	}

}
