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

import com.jayway.jsonpath.JsonPath;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.deadletter.PayloadRedactor;
import io.github.jetstreamspring.deadletter.StoredDeadLetter;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.JetStreamOperationEvent;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
 * The endpoint {@code jetstreamdeadletters} over HTTP. Runs twice, the second time
 * without Spring Security on the class path.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class DeadLettersEndpointWebTests {

	private static final boolean SECURED = ClassUtils
		.isPresent("org.springframework.security.core.context.SecurityContext", null);

	private static final String WRITABLE = "management.endpoint.jetstreamdeadletters.access=unrestricted";

	private static final String SHOWN = "management.endpoint.jetstreamdeadletters.show-values=always";

	private static final HttpClient client = HttpClient.newHttpClient();

	private EmbeddedNatsServer server;

	private ConfigurableApplicationContext context;

	@BeforeEach
	void start() {
		this.server = EmbeddedNatsServer.start();
	}

	@AfterEach
	void stop() {
		if (this.context != null) {
			this.context.close();
		}
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void lettersAreFoundAndSummedUp(WebApplicationType type) throws Exception {
		run(type);
		publish("bad 1", "bad 2", "bad 3");
		HttpResponse<String> page = get("?consumer=order-worker&limit=2");
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(JsonPath.<List<Integer>>read(page.body(), "$.letters[*].sequence")).containsExactly(1, 2);
		assertThat(JsonPath.<Integer>read(page.body(), "$.next")).isEqualTo(3);
		assertThat(JsonPath.<String>read(page.body(), "$.letters[0].originalStream")).isEqualTo("orders");
		assertThat(JsonPath.<String>read(page.body(), "$.letters[0].reason")).isEqualTo("never");
		assertThat(page.body()).doesNotContain("null");
		HttpResponse<String> last = get("?stream=orders&from=3&since=2020-01-01T00:00:00Z");
		assertThat(JsonPath.<List<Integer>>read(last.body(), "$.letters[*].sequence")).containsExactly(3);
		assertThat(last.body()).doesNotContain("next");
		HttpResponse<String> summary = get("/summary");
		assertThat(JsonPath.<Integer>read(summary.body(), "$.total")).isEqualTo(3);
		assertThat(JsonPath.<String>read(summary.body(), "$.groups[0].consumer")).isEqualTo("order-worker");
		assertThat(JsonPath.<Integer>read(summary.body(), "$.groups[0].count")).isEqualTo(3);
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void valuesAreHiddenUnlessTheyMayBeSeen(WebApplicationType type) throws Exception {
		run(type);
		publish("bad secret");
		HttpResponse<String> hidden = get("/1");
		assertThat(JsonPath.<String>read(hidden.body(), "$.payloadText")).isEqualTo("******");
		assertThat(JsonPath.<Integer>read(hidden.body(), "$.payloadSize")).isEqualTo(10);
		assertThat(JsonPath.<String>read(hidden.body(), "$.headers.tenant[0]")).isEqualTo("******");
		assertThat(hidden.body()).doesNotContain("secret").doesNotContain("acme");
		restart(type, SHOWN);
		HttpResponse<String> shown = get("/1");
		assertThat(JsonPath.<String>read(shown.body(), "$.payloadText")).isEqualTo("bad secret");
		assertThat(JsonPath.<Boolean>read(shown.body(), "$.payloadTruncated")).isFalse();
		assertThat(JsonPath.<String>read(shown.body(), "$.headers.tenant[0]")).isEqualTo("acme");
		restart(type, "management.endpoint.jetstreamdeadletters.show-values=when-authorized");
		assertThat(JsonPath.<String>read(get("/1").body(), "$.payloadText"))
			.isEqualTo(SECURED ? "bad secret" : "******");
		restart(type, "management.endpoint.jetstreamdeadletters.show-values=when-authorized",
				"management.endpoint.jetstreamdeadletters.roles=nobody");
		assertThat(JsonPath.<String>read(get("/1").body(), "$.payloadText")).isEqualTo("******");
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void payloadsAreTextOrBytesAndCut(WebApplicationType type) throws Exception {
		run(type, SHOWN);
		publish("bad " + "x".repeat(65_531) + "\u00e4\u00e4");
		Connection connection = this.context.getBean(Connection.class);
		connection.jetStream().publish("orders.new", new byte[] { (byte) 0xFF, 1 });
		awaitLetters(2);
		HttpResponse<String> text = get("/1");
		assertThat(JsonPath.<String>read(text.body(), "$.payloadText")).hasSize(65_535);
		assertThat(JsonPath.<Integer>read(text.body(), "$.payloadSize")).isEqualTo(65_539);
		assertThat(JsonPath.<Boolean>read(text.body(), "$.payloadTruncated")).isTrue();
		assertThat(JsonPath.<String>read(get("/2").body(), "$.payloadBase64")).isEqualTo("/wE=");
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void aRedactorDecidesWhatIsShown(WebApplicationType type) throws Exception {
		run(type, SHOWN, "spring.main.sources=" + Redactor.class.getName());
		publish("bad 1", "bad loud");
		assertThat(JsonPath.<String>read(get("/1").body(), "$.payloadText")).isEqualTo("5 bytes");
		assertThat(JsonPath.<String>read(get("/1").body(), "$.headers.tenant[0]")).isEqualTo("******");
		assertThat(JsonPath.<String>read(get("/2").body(), "$.payloadText")).isEqualTo("******");
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void withoutWriteAccessNothingCanBeChanged(WebApplicationType type) throws Exception {
		run(type);
		publish("bad 1");
		assertThat(post("/1", "{\"action\": \"discard\"}").statusCode()).isEqualTo(405);
		assertThat(post("", "{\"action\": \"discard\", \"all\": true}").statusCode()).isEqualTo(405);
		assertThat(letters()).isOne();
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void lettersAreRedrivenAndDiscardedAndWhoDidSoIsKnown(WebApplicationType type, CapturedOutput output)
			throws Exception {
		run(type, WRITABLE);
		publish("bad 1", "bad 2", "bad 3", "bad 4", "bad 5");
		Application application = this.context.getBean(Application.class);
		application.failing = false;
		HttpResponse<String> one = post("/2", "{\"action\": \"redrive\"}");
		assertThat(one.statusCode()).as(one.body()).isEqualTo(200);
		await().untilAsserted(() -> assertThat(application.redriven).containsExactly("bad 2"));
		assertProblem(post("/2", "{\"action\": \"redrive\"}"), 404, "There is no dead letter 2");
		HttpResponse<String> dry = post("", "{\"action\": \"redrive\", \"all\": true, \"dryRun\": true}");
		assertThat(JsonPath.<Integer>read(dry.body(), "$.matched")).isEqualTo(4);
		assertThat(JsonPath.<Integer>read(dry.body(), "$.redriven")).isZero();
		HttpResponse<String> some = post("",
				"{\"action\": \"redrive\", \"consumer\": \"order-worker\", \"rate\": 1000, \"limit\": 2}");
		assertThat(some.statusCode()).as(some.body()).isEqualTo(200);
		assertThat(JsonPath.<Integer>read(some.body(), "$.redriven")).isEqualTo(2);
		assertThat(JsonPath.<Integer>read(some.body(), "$.failed")).isZero();
		assertThat(JsonPath.<List<Object>>read(some.body(), "$.failures")).isEmpty();
		assertThat(JsonPath.<Integer>read(some.body(), "$.remaining")).isZero();
		assertThat(post("/4", "{\"action\": \"discard\"}").statusCode()).isEqualTo(200);
		HttpResponse<String> rest = post("", "{\"action\": \"discard\", \"reason\": \"NEVER\"}");
		assertThat(JsonPath.<Integer>read(rest.body(), "$.matched")).isOne();
		assertThat(JsonPath.<Integer>read(rest.body(), "$.discarded")).isOne();
		assertThat(JsonPath.<Integer>read(rest.body(), "$.remaining")).isZero();
		assertThat(letters()).isZero();
		assertThat(application.operations).extracting(JetStreamOperationEvent::getTarget)
			.containsExactly("dead letter 2 of connection 'default'",
					"dead letters with {consumer=order-worker} of connection 'default'",
					"dead letter 4 of connection 'default'",
					"dead letters with {reason=NEVER} of connection 'default'");
		assertThat(application.operations)
			.allSatisfy((event) -> assertThat(event.getPrincipal()).isEqualTo(SECURED ? "ops" : null));
		assertThat(output).contains("redrive of dead letter 2 of connection 'default' by");
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void whatCanNotBeDoneIsAnsweredWithASentence(WebApplicationType type) throws Exception {
		run(type, WRITABLE);
		publish("bad 1");
		assertProblem(get("/17"), 404, "There is no dead letter 17");
		assertProblem(get("/nonsense"), 404, "There is no dead letter nonsense");
		assertProblem(get("?connection=nowhere"), 404, "There is no connection 'nowhere'");
		assertProblem(get("?colour=red"), 400, "There is no 'colour' here");
		assertProblem(get("?since=yesterday"), 400, "'since' must be an instant");
		assertProblem(get("?limit=0"), 400, "'limit' must be at least 1");
		assertProblem(get("?from=x"), 400, "'from' must be a number");
		assertProblem(get("?stream=a.b"), 400, "'a.b' is no name of a stream");
		assertProblem(get("?subject=a..b"), 400, "'a..b' is no subject");
		assertProblem(post("/1", "{\"action\": \"burn\"}"), 400, "'action' must be 'redrive' or 'discard'");
		assertProblem(post("/1", "{\"action\": \"redrive\", \"force\": true}"), 400, "There is no 'force' here");
		assertProblem(post("", "{\"action\": \"discard\"}"), 400, "Say which dead letters");
		assertProblem(post("", "{\"action\": \"discard\", \"all\": \"yes\"}"), 400, "'all' must be true or false");
		assertProblem(post("", "{\"action\": \"redrive\", \"all\": true, \"rate\": 0}"), 400,
				"'rate' must be at least 1");
		assertProblem(post("", "{\"action\": \"discard\", \"all\": true, \"rate\": 5}"), 400,
				"go with the action 'redrive'");
		// It would declare them again
		this.context.getBean(JetStreamListeners.class).stop("order-worker");
		this.context.getBean(JetStreamManagement.class).deleteStream("orders");
		assertProblem(post("/1", "{\"action\": \"redrive\"}"), 409, "can't be redriven");
		this.context.getBean(JetStreamManagement.class).deleteStream("dead-letters");
		assertProblem(get(""), 404, "there is no such stream");
		assertProblem(post("", "{\"action\": \"discard\", \"all\": true}"), 404, "there is no such stream");
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void whenTheServerIsAwayThenReadingGoesOnAndWritingSaysSo(WebApplicationType type) throws Exception {
		run(type, WRITABLE);
		publish("bad 1");
		this.server.stop();
		Connection connection = this.context.getBean(Connection.class);
		await().atMost(Duration.ofSeconds(30)).until(() -> connection.getStatus() != Connection.Status.CONNECTED);
		for (String path : List.of("", "/1", "/summary")) {
			HttpResponse<String> response = get(path);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(JsonPath.<String>read(response.body(), "$.detail")).contains("can't be reached");
		}
		assertProblem(post("/1", "{\"action\": \"discard\"}"), 503, "can't be reached");
	}

	private void publish(String... orders) {
		long before = letters();
		JetStreamTemplate template = this.context.getBean(JetStreamTemplate.class);
		for (String order : orders) {
			template.message(order).to("orders.new").header("tenant", "acme").publish();
			awaitLetters(++before);
		}
	}

	private void awaitLetters(long count) {
		await().atMost(Duration.ofSeconds(30)).until(() -> letters() == count);
	}

	private long letters() {
		return this.context.getBean(DeadLetters.class).count(DeadLetterQuery.all());
	}

	private static void assertProblem(HttpResponse<String> response, int status, String detail) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(JsonPath.<Integer>read(response.body(), "$.status")).isEqualTo(status);
		assertThat(JsonPath.<String>read(response.body(), "$.detail")).contains(detail);
	}

	private HttpResponse<String> get(String path) throws Exception {
		return send(HttpRequest.newBuilder(uri(path)));
	}

	private HttpResponse<String> post(String path, String body) throws Exception {
		return send(HttpRequest.newBuilder(uri(path))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(body)));
	}

	private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		String credentials = Base64.getEncoder().encodeToString("ops:secret".getBytes(StandardCharsets.UTF_8));
		return client.send(request.header("Authorization", "Basic " + credentials).build(), BodyHandlers.ofString());
	}

	private URI uri(String path) {
		return URI.create("http://localhost:%s/actuator/jetstreamdeadletters%s"
			.formatted(this.context.getEnvironment().getProperty("local.server.port"), path));
	}

	private void restart(WebApplicationType type, String... properties) {
		this.context.close();
		run(type, properties);
	}

	private void run(WebApplicationType type, String... properties) {
		this.context = new SpringApplicationBuilder(Application.class).web(type)
			.properties("jetstream.servers=" + this.server.url(), "server.port=0",
					"management.endpoints.web.exposure.include=jetstreamdeadletters",
					"jetstream.streams.orders.subjects=orders.>",
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

		private final Queue<String> redriven = new ConcurrentLinkedQueue<>();

		private volatile boolean failing = true;

		@JetStreamListener("order-worker")
		void handle(byte[] order, Delivery delivery) {
			if (this.failing) {
				throw new DeadLetterException("never");
			}
			if (delivery.redrives() == 1) {
				this.redriven.add(new String(order, StandardCharsets.UTF_8));
			}
		}

		@EventListener
		void operation(JetStreamOperationEvent event) {
			this.operations.add(event);
		}

	}

	static class Redactor implements PayloadRedactor {

		@Override
		public byte[] payload(StoredDeadLetter letter) {
			String payload = new String(letter.payload(), StandardCharsets.UTF_8);
			if (payload.contains("loud")) {
				throw new IllegalStateException(payload);
			}
			return (letter.payload().length + " bytes").getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public @Nullable String header(String name, String value) {
			return null;
		}

	}

}
