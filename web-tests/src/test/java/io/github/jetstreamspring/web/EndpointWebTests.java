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

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
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
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;

import static io.github.jetstreamspring.web.WebApp.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The endpoint {@code jetstream} over HTTP. Runs twice, the second time without Spring
 * Security on the class path.
 */
@Timeout(120)
@EmbeddedNats
@ExtendWith(OutputCaptureExtension.class)
class EndpointWebTests {

	private static final String WRITABLE = "management.endpoint.jetstream.access=unrestricted";

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void whatThereIsCanBeRead(WebServer web) throws Exception {
		try (WebApp app = run(web)) {
			HttpResponse<String> all = app.get("");
			assertThat(all.statusCode()).isEqualTo(200);
			assertThat(JsonPath.<String>read(all.body(), "$.connections.default.status")).isEqualTo("CONNECTED");
			assertThat(JsonPath.<Integer>read(all.body(),
					"$.connections.default.streams.orders.consumers.order-worker.pending"))
				.isZero();
			assertThat(JsonPath.<String>read(all.body(), "$.listeners.order-worker.state")).isEqualTo("RUNNING");
			HttpResponse<String> one = app.get("/order-worker");
			assertThat(one.statusCode()).isEqualTo(200);
			assertThat(JsonPath.<String>read(one.body(), "$.settings['max-run-time'].value")).isEqualTo("PT1H");
			assertThat(JsonPath.<String>read(one.body(), "$.settings['max-run-time'].source")).isEqualTo("default");
			assertThat(one.body()).doesNotContain("null");
			assertProblem(app.get("/nobody"), 404, "There is no listener 'nobody'");
			assertProblem(app.get("?verbose=true"), 400, "There is no 'verbose' here, as this takes no parameters");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void withoutWriteAccessNothingCanBeChanged(WebServer web) throws Exception {
		try (WebApp app = run(web)) {
			assertThat(app.post("/order-worker", "{\"action\": \"stop\"}").statusCode()).isEqualTo(405);
			assertThat(app.bean(JetStreamListeners.class).state("order-worker")).isEqualTo(ListenerState.RUNNING);
			assertThat(app.bean(Application.class).operations).isEmpty();
		}
		try (WebApp app = run(web, "management.endpoint.jetstream.access=none")) {
			assertThat(app.get("").statusCode()).isEqualTo(404);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void withWriteAccessListenersAreSteeredAndWhoDidSoIsKnown(WebServer web, CapturedOutput output) throws Exception {
		try (WebApp app = run(web, WRITABLE)) {
			HttpResponse<String> paused = app.post("/order-worker", "{\"action\": \"pause\"}");
			assertThat(paused.statusCode()).isEqualTo(200);
			assertThat(JsonPath.<String>read(paused.body(), "$.state")).isEqualTo("PAUSED");
			HttpResponse<String> resized = app.post("/order-worker",
					"{\"action\": \"concurrency\", \"concurrency\": 32}");
			assertThat(JsonPath.<Integer>read(resized.body(), "$.concurrency")).isEqualTo(32);
			assertThat(app.post("/order-worker", "{\"action\": \"resume\"}").statusCode()).isEqualTo(200);
			assertThat(app.bean(Application.class).operations).hasSize(3)
				.allSatisfy((event) -> assertThat(event.getPrincipal()).isEqualTo(WebApp.SECURED ? "ops" : null));
			assertThat(output)
				.contains("pause of listener 'order-worker' by " + (WebApp.SECURED ? "'ops'" : "somebody unknown"));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void jobsAreSeenAndCancelled(WebServer web) throws Exception {
		try (WebApp app = run(web, WRITABLE)) {
			// The server remembers those of other tests
			String id = "order-" + web;
			app.bean(JetStreamTemplate.class).message("wait").to("orders.created").id(id).publish();
			await().untilAsserted(() -> assertThat(
					JsonPath.<List<String>>read(app.get("/order-worker").body(), "$.jobs[?(@.started)].id"))
				.containsExactly(id));
			HttpResponse<String> cancelled = app.post("/jobs/" + id, "{\"action\": \"cancel\"}");
			assertThat(cancelled.statusCode()).as(cancelled.body()).isEqualTo(200);
			assertThat(JsonPath.<String>read(cancelled.body(), "$.result")).isEqualTo("INTERRUPTED");
			await().untilAsserted(
					() -> assertThat(JsonPath.<List<String>>read(app.get("/order-worker").body(), "$.jobs[*].id"))
						.isEmpty());
			assertThat(JsonPath.<List<String>>read(app.get("/jobs/delayed").body(), "$.jobs")).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void whatCanNotBeDoneIsAnsweredWithASentence(WebServer web) throws Exception {
		try (WebApp app = run(web, WRITABLE)) {
			assertProblem(app.post("/nobody", "{\"action\": \"stop\"}"), 404, "There is no listener 'nobody'");
			assertProblem(app.post("/order-worker", "{\"action\": \"jump\"}"), 400, "'action' must be one of");
			assertProblem(app.post("/order-worker", "{}"), 400, "'action' must be one of");
			assertProblem(app.post("/order-worker", "{\"action\": \"stop\", \"force\": true}"), 400,
					"There is no 'force' here, only 'action', 'concurrency', 'duration', 'scope'");
			assertProblem(app.post("/order-worker?scope=fleet", "{\"action\": \"pause\"}"), 400, "needs a 'duration'");
			assertProblem(app.post("/order-worker", "{\"action\": \"concurrency\", \"concurrency\": 0}"), 400,
					"'concurrency' must be at least 1");
			assertProblem(app.post("/schedules/nightly", "{\"action\": \"run\"}"), 404,
					"There is no schedule 'nightly'");
			assertProblem(app.post("/jobs/j-1", "{\"action\": \"cancel\"}"), 404, "There is no job 'j-1'");
			assertProblem(app.post("/jobs/j-1", "{\"action\": \"stop\"}"), 400, "'action' must be 'cancel'");
			assertProblem(app.post("/tasks/j-1", "{\"action\": \"cancel\"}"), 404, "There is no 'tasks' here");
			assertProblem(app.get("/jobs/others"), 404, "only 'jobs/delayed'");
			assertThat(app.post("/order-worker", "{\"action\"").statusCode()).isEqualTo(400);
			assertThat(app.post("/order-worker", "{\"action\": \"stop\"}").statusCode()).isEqualTo(200);
			assertProblem(app.post("/order-worker", "{\"action\": \"pause\"}"), 409, "is stopped");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void whenTheServerIsAwayThenReadingGoesOnAndWritingSaysSo(WebServer web) throws Exception {
		EmbeddedNatsServer own = EmbeddedNatsServer.start();
		try (WebApp app = run(own, web, WRITABLE)) {
			own.stop();
			await().atMost(Duration.ofSeconds(30))
				.until(() -> app.bean(JetStreamListeners.class).state("order-worker") == ListenerState.RECOVERING);
			HttpResponse<String> all = app.get("");
			assertThat(all.statusCode()).isEqualTo(200);
			assertThat(JsonPath.<String>read(all.body(), "$.listeners.order-worker.reason")).contains("connection");
			assertThat(app.post("/order-worker", "{\"action\": \"stop\"}").statusCode()).isEqualTo(200);
			assertProblem(app.post("/order-worker", "{\"action\": \"start\"}"), 503, "can't be started");
		}
		finally {
			own.close();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void strangersAreKeptOutBySpringSecurity(WebServer web) throws Exception {
		try (WebApp app = run(web, WRITABLE)) {
			assertThat(WebApp.send(app.strangersRequest("server", "")).statusCode())
				.isEqualTo(WebApp.SECURED ? 401 : 200);
		}
	}

	private static WebApp run(WebServer web, String... properties) {
		return run(server, web, properties);
	}

	private static WebApp run(EmbeddedNatsServer nats, WebServer web, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.addAll(List.of("management.endpoints.web.exposure.include=jetstream", WebApp.ACK_WAIT));
		return WebApp.run(Application.class, "/actuator/jetstream", nats, web, all.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ServletSecurity.class, ReactiveSecurity.class, PlainPasswords.class })
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
