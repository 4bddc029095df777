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
import java.util.concurrent.CountDownLatch;

import com.jayway.jsonpath.JsonPath;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.JetStreamOperationEvent;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The endpoint {@code jetstream} over HTTP. Runs twice, the second time without Spring
 * Security on the class path.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class EndpointWebTests {

	private static final boolean SECURED = ClassUtils
		.isPresent("org.springframework.security.core.context.SecurityContext", null);

	private static final String WRITABLE = "management.endpoint.jetstream.access=unrestricted";

	private static final HttpClient client = HttpClient.newHttpClient();

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start() {
		server = EmbeddedNatsServer.start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void whatThereIsCanBeRead(WebApplicationType type) throws Exception {
		try (ConfigurableApplicationContext context = run(type)) {
			HttpResponse<String> all = get(context, "");
			assertThat(all.statusCode()).isEqualTo(200);
			assertThat(JsonPath.<String>read(all.body(), "$.connections.default.status")).isEqualTo("CONNECTED");
			assertThat(JsonPath.<Integer>read(all.body(),
					"$.connections.default.streams.orders.consumers.order-worker.pending"))
				.isZero();
			assertThat(JsonPath.<String>read(all.body(), "$.listeners.order-worker.state")).isEqualTo("RUNNING");
			HttpResponse<String> one = get(context, "/order-worker");
			assertThat(one.statusCode()).isEqualTo(200);
			assertThat(JsonPath.<String>read(one.body(), "$.settings['max-run-time'].value")).isEqualTo("PT1H");
			assertThat(JsonPath.<String>read(one.body(), "$.settings['max-run-time'].source")).isEqualTo("default");
			assertThat(one.body()).doesNotContain("null");
			assertProblem(get(context, "/nobody"), 404, "There is no listener 'nobody'");
			assertProblem(get(context, "?verbose=true"), 400,
					"There is no 'verbose' here, as this takes no parameters");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void withoutWriteAccessNothingCanBeChanged(WebApplicationType type) throws Exception {
		try (ConfigurableApplicationContext context = run(type)) {
			assertThat(post(context, "/order-worker", "{\"action\": \"stop\"}").statusCode()).isEqualTo(405);
			assertThat(context.getBean(JetStreamListeners.class).state("order-worker"))
				.isEqualTo(ListenerState.RUNNING);
			assertThat(context.getBean(Application.class).operations).isEmpty();
		}
		try (ConfigurableApplicationContext context = run(type, "management.endpoint.jetstream.access=none")) {
			assertThat(get(context, "").statusCode()).isEqualTo(404);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void withWriteAccessListenersAreSteeredAndWhoDidSoIsKnown(WebApplicationType type, CapturedOutput output)
			throws Exception {
		try (ConfigurableApplicationContext context = run(type, WRITABLE)) {
			HttpResponse<String> paused = post(context, "/order-worker", "{\"action\": \"pause\"}");
			assertThat(paused.statusCode()).isEqualTo(200);
			assertThat(JsonPath.<String>read(paused.body(), "$.state")).isEqualTo("PAUSED");
			HttpResponse<String> resized = post(context, "/order-worker",
					"{\"action\": \"concurrency\", \"concurrency\": 32}");
			assertThat(JsonPath.<Integer>read(resized.body(), "$.concurrency")).isEqualTo(32);
			assertThat(post(context, "/order-worker", "{\"action\": \"resume\"}").statusCode()).isEqualTo(200);
			assertThat(context.getBean(Application.class).operations).hasSize(3)
				.allSatisfy((event) -> assertThat(event.getPrincipal()).isEqualTo(SECURED ? "ops" : null));
			assertThat(output)
				.contains("pause of listener 'order-worker' by " + (SECURED ? "'ops'" : "somebody unknown"));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void jobsAreSeenAndCancelled(WebApplicationType type) throws Exception {
		try (ConfigurableApplicationContext context = run(type, WRITABLE)) {
			// The server remembers those of other tests
			String id = "order-" + type;
			context.getBean(JetStreamTemplate.class).message("wait").to("orders.created").id(id).publish();
			await().untilAsserted(() -> assertThat(
					JsonPath.<List<String>>read(get(context, "/order-worker").body(), "$.jobs[?(@.started)].id"))
				.containsExactly(id));
			HttpResponse<String> cancelled = post(context, "/jobs/" + id, "{\"action\": \"cancel\"}");
			assertThat(cancelled.statusCode()).as(cancelled.body()).isEqualTo(200);
			assertThat(JsonPath.<String>read(cancelled.body(), "$.result")).isEqualTo("INTERRUPTED");
			await().untilAsserted(
					() -> assertThat(JsonPath.<List<String>>read(get(context, "/order-worker").body(), "$.jobs[*].id"))
						.isEmpty());
			assertThat(JsonPath.<List<String>>read(get(context, "/jobs/delayed").body(), "$.jobs")).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void whatCanNotBeDoneIsAnsweredWithASentence(WebApplicationType type) throws Exception {
		try (ConfigurableApplicationContext context = run(type, WRITABLE)) {
			assertProblem(post(context, "/nobody", "{\"action\": \"stop\"}"), 404, "There is no listener 'nobody'");
			assertProblem(post(context, "/order-worker", "{\"action\": \"jump\"}"), 400, "'action' must be one of");
			assertProblem(post(context, "/order-worker", "{}"), 400, "'action' must be one of");
			assertProblem(post(context, "/order-worker", "{\"action\": \"stop\", \"force\": true}"), 400,
					"There is no 'force' here, only 'action', 'concurrency', 'duration', 'scope'");
			assertProblem(post(context, "/order-worker?scope=fleet", "{\"action\": \"pause\"}"), 400,
					"needs a 'duration'");
			assertProblem(post(context, "/order-worker", "{\"action\": \"concurrency\", \"concurrency\": 0}"), 400,
					"'concurrency' must be at least 1");
			assertProblem(post(context, "/schedules/nightly", "{\"action\": \"run\"}"), 404,
					"There is no schedule 'nightly'");
			assertProblem(post(context, "/jobs/j-1", "{\"action\": \"cancel\"}"), 404, "There is no job 'j-1'");
			assertProblem(post(context, "/jobs/j-1", "{\"action\": \"stop\"}"), 400, "'action' must be 'cancel'");
			assertProblem(post(context, "/tasks/j-1", "{\"action\": \"cancel\"}"), 404, "There is no 'tasks' here");
			assertProblem(get(context, "/jobs/others"), 404, "only 'jobs/delayed'");
			assertThat(post(context, "/order-worker", "{\"action\"").statusCode()).isEqualTo(400);
			assertThat(post(context, "/order-worker", "{\"action\": \"stop\"}").statusCode()).isEqualTo(200);
			assertProblem(post(context, "/order-worker", "{\"action\": \"pause\"}"), 409, "is stopped");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void whenTheServerIsAwayThenReadingGoesOnAndWritingSaysSo(WebApplicationType type) throws Exception {
		EmbeddedNatsServer own = EmbeddedNatsServer.start();
		try (ConfigurableApplicationContext context = run(own, type, WRITABLE)) {
			own.stop();
			await().atMost(Duration.ofSeconds(30))
				.until(() -> context.getBean(JetStreamListeners.class)
					.state("order-worker") == ListenerState.RECOVERING);
			HttpResponse<String> all = get(context, "");
			assertThat(all.statusCode()).isEqualTo(200);
			assertThat(JsonPath.<String>read(all.body(), "$.listeners.order-worker.reason")).contains("connection");
			assertThat(post(context, "/order-worker", "{\"action\": \"stop\"}").statusCode()).isEqualTo(200);
			assertProblem(post(context, "/order-worker", "{\"action\": \"start\"}"), 503, "can't be started");
		}
		finally {
			own.close();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void strangersAreKeptOutBySpringSecurity(WebApplicationType type) throws Exception {
		try (ConfigurableApplicationContext context = run(type, WRITABLE)) {
			HttpRequest request = HttpRequest.newBuilder(uri(context, "")).build();
			assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(SECURED ? 401 : 200);
		}
	}

	private static void assertProblem(HttpResponse<String> response, int status, String detail) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(JsonPath.<Integer>read(response.body(), "$.status")).isEqualTo(status);
		assertThat(JsonPath.<String>read(response.body(), "$.detail")).contains(detail);
	}

	private static HttpResponse<String> get(ConfigurableApplicationContext context, String path) throws Exception {
		return send(HttpRequest.newBuilder(uri(context, path)));
	}

	private static HttpResponse<String> post(ConfigurableApplicationContext context, String path, String body)
			throws Exception {
		return send(HttpRequest.newBuilder(uri(context, path))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(body)));
	}

	private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		String credentials = Base64.getEncoder().encodeToString("ops:secret".getBytes(StandardCharsets.UTF_8));
		return client.send(request.header("Authorization", "Basic " + credentials).build(), BodyHandlers.ofString());
	}

	private static URI uri(ConfigurableApplicationContext context, String path) {
		return URI.create("http://localhost:%s/actuator/jetstream%s"
			.formatted(context.getEnvironment().getProperty("local.server.port"), path));
	}

	private static ConfigurableApplicationContext run(WebApplicationType type, String... properties) {
		return run(server, type, properties);
	}

	private static ConfigurableApplicationContext run(EmbeddedNatsServer nats, WebApplicationType type,
			String... properties) {
		return new SpringApplicationBuilder(Application.class).web(type)
			.properties("jetstream.servers=" + nats.url(), "server.port=0",
					"management.endpoints.web.exposure.include=jetstream", "jetstream.streams.orders.subjects=orders.>",
					"jetstream.streams.orders.consumers.order-worker.ack-wait=5s", "spring.security.user.name=ops",
					"spring.security.user.password=secret")
			.properties(properties)
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ServletSecurity.class, ReactiveSecurity.class })
	static class Application {

		private final Queue<JetStreamOperationEvent> operations = new ConcurrentLinkedQueue<>();

		@JetStreamListener("order-worker")
		void handle(String order) throws InterruptedException {
			if (order.equals("wait")) {
				new CountDownLatch(1).await();
			}
		}

		@EventListener
		void operation(JetStreamOperationEvent event) {
			this.operations.add(event);
		}

	}

}
