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
package io.github.jetstreamspring.observation;

import java.time.Duration;
import java.util.List;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Traces of what the server publishes by itself.
 */
@EmbeddedNats
@NeedsServer("2.14")
class RecurringTraceTests {

	@Test
	void whenTheServerPublishesRegularlyThenEachMessageIsHandledInATraceOfItsOwn(EmbeddedNatsServer server) {
		try (ConfigurableApplicationContext regular = new SpringApplicationBuilder(Regular.class)
			.web(WebApplicationType.NONE)
			.run("--jetstream.servers=" + server.url(), "--spring.autoconfigure.exclude=",
					"--management.tracing.sampling.probability=1.0", "--jetstream.streams.regular.subjects=regular.>",
					"--jetstream.streams.regular.allow-message-schedules=true",
					"--jetstream.streams.regular.consumers.regular.filter-subjects=regular.job",
					"--jetstream.schedules.regularly.subject=regular.job",
					"--jetstream.schedules.regularly.every=1s")) {
			InMemorySpanExporter own = regular.getBean(Regular.class).exporter;
			await().atMost(Duration.ofSeconds(30))
				.until(() -> own.getFinishedSpanItems()
					.stream()
					.filter((span) -> span.getName().equals("process regular"))
					.count() >= 2);
			List<SpanData> jobs = own.getFinishedSpanItems()
				.stream()
				.filter((span) -> span.getName().equals("process regular"))
				.toList();
			assertThat(jobs).extracting(SpanData::getTraceId).doesNotHaveDuplicates();
			assertThat(jobs).extracting(SpanData::getParentSpanId).containsOnly(SpanId.getInvalid());
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Regular {

		private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

		@Bean
		SpanProcessor spanProcessor() {
			return SimpleSpanProcessor.create(this.exporter);
		}

		@JetStreamListener("regular")
		void handle(byte[] payload) {
		}

	}

}
