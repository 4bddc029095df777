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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

/**
 * What the log is told about the message that is being handled.
 */
@EmbeddedNats
class LogContextTests {

	private static final List<String> LISTENERS = List.of("plain", "failing", "future", "mono", "suspending", "batch",
			"single");

	private static final BlockingQueue<Map<String, String>> seen = new LinkedBlockingQueue<>();

	private static ConfigurableApplicationContext context;

	private static JetStreamTemplate template;

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
		context = run();
		template = context.getBean(JetStreamTemplate.class);
	}

	private static ConfigurableApplicationContext run(String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--jetstream.servers=" + server.url(),
				"--jetstream.streams.logs.subjects=logs.*", "--jetstream.listener.retry.delay=10ms",
				"--jetstream.listener.concurrency=1", "--jetstream.listener.retry.max-attempts=2"));
		LISTENERS.forEach((listener) -> arguments
			.add("--jetstream.streams.logs.consumers.%s.filter-subjects=logs.%s".formatted(listener, listener)));
		arguments.addAll(List.of(properties));
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@Test
	void whenAMessageIsHandledThenTheLogKnowsIt() throws Exception {
		long sequence = template.message("x").to("logs.plain").id("o-1").publish().sequence();
		assertThat(next()).containsOnly(entry("jetstream.stream", "logs"), entry("jetstream.consumer", "plain"),
				entry("jetstream.sequence", Long.toString(sequence)), entry("jetstream.attempt", "1"),
				entry("jetstream.messageId", "o-1"));
	}

	@Test
	void whenTheHandlerEndsThenNothingIsLeft() throws Exception {
		template.message("x").to("logs.single").id("s-1").publish();
		assertThat(next()).containsEntry("jetstream.messageId", "s-1").doesNotContainKey("forgotten");
		template.message("x").to("logs.single").id("s-2").publish();
		assertThat(next()).containsEntry("jetstream.messageId", "s-2").doesNotContainKey("forgotten");
	}

	@Test
	void whenAMessageIsTriedAgainThenTheLogKnowsTheAttempt() throws Exception {
		template.publish("logs.failing", "x");
		assertThat(next()).containsEntry("jetstream.attempt", "1");
		assertThat(next()).containsEntry("jetstream.attempt", "2");
	}

	@Test
	void whenAMessageBecomesADeadLetterThenTheLineThatSaysSoKnowsIt() throws Exception {
		try (DeadLetterLines lines = DeadLetterLines.of("failing")) {
			template.message("x").to("logs.failing").id("dead-1").publish();
			assertThat(next()).containsEntry("jetstream.messageId", "dead-1");
			assertThat(next()).containsEntry("jetstream.messageId", "dead-1");
			await().untilAsserted(() -> assertThat(lines.contexts())
				.anySatisfy((entries) -> assertThat(entries).containsEntry("jetstream.messageId", "dead-1")
					.containsEntry("jetstream.attempt", "2")));
		}
	}

	@Test
	void whenABatchIsHandledThenTheLogKnowsWhereItIsFrom() throws Exception {
		template.publish("logs.batch", "x");
		assertThat(next()).containsOnly(entry("jetstream.stream", "logs"), entry("jetstream.consumer", "batch"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mono", "suspending" })
	void whenTheHandlerGoesOnElsewhereThenTheLogKnowsItThere(String listener) throws Exception {
		template.message("x").to("logs." + listener).id(listener + "-1").publish();
		assertThat(next()).containsEntry("jetstream.messageId", listener + "-1");
		assertThat(next()).containsEntry("jetstream.messageId", listener + "-1");
	}

	@Test
	void whenTheHandlerReturnsAFutureThenTheLogKnowsItWhileTheMethodRuns() throws Exception {
		template.message("x").to("logs.future").id("f-1").publish();
		assertThat(next()).containsEntry("jetstream.messageId", "f-1");
	}

	@Test
	void whenTheIdIsForgedThenItCannotControlTheTerminal() throws Exception {
		template.message("x").to("logs.plain").id("a\u001b[31mb" + "c".repeat(300)).publish();
		assertThat(next().get("jetstream.messageId")).startsWith("a?[31mb").hasSize(256);
	}

	@Test
	void whenSwitchedOffThenTheLogIsToldNothing() throws Exception {
		context.close();
		try (ConfigurableApplicationContext off = run("--jetstream.log-context.enabled=false")) {
			off.getBean(JetStreamTemplate.class).publish("logs.plain", "x");
			assertThat(next()).isEmpty();
		}
		finally {
			context = run();
			template = context.getBean(JetStreamTemplate.class);
		}
	}

	private static Map<String, String> next() throws InterruptedException {
		Map<String, String> entries = seen.poll(20, TimeUnit.SECONDS);
		assertThat(entries).isNotNull();
		// A tracer has entries of its own
		return entries.entrySet()
			.stream()
			.filter((entry) -> !entry.getKey().equals("traceId") && !entry.getKey().equals("spanId"))
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
	}

	private static void look() {
		Map<String, String> entries = MDC.getCopyOfContextMap();
		seen.add((entries != null) ? entries : Map.of());
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		SuspendingLogger suspendingLogger() {
			return new SuspendingLogger(seen);
		}

		@JetStreamListener("plain")
		void plain(String payload) {
			look();
		}

		@JetStreamListener("single")
		void single(String payload) {
			look();
			MDC.put("forgotten", "by the handler");
		}

		@JetStreamListener("failing")
		void failing(String payload) {
			look();
			throw new IllegalStateException();
		}

		@JetStreamListener("future")
		CompletableFuture<Void> future(String payload) {
			look();
			return CompletableFuture.runAsync(() -> {
			}, CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS));
		}

		@JetStreamListener("mono")
		Mono<Void> mono(String payload) {
			look();
			// One of the operators that carry the context without further configuration
			return Mono.delay(Duration.ofMillis(10)).<Void>handle((tick, sink) -> look());
		}

		@JetStreamListener(value = "batch", batch = true)
		void batch(List<String> payloads) {
			look();
		}

	}

}
