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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Traces leave the application by Boot's own starter for OpenTelemetry.
 */
@EmbeddedNats
class TraceExportTests {

	@Test
	void whenACollectorIsConfiguredThenItGetsTheTrace(EmbeddedNatsServer server) throws Exception {
		List<byte[]> exported = new CopyOnWriteArrayList<>();
		HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		collector.createContext("/v1/traces", (exchange) -> collect(exchange, exported));
		collector.start();
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.run("--jetstream.servers=" + server.url(), "--spring.autoconfigure.exclude=",
					"--management.tracing.sampling.probability=1.0",
					"--management.opentelemetry.tracing.export.otlp.endpoint=http://localhost:%d/v1/traces"
						.formatted(collector.getAddress().getPort()),
					"--management.opentelemetry.tracing.export.schedule-delay=100ms",
					"--jetstream.streams.exports.subjects=exports.>",
					"--jetstream.streams.exports.consumers.exporter.filter-subjects=exports.>")) {
			Tracer tracer = context.getBean(Tracer.class);
			String hex = Observation.createNotStarted("request", context.getBean(ObservationRegistry.class))
				.observe(() -> {
					context.getBean(JetStreamTemplate.class).publish("exports.one", "x");
					return tracer.currentTraceContext().context().traceId();
				});
			String traceId = new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(text(exported)).contains(traceId, "request", "send exports",
						"process exports", "messaging.consumer.group.name", "exporter"));
		}
		finally {
			collector.stop(0);
		}
	}

	private static String text(List<byte[]> exported) {
		StringBuilder text = new StringBuilder();
		exported.forEach((bytes) -> text.append(new String(bytes, StandardCharsets.ISO_8859_1)));
		return text.toString();
	}

	private static void collect(HttpExchange exchange, List<byte[]> exported) throws IOException {
		byte[] body = exchange.getRequestBody().readAllBytes();
		boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
		exported.add(zipped ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes() : body);
		exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
		exchange.sendResponseHeaders(200, -1);
		exchange.close();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@JetStreamListener("exporter")
		void handle(String payload) {
		}

	}

}
