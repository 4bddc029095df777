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

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.deadletter.RedriveOptions;
import io.github.jetstreamspring.deadletter.RedriveResult;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.handler.annotation.SendTo;

import static io.github.jetstreamspring.observation.Spans.attributes;
import static io.github.jetstreamspring.observation.Spans.span;
import static io.github.jetstreamspring.observation.Spans.spans;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Traces over publishing and handling, as Boot's own OpenTelemetry support makes them.
 */
@EmbeddedNats
@NeedsServer("2.12")
class TraceTests {

	private static final InMemorySpanExporter spans = InMemorySpanExporter.create();

	private static volatile boolean failing;

	private static final BlockingQueue<String> handled = new LinkedBlockingQueue<>();

	private static EmbeddedNatsServer server;

	private static ConfigurableApplicationContext context;

	private static JetStreamTemplate template;

	private static Connection plain;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) throws Exception {
		server = embedded;
		context = run(Application.class);
		template = context.getBean(JetStreamTemplate.class);
		plain = TestConnections.connect(server.url());
	}

	static ConfigurableApplicationContext run(Class<?> application, String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--jetstream.servers=" + server.url(),
				"--spring.autoconfigure.exclude=", "--management.tracing.sampling.probability=1.0",
				"--jetstream.streams.orders.subjects=orders.>",
				"--jetstream.streams.orders.allow-message-schedules=true",
				"--jetstream.streams.orders.consumers.failing.filter-subjects=orders.failing",
				"--jetstream.streams.orders.consumers.delayed.filter-subjects=orders.delayed",
				"--jetstream.streams.orders.consumers.far.filter-subjects=orders.far",
				"--jetstream.streams.orders.consumers.future.filter-subjects=orders.future",
				"--jetstream.streams.orders.consumers.mono.filter-subjects=orders.mono",
				"--jetstream.streams.orders.consumers.batch.filter-subjects=orders.batch",
				"--jetstream.streams.orders.consumers.plain.filter-subjects=orders.plain",
				"--jetstream.streams.orders.consumers.failing-future.filter-subjects=orders.failing-future",
				"--jetstream.streams.orders.consumers.failing-mono.filter-subjects=orders.failing-mono",
				"--jetstream.streams.orders.consumers.failing-batch.filter-subjects=orders.failing-batch",
				"--jetstream.streams.orders.consumers.failing-verb.filter-subjects=orders.failing-verb",
				"--jetstream.streams.orders.consumers.redriven.filter-subjects=orders.redriven",
				"--jetstream.streams.orders.consumers.next.filter-subjects=orders.next",
				"--jetstream.listener.retry.delay=10ms", "--jetstream.listener.retry.max-attempts=2",
				"--jetstream.listeners.far.retry.schedule-after=0s", "--jetstream.listeners.batch.auto-startup=false"));
		for (String property : properties) {
			arguments.add("--" + property);
		}
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

	@AfterAll
	static void stop() throws Exception {
		plain.close();
		context.close();
	}

	@BeforeEach
	void forget() {
		spans.reset();
		handled.clear();
		failing = true;
	}

	@Test
	void whenAMessageEndsAsADeadLetterThenOneTraceTellsAllOfIt() throws Exception {
		observed("request", () -> template.message("x").to("orders.failing").id("failing-1").publish());
		List<SpanData> trace = awaitSpans("request", "send orders", "process orders", "process orders",
				"send dead-letters");
		assertThat(trace).extracting(SpanData::getTraceId).containsOnly(trace.get(0).getTraceId());
		SpanData request = span(trace, "request");
		SpanData sent = span(trace, "send orders");
		assertThat(sent.getParentSpanId()).isEqualTo(request.getSpanId());
		assertThat(sent.getKind()).isEqualTo(SpanKind.PRODUCER);
		assertThat(attributes(sent)).containsEntry("messaging.system", "nats")
			.containsEntry("messaging.operation.type", "send")
			.containsEntry("messaging.destination.name", "orders")
			.containsEntry("messaging.message.id", "failing-1")
			.containsEntry("jetstream.subject", "orders.failing")
			.containsEntry("outcome", "stored")
			.containsEntry("exception", "none")
			.containsKey("jetstream.sequence");
		List<SpanData> attempts = spans(trace, "process orders");
		assertThat(attempts).allSatisfy((attempt) -> {
			assertThat(attempt.getParentSpanId()).isEqualTo(sent.getSpanId());
			assertThat(attempt.getKind()).isEqualTo(SpanKind.CONSUMER);
			assertThat(attempt.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
			assertThat(attempt.getEvents()).hasSize(1);
			assertThat(attributes(attempt)).containsEntry("messaging.system", "nats")
				.containsEntry("messaging.operation.type", "process")
				.containsEntry("messaging.destination.name", "orders")
				.containsEntry("messaging.consumer.group.name", "failing")
				.containsEntry("jetstream.listener", "failing")
				.containsEntry("messaging.message.id", "failing-1")
				.containsEntry("exception", "IllegalStateException");
		});
		assertThat(attempts).extracting((attempt) -> attributes(attempt).get("jetstream.attempt"))
			.containsExactly("1", "2");
		assertThat(attempts).extracting((attempt) -> attributes(attempt).get("outcome"))
			.containsExactly("retried", "dead-lettered");
		MessageInfo letter = context.getBean(Connection.class)
			.jetStreamManagement()
			.getLastMessage("dead-letters", "dead-letters.orders.failing");
		assertThat(letter.getHeaders().getFirst("traceparent"))
			.startsWith("00-%s-%s-".formatted(sent.getTraceId(), sent.getSpanId()));
		assertThat(span(trace, "send dead-letters").getParentSpanId()).isEqualTo(sent.getSpanId());
	}

	@ParameterizedTest
	@ValueSource(strings = { "failing-future", "failing-mono", "failing-batch", "failing-verb" })
	void whenAHandlerOfWhateverKindFailsThenEachAttemptRecordsThatOnce(String kind) {
		template.publish("orders." + kind, "x");
		List<SpanData> trace = awaitSpans("send orders", "process orders", "process orders", "send dead-letters");
		List<SpanData> attempts = spans(trace, "process orders");
		assertThat(attempts).extracting((attempt) -> attributes(attempt).get("outcome"))
			.containsExactly("retried", "dead-lettered");
		if (kind.equals("failing-verb")) {
			// Nothing was thrown
			assertThat(attempts).allSatisfy((attempt) -> assertThat(attempt.getEvents()).isEmpty());
			return;
		}
		assertThat(attempts).allSatisfy((attempt) -> {
			assertThat(attempt.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
			assertThat(attempt.getEvents()).hasSize(1);
			assertThat(attributes(attempt)).containsEntry("exception", "IllegalStateException");
		});
		// Storing the letter is no failure, and neither is the message
		assertThat(span(trace, "send dead-letters").getEvents()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "failing", "failing-future" })
	void whenAMessageBecomesADeadLetterThenTheLineThatSaysSoHasItsTrace(String kind) {
		try (DeadLetterLines lines = DeadLetterLines.of(kind)) {
			template.publish("orders." + kind, "x");
			List<SpanData> trace = awaitSpans("send orders", "process orders", "process orders", "send dead-letters");
			await().untilAsserted(() -> assertThat(lines.contexts())
				.anySatisfy((entries) -> assertThat(entries).containsEntry("traceId", trace.get(0).getTraceId())));
		}
	}

	@Test
	void whenADeadLetterIsRedrivenThenTheMessageIsHandledInItsTrace() {
		template.message("x").to("orders.redriven").id("redriven-1").publish();
		List<SpanData> before = awaitSpans("send orders", "process orders", "process orders", "send dead-letters");
		SpanData sent = span(before, "send orders");
		spans.reset();
		redrive();
		List<SpanData> after = awaitSpans("send dead-letters-redrive", "process orders");
		assertThat(after).allSatisfy((span) -> {
			assertThat(span.getTraceId()).isEqualTo(sent.getTraceId());
			assertThat(span.getParentSpanId()).isEqualTo(sent.getSpanId());
		});
		assertThat(attributes(span(after, "process orders"))).containsEntry("messaging.destination.name", "orders")
			.containsEntry("messaging.consumer.group.name", "redriven")
			.containsEntry("jetstream.subject", "orders.redriven")
			.containsEntry("jetstream.attempt", "1")
			.containsEntry("outcome", "handled");
	}

	@Test
	void whenADeadLetterIsRedrivenInATraceThenThatIsLinkedToTheOneOfTheMessage() {
		template.publish("orders.redriven", "x");
		SpanData sent = span(awaitSpans("send orders", "process orders", "process orders", "send dead-letters"),
				"send orders");
		spans.reset();
		observed("repair", TraceTests::redrive);
		List<SpanData> after = awaitSpans("repair", "send dead-letters-redrive", "process orders");
		SpanData redriven = span(after, "send dead-letters-redrive");
		assertThat(redriven.getParentSpanId()).isEqualTo(span(after, "repair").getSpanId());
		assertThat(redriven.getLinks()).extracting((link) -> link.getSpanContext().getTraceId())
			.containsExactly(sent.getTraceId());
		assertThat(span(after, "process orders").getTraceId()).isEqualTo(sent.getTraceId());
	}

	private static void redrive() {
		failing = false;
		RedriveResult result = context.getBean(DeadLetters.class)
			.redrive(DeadLetterQuery.all().consumer("redriven"), RedriveOptions.defaults());
		assertThat(result.redriven()).isOne();
	}

	@Test
	void whenAPlainClientForwardsOnlyTheHeadersThenTheTraceGoesOn() throws Exception {
		JetStream jetStream = plain.jetStream();
		JetStreamSubscription hop = jetStream.subscribe("orders.hop",
				PullSubscribeOptions.builder().durable("hop").build());
		template.publish("orders.hop", "x");
		Message message = hop.fetch(1, Duration.ofSeconds(5)).get(0);
		Headers forwarded = new Headers();
		message.getHeaders().forEach((name, values) -> {
			if (!name.startsWith("Nats-")) {
				forwarded.put(name, values);
			}
		});
		jetStream.publish("orders.plain", forwarded, message.getData());
		message.ack();
		List<SpanData> trace = awaitSpans("send orders", "process orders");
		assertThat(span(trace, "process orders").getParentSpanId()).isEqualTo(span(trace, "send orders").getSpanId());
		assertThat(trace).extracting(SpanData::getTraceId).containsOnly(trace.get(0).getTraceId());
	}

	@ParameterizedTest
	@ValueSource(strings = { "traceparent", "Traceparent" })
	void whenAnotherLanguageBeginsTheTraceThenItGoesOn(String header) throws Exception {
		String traceId = "0af7651916cd43dd8448eb211c80319c";
		publishPlainly("orders.plain", new Headers().add(header, "00-%s-b7ad6b7169203331-01".formatted(traceId)));
		SpanData process = awaitSpans("process orders").get(0);
		assertThat(process.getTraceId()).isEqualTo(traceId);
		assertThat(process.getParentSpanId()).isEqualTo("b7ad6b7169203331");
	}

	@ParameterizedTest
	@ValueSource(strings = { "garbage", "", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
			"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
			"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-zz", "00-{{{{-%n%s-${x}" })
	void whenTheHeaderIsForgedThenTheMessageIsHandledInATraceOfItsOwn(String value) throws Exception {
		publishPlainly("orders.plain",
				new Headers().add("traceparent", value).add("tracestate", "=,=,".repeat(500)).add("baggage", "%%%=;;"));
		SpanData process = awaitSpans("process orders").get(0);
		assertThat(process.getParentSpanId()).isEqualTo(SpanId.getInvalid());
		assertThat(handled.poll(10, TimeUnit.SECONDS)).isEqualTo("plain");
	}

	@Test
	void whenAMessageHasATraceThenItsPublishIsPartOfThat() {
		String header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
		template.message("x").to("orders.plain").header("traceparent", header).publish();
		List<SpanData> trace = awaitSpans("send orders", "process orders");
		assertThat(trace).allSatisfy((span) -> {
			assertThat(span.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
			assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
		});
	}

	@Test
	void whenAMessageOfATraceIsPublishedInAnotherOneThenTheyAreLinked() {
		String header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
		observed("request", () -> template.message("x").to("orders.plain").header("traceparent", header).publish());
		List<SpanData> all = awaitSpans("request", "send orders", "process orders");
		SpanData sent = span(all, "send orders");
		assertThat(sent.getTraceId()).isEqualTo(span(all, "request").getTraceId());
		assertThat(sent.getLinks()).extracting((link) -> link.getSpanContext().getSpanId())
			.containsExactly("b7ad6b7169203331");
		assertThat(span(all, "process orders").getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
	}

	@Test
	void whenAMessageIsDelayedThenItIsHandledInItsTrace() {
		template.message("x").to("orders.delayed").delay(Duration.ofSeconds(1)).publish();
		List<SpanData> trace = awaitSpans("send orders", "process orders");
		assertThat(span(trace, "process orders").getParentSpanId()).isEqualTo(span(trace, "send orders").getSpanId());
		assertThat(attributes(span(trace, "send orders")).get("jetstream.subject")).startsWith("_schedules.");
	}

	@Test
	void whenAnAttemptWaitsAsAScheduleThenItStaysInItsTrace() {
		template.publish("orders.far", "x");
		List<SpanData> trace = awaitSpans("send orders", "process orders", "send orders", "process orders");
		assertThat(trace).extracting(SpanData::getTraceId).containsOnly(trace.get(0).getTraceId());
	}

	@Test
	void whenABatchIsHandledThenItsSpanIsLinkedToEachMessage() {
		List<String> published = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			template.publish("orders.batch", i);
		}
		publishPlainly("orders.batch", new Headers().add("traceparent", "garbage"));
		awaitSpans("send orders", "send orders", "send orders").forEach((span) -> published.add(span.getSpanId()));
		spans.reset();
		context.getBean(JetStreamListeners.class).start("batch");
		SpanData batch = awaitSpans("process orders").get(0);
		assertThat(batch.getLinks()).extracting((link) -> link.getSpanContext().getSpanId())
			.containsExactlyInAnyOrderElementsOf(published);
		assertThat(batch.getParentSpanId()).isEqualTo(SpanId.getInvalid());
		assertThat(attributes(batch)).containsEntry("messaging.batch.message_count", "4")
			.containsEntry("outcome", "handled");
	}

	@ParameterizedTest
	@ValueSource(strings = { "future", "mono" })
	void whenAHandlerCompletesLaterThenItsSpanAndItsResultsBelongTogether(String kind) throws Exception {
		template.publish("orders." + kind, "x");
		List<SpanData> trace = awaitSpans("send orders", "process orders", "send orders", "process orders");
		assertThat(trace).extracting(SpanData::getTraceId).containsOnly(trace.get(0).getTraceId());
		SpanData process = trace.stream()
			.filter((span) -> kind.equals(attributes(span).get("jetstream.listener")))
			.findAny()
			.orElseThrow();
		assertThat(process.getEndEpochNanos() - process.getStartEpochNanos()).isGreaterThan(50_000_000);
		SpanData result = trace.stream()
			.filter((span) -> "orders.next".equals(attributes(span).get("jetstream.subject"))
					&& span.getKind() == SpanKind.PRODUCER)
			.findAny()
			.orElseThrow();
		assertThat(result.getParentSpanId()).isEqualTo(process.getSpanId());
	}

	private static void observed(String name, Runnable action) {
		Observation.createNotStarted(name, context.getBean(ObservationRegistry.class)).observe(action);
	}

	private static void publishPlainly(String subject, Headers headers) {
		try {
			plain.jetStream().publish(subject, headers, "x".getBytes());
		}
		catch (IOException | JetStreamApiException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Waits for spans with these names and no others.
	 */
	private static List<SpanData> awaitSpans(String... names) {
		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(spans.getFinishedSpanItems()).extracting(SpanData::getName)
				.containsExactlyInAnyOrder(names));
		return spans.getFinishedSpanItems();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		SpanProcessor spanProcessor() {
			return SimpleSpanProcessor.create(spans);
		}

		@JetStreamListener("failing-future")
		CompletableFuture<String> failInFuture(String payload) {
			return CompletableFuture.supplyAsync(() -> {
				throw new IllegalStateException("declined");
			}, CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS));
		}

		@JetStreamListener("failing-mono")
		Mono<String> failInMono(String payload) {
			return Mono.delay(Duration.ofMillis(10)).map((tick) -> {
				throw new IllegalStateException("declined");
			});
		}

		@JetStreamListener(value = "failing-batch", batch = true)
		void failBatch(List<String> payloads) {
			throw new IllegalStateException("declined");
		}

		@JetStreamListener("failing-verb")
		void failByVerb(String payload, Delivery delivery) {
			delivery.retry();
		}

		@JetStreamListener("redriven")
		void redriven(String payload) {
			if (failing) {
				throw new IllegalStateException("declined");
			}
		}

		@JetStreamListener("failing")
		void fail(String payload) {
			throw new IllegalStateException("declined");
		}

		@JetStreamListener("delayed")
		void delayed(String payload) {
			handled.add("delayed");
		}

		@JetStreamListener("far")
		void far(String payload, Delivery delivery) {
			if (delivery.attempt() == 1) {
				delivery.retry(Duration.ofSeconds(1));
			}
		}

		@JetStreamListener("future")
		@SendTo("orders.next")
		CompletableFuture<String> future(String payload) {
			return CompletableFuture.supplyAsync(() -> "x",
					CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
		}

		@JetStreamListener("mono")
		@SendTo("orders.next")
		Mono<String> mono(String payload) {
			return Mono.delay(Duration.ofMillis(100)).map((tick) -> "x");
		}

		@JetStreamListener("next")
		void next(String payload) {
			handled.add("next");
		}

		@JetStreamListener(value = "batch", batch = true)
		void batch(List<String> payloads) {
			handled.add("batch");
		}

		@JetStreamListener("plain")
		void plain(String payload) throws DeadLetterException {
			handled.add("plain");
		}

	}

}
