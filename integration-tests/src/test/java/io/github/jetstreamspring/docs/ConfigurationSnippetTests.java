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

package io.github.jetstreamspring.docs;

import java.nio.file.Path;
import java.util.List;

import io.github.jetstreamspring.boot.autoconfigure.ConnectionOptionsCustomizer;
import io.github.jetstreamspring.boot.autoconfigure.JetStreamConnectionDetails;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The snippets of the page about the configuration.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConfigurationSnippetTests {

	@Test
	void whatIsInvalidIsReportedTogether(CapturedOutput output) throws Exception {
		assertThatException().isThrownBy(() -> Snippets.run(Application.class, "invalid.yml"));
		assertThat(output).contains(Snippets.text("invalid.txt", "failure"));
	}

	@Test
	void detailsAndCustomizersMakeTheConnection() {
		try (EmbeddedNatsServer server = EmbeddedNatsServer.builder()
			.config("authorization { user: shop, password: \"from the vault\" }")
			.start();
				ConfigurableApplicationContext context = Snippets.run(Connected.class, "empty.yml",
						"vault.url=" + server.url(), "vault.password=from the vault")) {
			Connection connection = context.getBean(Connection.class);
			assertThat(connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
			assertThat(connection.getOptions().getReconnectBufferSize()).isEqualTo(1024 * 1024);
		}
	}

	@Test
	void bundleMakesTheConnectionSecureBothWays(@TempDir Path directory) throws Exception {
		TlsFiles.write(directory);
		try (EmbeddedNatsServer server = EmbeddedNatsServer.builder()
			.config("tls { cert_file: '%1$s/app.pem', key_file: '%1$s/app-key.pem', ca_file: '%1$s/ca.pem', verify: true }"
				.formatted(directory))
			.start();
				ConfigurableApplicationContext context = Snippets.run(Application.class, "tls.yml",
						"TLS_DIRECTORY=" + directory, "NATS_URL=" + server.url())) {
			Connection connection = context.getBean(Connection.class);
			assertThat(connection.getServerInfo().isTLSRequired()).isTrue();
			assertThat(connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Connected {

		// tag::details[]
		@Bean
		JetStreamConnectionDetails vaultConnectionDetails(Vault vault) {
			return new JetStreamConnectionDetails() {

				@Override
				public List<String> getServers() {
					return List.of(vault.url());
				}

				@Override
				public String getUsername() {
					return "shop";
				}

				@Override
				public String getPassword() {
					return vault.password();
				}

			};
		}
		// end::details[]

		// tag::customizer[]
		@Bean
		ConnectionOptionsCustomizer smallReconnectBuffer() {
			return (options) -> options.reconnectBufferSize(1024 * 1024);
		}
		// end::customizer[]

		@Bean
		Vault vault(Environment environment) {
			return new Vault(environment.getRequiredProperty("vault.url"),
					environment.getRequiredProperty("vault.password"));
		}

	}

	record Vault(String url, String password) {
	}

}
