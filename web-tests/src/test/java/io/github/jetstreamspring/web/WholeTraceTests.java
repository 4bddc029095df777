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

package io.github.jetstreamspring.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.micrometer.tracing.Tracer;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.impl.Headers;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One trace, from an HTTP request over a queue, a client that knows nothing of traces,
 * retries and a dead letter to a redrive, as a collector gets it from Boot's own starter
 * for OpenTelemetry.
 */
@Timeout(120)
class WholeTraceTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final HttpClient client = HttpClient.newHttpClient();

	private final List<Span> spans = new CopyOnWriteArrayList<>();

	private EmbeddedNatsServer server;

	private HttpServer collector;

	private Connection plain;

	@BeforeEach
	void start() throws Exception {
		this.server = EmbeddedNatsServer.start();
		this.collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.collector.createContext("/v1/traces", this::collect);
		this.collector.start();
	}

	@AfterEach
	void stop() throws Exception {
		if (this.plain != null) {
			this.plain.close();
		}
		this.collector.stop(0);
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void fromTheRequestToTheRedriveThereIsOneTrace(WebServer web) throws Exception {
		this.plain = Nats.connect(this.server.url());
		try (ConfigurableApplicationContext context = run(web)) {
			Application application = context.getBean(Application.class);
			JetStreamSubscription hop = this.plain.jetStream()
				.subscribe("orders.placed", PullSubscribeOptions.builder().durable("hop").build());
			assertThat(post(context, "/orders", "bread").statusCode()).isEqualTo(200);
			forward(hop, this.plain.jetStream());
			await().atMost(PATIENCE).until(() -> named("send dead-letters").size() == 1);
			application.failing = false;
			HttpResponse<String> redrive = post(context, "/actuator/jetstreamdeadletters",
					"{\"action\": \"redrive\", \"consumer\": \"packer\"}");
			assertThat(redrive.body()).contains("\"redriven\":1");
			await().atMost(PATIENCE).until(() -> named("process parcels").size() == 3);
			await().atMost(PATIENCE)
				.until(() -> named("send dead-letters-redrive").size() == 1 && named("http post /orders").size() == 1);
			Span request = named("http post /orders").get(0);
			ByteString trace = request.getTraceId();
			Span published = named("send orders").get(0);
			assertThat(published.getTraceId()).isEqualTo(trace);
			// Spring Security has spans of its own in between
			assertThat(this.spans).filteredOn((span) -> span.getSpanId().equals(published.getParentSpanId()))
				.extracting(Span::getTraceId)
				.containsExactly(trace);
			assertThat(named("process parcels")).hasSize(3).allSatisfy((attempt) -> {
				assertThat(attempt.getTraceId()).isEqualTo(trace);
				assertThat(attempt.getParentSpanId()).isEqualTo(published.getSpanId());
			});
			assertThat(named("process parcels")).extracting((attempt) -> attempt.getStatus().getCode())
				.containsExactlyInAnyOrder(Status.StatusCode.STATUS_CODE_ERROR, Status.StatusCode.STATUS_CODE_ERROR,
						Status.StatusCode.STATUS_CODE_UNSET);
			assertThat(named("send dead-letters").get(0).getTraceId()).isEqualTo(trace);
			// A request of its own, which leads to the trace of the message
			Span redriven = named("send dead-letters-redrive").get(0);
			assertThat(redriven.getTraceId()).isNotEqualTo(trace);
			assertThat(redriven.getLinksList()).extracting(Span.Link::getTraceId).containsExactly(trace);
			// What the handler publishes at last
			Span done = this.spans.stream()
				.filter((span) -> span.getName().equals("send orders") && !span.equals(published))
				.findAny()
				.orElseThrow();
			assertThat(done.getTraceId()).isEqualTo(trace);
			// What the log of each handler's run says
			String hex = hex(trace);
			assertThat(application.traceIds).hasSize(3).containsOnly(hex);
		}
	}

	// All that a client does that has never heard of traces
	private static void forward(JetStreamSubscription hop, JetStream jetStream) throws Exception {
		Message message = hop.fetch(1, PATIENCE).get(0);
		Headers forwarded = new Headers();
		message.getHeaders().forEach((name, values) -> {
			if (!name.startsWith("Nats-")) {
				forwarded.put(name, values);
			}
		});
		jetStream.publish("parcels.new", forwarded, message.getData());
		message.ack();
	}

	private List<Span> named(String name) {
		return this.spans.stream().filter((span) -> span.getName().equals(name)).toList();
	}

	private static String hex(ByteString id) {
		StringBuilder hex = new StringBuilder();
		for (byte part : id.toByteArray()) {
			hex.append("%02x".formatted(part));
		}
		return hex.toString();
	}

	private void collect(HttpExchange exchange) throws IOException {
		byte[] body = exchange.getRequestBody().readAllBytes();
		if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
			body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
		}
		ExportTraceServiceRequest.parseFrom(body)
			.getResourceSpansList()
			.forEach((resource) -> resource.getScopeSpansList()
				.forEach((scope) -> this.spans.addAll(scope.getSpansList())));
		exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
		exchange.sendResponseHeaders(200, -1);
		exchange.close();
	}

	private static HttpResponse<String> post(ConfigurableApplicationContext context, String path, String body)
			throws Exception {
		String credentials = Base64.getEncoder().encodeToString("ops:secret".getBytes(StandardCharsets.UTF_8));
		String type = path.startsWith("/actuator") ? "application/json" : "text/plain";
		return client.send(HttpRequest
			.newBuilder(URI.create(
					"http://localhost:%s%s".formatted(context.getEnvironment().getProperty("local.server.port"), path)))
			.header("Content-Type", type)
			.header("Authorization", "Basic " + credentials)
			.POST(BodyPublishers.ofString(body))
			.build(), BodyHandlers.ofString());
	}

	private ConfigurableApplicationContext run(WebServer web) {
		return web.application(Application.class)
			.run("--jetstream.servers=" + this.server.url(), "--server.port=0", web.choiceWithTracer(),
					"--spring.reactor.context-propagation=auto", "--management.tracing.sampling.probability=1.0",
					"--management.opentelemetry.tracing.export.otlp.endpoint=http://localhost:%d/v1/traces"
						.formatted(this.collector.getAddress().getPort()),
					"--management.opentelemetry.tracing.export.schedule-delay=100ms",
					"--management.endpoints.web.exposure.include=jetstreamdeadletters",
					"--management.endpoint.jetstreamdeadletters.access=unrestricted",
					"--jetstream.streams.orders.subjects=orders.>", "--jetstream.streams.orders.retention=limits",
					"--jetstream.streams.parcels.subjects=parcels.>",
					"--jetstream.streams.parcels.consumers.packer.filter-subjects=parcels.>",
					"--jetstream.listener.retry.delay=10ms", "--jetstream.listener.retry.max-attempts=2",
					"--spring.security.user.name=ops", "--spring.security.user.password=secret");
	}

	@RestController
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ServletSecurity.class, ReactiveSecurity.class })
	static class Application {

		private final JetStreamTemplate template;

		private final Tracer tracer;

		private final Queue<String> traceIds = new ConcurrentLinkedQueue<>();

		private volatile boolean failing = true;

		Application(JetStreamTemplate template, Tracer tracer) {
			this.template = template;
			this.tracer = tracer;
		}

		@PostMapping("/orders")
		Mono<String> place(@RequestBody String order) {
			return Mono.fromCallable(() -> "stored as " + this.template.publish("orders.placed", order).sequence());
		}

		@JetStreamListener("packer")
		void pack(String order) {
			this.traceIds.add(this.tracer.currentTraceContext().context().traceId());
			if (this.failing) {
				throw new IllegalStateException("no box");
			}
			this.template.publish("orders.packed", order);
		}

	}

}
