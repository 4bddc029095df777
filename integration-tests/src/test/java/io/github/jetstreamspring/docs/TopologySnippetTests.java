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

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestStreams;
import io.github.jetstreamspring.topology.ConsumerConfigurationCustomizer;
import io.github.jetstreamspring.topology.StreamConfigurationCustomizer;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.CompressionOption;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What the page about the topology says, and its snippets.
 */
@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats
class TopologySnippetTests {

	private EmbeddedNatsServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) {
		this.server = embedded;
	}

	@AfterEach
	void stop() {
		TestStreams.deleteAll(this.server);
	}

	@Test
	void streamsOfTheYamlAreOnTheServer() throws Exception {
		try (ConfigurableApplicationContext context = run("topology.yml")) {
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			StreamConfiguration orders = management.getStreamInfo("orders").getConfiguration();
			assertThat(orders.getRetentionPolicy()).isEqualTo(RetentionPolicy.WorkQueue);
			assertThat(orders.getMaxBytes()).isEqualTo(10L * 1024 * 1024 * 1024);
			assertThat(orders.getDiscardPolicy()).isEqualTo(DiscardPolicy.New);
			assertThat(orders.getCompressionOption()).isEqualTo(CompressionOption.S2);
			ConsumerConfiguration charging = management.getConsumerInfo("orders", "charging")
				.getConsumerConfiguration();
			assertThat(charging.getAckWait()).isEqualTo(Duration.ofSeconds(10));
			assertThat(charging.getMaxDeliver()).isEqualTo(-1);
			assertThat(management.getConsumerInfo("orders", "shipping").getConsumerConfiguration().getFilterSubjects())
				.containsExactly("orders.paid", "orders.replaced");
			assertThat(management.getStreamInfo("audit").getConfiguration().getMaxAge())
				.isEqualTo(Duration.ofDays(365));
		}
	}

	@Test
	void changesAreLogged(CapturedOutput output) throws Exception {
		run("topology.yml").close();
		run("topology-changed.yml").close();
		assertThat(output).containsSubsequence(Snippets.text("topology-log.txt", "log").split("\n"));
	}

	@Test
	void whatIsWrongIsReportedTogether(CapturedOutput output) throws Exception {
		run("topology.yml").close();
		assertThatException().isThrownBy(() -> run("topology-wrong.yml"));
		// The page breaks long lines
		assertThat(output).containsIgnoringWhitespaces(Snippets.text("topology-wrong.txt", "failure"));
	}

	@Test
	void reportBeforeADeployment(CapturedOutput output) throws Exception {
		run("topology.yml").close();
		assertThatException().isThrownBy(() -> run("topology-report.yml", "jetstream.topology.report="))
			.havingRootCause()
			.isInstanceOfSatisfying(ExitCodeGenerator.class, (end) -> assertThat(end.getExitCode()).isOne());
		assertThat(output).contains(Snippets.text("topology-report.txt", "report"));
	}

	@Test
	void definitionsInCodeAreDeclaredWithTheYaml() throws Exception {
		try (ConfigurableApplicationContext context = run(InCode.class, "topology.yml")) {
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			assertThat(management.getStreamInfo("mails").getConfiguration().getMaxAge()).isEqualTo(Duration.ofDays(2));
			assertThat(management.getConsumerInfo("mails", "mailer-eu").getConsumerConfiguration().getFilterSubjects())
				.containsExactly("mails.eu.>");
			assertThat(management.getConsumerInfo("mails", "mailer-us")).isNotNull();
			assertThat(management.getStreamInfo("orders").getConfiguration().getDescription())
				.isEqualTo("Orders of the shop");
			assertThat(management.getStreamInfo("orders").getConfiguration().getMetadata())
				.containsEntry("team", "shop")
				.containsEntry("queue", "orders");
			assertThat(management.getConsumerInfo("orders", "charging").getConsumerConfiguration().getMaxAckPending())
				.isEqualTo(50);
			assertThat(management.getConsumerInfo("mails", "mailer-us").getConsumerConfiguration().getMaxAckPending())
				.isEqualTo(1000);
		}
	}

	@Test
	void deadLetterStreamTakesMoreSettings() throws Exception {
		try (ConfigurableApplicationContext context = run("topology-dead-letters.yml")) {
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			StreamConfiguration deadLetters = management.getStreamInfo("dead-letters").getConfiguration();
			assertThat(deadLetters.getSubjects()).containsExactly("dead-letters.>");
			assertThat(deadLetters.getRetentionPolicy()).isEqualTo(RetentionPolicy.Limits);
			assertThat(deadLetters.getMaxAge()).isEqualTo(Duration.ofDays(90));
			assertThat(deadLetters.getMaxBytes()).isEqualTo(1024 * 1024 * 1024);
			assertThat(management.getConsumerInfo("dead-letters", "reviewer")).isNotNull();
		}
	}

	@Test
	void withoutDeadLettersThereIsNoStreamForThem() throws Exception {
		try (ConfigurableApplicationContext context = run("empty.yml", "jetstream.dead-letter.enabled=false")) {
			assertThat(context.getBean(JetStreamManagement.class).getStreamNames()).isEmpty();
		}
	}

	private ConfigurableApplicationContext run(String resource, String... properties) {
		return run(ConfigurationSnippetTests.Application.class, resource, properties);
	}

	private ConfigurableApplicationContext run(Class<?> application, String resource, String... properties) {
		String[] all = new String[properties.length + 1];
		System.arraycopy(properties, 0, all, 1, properties.length);
		all[0] = "jetstream.servers=" + this.server.url();
		return Snippets.run(application, resource, all);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class InCode {

		// tag::definition[]
		@Bean
		StreamDefinition mails() {
			StreamDefinition.Builder mails = StreamDefinition.workQueue("mails")
				.subjects("mails.>")
				.maxAge(Duration.ofDays(2));
			for (String region : List.of("eu", "us")) {
				mails.consumer("mailer-" + region, (consumer) -> consumer.filterSubjects("mails." + region + ".>")
					.ackWait(Duration.ofSeconds(10)));
			}
			return mails.build();
		}
		// end::definition[]

		// tag::customizers[]
		@Bean
		StreamConfigurationCustomizer owner() {
			return (stream) -> stream.metadata(Map.of("team", "shop", "queue", stream.name()));
		}

		@Bean
		ConsumerConfigurationCustomizer limitedInFlight() {
			return (stream, consumer) -> {
				if (stream.equals("orders")) {
					consumer.maxAckPending(50);
				}
			};
		}
		// end::customizers[]

		@Bean
		StreamDefinition orders() {
			return StreamDefinition.named("orders").description("Orders of the shop").build();
		}

	}

}
