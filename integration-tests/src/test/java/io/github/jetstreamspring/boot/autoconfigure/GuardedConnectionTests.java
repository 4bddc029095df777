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

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.messaging.RestoredMessage;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.wire.GuardedDataPort;
import io.github.jetstreamspring.wire.GuardedDataPortWithWriteTimeout;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.impl.SocketDataPortWithWriteTimeout;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each connection reads what other clients send.
 */
@ExtendWith(OutputCaptureExtension.class)
class GuardedConnectionTests {

	private static final String NAME = "Müller 日本";

	@AutoClose
	private EmbeddedNatsServer server;

	@Test
	void whenNothingIsSetThenTheConnectionIsGuarded() throws Exception {
		assertReads(EmbeddedNatsServer.builder(), GuardedDataPortWithWriteTimeout.class, List.of());
	}

	@Test
	void whenThereIsNoWriteTimeoutThenTheConnectionIsGuarded() throws Exception {
		assertReads(EmbeddedNatsServer.builder(), GuardedDataPort.class, List.of(NoWriteTimeout.class));
	}

	@Test
	void whenTheConnectionIsSecureThenItIsGuarded(@TempDir Path directory) throws Exception {
		TestCertificates certificates = TestCertificates.create(directory, "server");
		assertReads(
				EmbeddedNatsServer.builder()
					.config("tls { cert_file: '%s', key_file: '%s' }".formatted(certificates.certificate(),
							certificates.key())),
				GuardedDataPortWithWriteTimeout.class, List.of(), "jetstream.ssl.bundle=nats",
				"spring.ssl.bundle.pem.nats.truststore.certificate=file:" + certificates.certificate());
	}

	@Test
	void whenThereAreSeveralConnectionsThenEachIsGuarded() {
		this.server = EmbeddedNatsServer.start();
		try (ConfigurableApplicationContext context = TestApplication.run(this.server.url(),
				"jetstream.connections.other.servers=" + this.server.url())) {
			Connection other = BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(),
					Connection.class, "other");
			assertThat(other.getOptions().getDataPortType()).isEqualTo(GuardedDataPortWithWriteTimeout.class.getName());
		}
	}

	@Test
	void whenACustomizerSetsADataPortThenItIsKeptAndTheLogSaysWhatThatMeans(CapturedOutput output) {
		this.server = EmbeddedNatsServer.start();
		try (ConfigurableApplicationContext context = TestApplication.run(List.of(OwnDataPort.class),
				this.server.url())) {
			assertThat(context.getBean(Connection.class).getOptions().getDataPortType())
				.isEqualTo(OwnSocket.class.getName());
			assertThat(output)
				.containsOnlyOnce("A ConnectionOptionsCustomizer has set the data port " + OwnSocket.class.getName());
		}
	}

	private void assertReads(EmbeddedNatsServer.Builder builder, Class<?> dataPort, List<Class<?>> sources,
			String... properties) throws Exception {
		this.server = builder.start();
		List<String> all = new ArrayList<>(Arrays.asList(properties));
		all.add("jetstream.streams.jobs.subjects=jobs.>");
		try (ConfigurableApplicationContext context = TestApplication.run(sources, this.server.url(),
				all.toArray(String[]::new))) {
			Connection connection = context.getBean(Connection.class);
			assertThat(connection.getOptions().getDataPortType()).isEqualTo(dataPort.getName());
			BlockingQueue<Message> received = new LinkedBlockingQueue<>();
			connection.createDispatcher().subscribe("jobs.>", received::add);
			connection.flush(Duration.ofSeconds(5));
			context.getBean(JetStreamTemplate.class)
				.message("payload")
				.to("jobs.größe")
				.header("X-Name", NAME)
				.header("plain", "1")
				.publish();
			Message message = received.poll(20, TimeUnit.SECONDS);
			assertThat(message).isNotNull();
			// What the client reads of it, and what was sent
			assertThat(message.getHeaders().getFirst("plain")).isEqualTo("1");
			assertThat(message.getHeaders().containsKey("X-Name")).isFalse();
			Message restored = RestoredMessage.of(message);
			assertThat(restored.getSubject()).isEqualTo("jobs.größe");
			assertThat(restored.getHeaders().getFirst("X-Name")).isEqualTo(NAME);
			assertThat(new String(restored.getData(), StandardCharsets.UTF_8)).isEqualTo("payload");
			assertThat(connection.getStatistics().getReconnects()).isZero();
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class NoWriteTimeout {

		@Bean
		ConnectionOptionsCustomizer noWriteTimeout() {
			return (options) -> options.socketWriteTimeout(null);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataPort {

		@Bean
		ConnectionOptionsCustomizer ownDataPort() {
			return (options) -> options.dataPortType(OwnSocket.class.getName());
		}

	}

	/**
	 * A socket of an application's own.
	 */
	public static final class OwnSocket extends SocketDataPortWithWriteTimeout {

	}

}
