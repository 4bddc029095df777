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
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.micrometer.common.KeyValues;
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

import static io.github.jetstreamspring.observation.Spans.attributes;
import static io.github.jetstreamspring.observation.Spans.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What traces say where the application has a say in it.
 */
@EmbeddedNats
class TraceConventionTests {

	@Test
	void whenThereAreBeansForConventionsThenTheyTakeThePlaceOfOurs(EmbeddedNatsServer server) {
		try (ConfigurableApplicationContext own = new SpringApplicationBuilder(Conventional.class)
			.web(WebApplicationType.NONE)
			.run("--jetstream.servers=" + server.url(), "--spring.autoconfigure.exclude=",
					"--management.tracing.sampling.probability=1.0", "--jetstream.streams.tenants.subjects=tenants.>",
					"--jetstream.streams.tenants.consumers.tenant.filter-subjects=tenants.new")) {
			own.getBean(JetStreamTemplate.class).message("x").to("tenants.new").header("tenant", "acme").publish();
			InMemorySpanExporter exporter = own.getBean(Conventional.class).exporter;
			await().atMost(Duration.ofSeconds(30)).until(() -> exporter.getFinishedSpanItems().size() == 2);
			List<SpanData> both = exporter.getFinishedSpanItems();
			assertThat(attributes(span(both, "process tenants"))).containsEntry("tenant", "acme")
				.containsEntry("jetstream.subject", "tenants.new");
			assertThat(attributes(span(both, "put into tenants.new"))).containsEntry("outcome", "stored")
				.doesNotContainKey("jetstream.subject");
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Conventional {

		private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

		@Bean
		SpanProcessor spanProcessor() {
			return SimpleSpanProcessor.create(this.exporter);
		}

		@Bean
		ListenerObservationConvention listenerConvention() {
			return new DefaultListenerObservationConvention() {

				@Override
				public KeyValues getHighCardinalityKeyValues(ListenerObservationContext context) {
					String tenant = context.getDelivery().headers().getFirst("tenant");
					KeyValues values = super.getHighCardinalityKeyValues(context);
					return (tenant != null) ? values.and("tenant", tenant) : values;
				}

			};
		}

		@Bean
		PublishObservationConvention publishConvention() {
			return new DefaultPublishObservationConvention() {

				@Override
				public String getContextualName(PublishObservationContext context) {
					return "put into " + context.getSubject();
				}

				@Override
				public KeyValues getHighCardinalityKeyValues(PublishObservationContext context) {
					return KeyValues.empty();
				}

			};
		}

		@JetStreamListener("tenant")
		void handle(String payload) {
		}

	}

}
