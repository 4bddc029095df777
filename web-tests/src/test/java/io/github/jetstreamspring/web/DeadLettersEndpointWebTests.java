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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
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
 * The endpoint {@code jetstreamdeadletters} over HTTP. Runs twice, the second time
 * without Spring Security on the class path.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class DeadLettersEndpointWebTests {

	private static final String WRITABLE = "management.endpoint.jetstreamdeadletters.access=unrestricted";

	private static final String SHOWN = "management.endpoint.jetstreamdeadletters.show-values=always";

	private EmbeddedNatsServer server;

	private WebApp app;

	@BeforeEach
	void start() {
		this.server = EmbeddedNatsServer.start();
	}

	@AfterEach
	void stop() {
		if (this.app != null) {
			this.app.close();
		}
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void lettersAreFoundAndSummedUp(WebServer web) throws Exception {
		run(web);
		publish("bad 1", "bad 2", "bad 3");
		HttpResponse<String> page = this.app.get("?consumer=order-worker&limit=2");
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(JsonPath.<List<Integer>>read(page.body(), "$.letters[*].sequence")).containsExactly(1, 2);
		assertThat(JsonPath.<Integer>read(page.body(), "$.next")).isEqualTo(3);
		assertThat(JsonPath.<String>read(page.body(), "$.letters[0].originalStream")).isEqualTo("orders");
		assertThat(JsonPath.<String>read(page.body(), "$.letters[0].reason")).isEqualTo("never");
		assertThat(page.body()).doesNotContain("null");
		HttpResponse<String> last = this.app.get("?stream=orders&from=3&since=2020-01-01T00:00:00Z");
		assertThat(JsonPath.<List<Integer>>read(last.body(), "$.letters[*].sequence")).containsExactly(3);
		assertThat(last.body()).doesNotContain("next");
		HttpResponse<String> summary = this.app.get("/summary");
		assertThat(JsonPath.<Integer>read(summary.body(), "$.total")).isEqualTo(3);
		assertThat(JsonPath.<String>read(summary.body(), "$.groups[0].consumer")).isEqualTo("order-worker");
		assertThat(JsonPath.<Integer>read(summary.body(), "$.groups[0].count")).isEqualTo(3);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void valuesAreHiddenUnlessTheyMayBeSeen(WebServer web) throws Exception {
		run(web);
		publish("bad secret");
		HttpResponse<String> hidden = this.app.get("/1");
		assertThat(JsonPath.<String>read(hidden.body(), "$.payloadText")).isEqualTo("******");
		assertThat(JsonPath.<Integer>read(hidden.body(), "$.payloadSize")).isEqualTo(10);
		assertThat(JsonPath.<String>read(hidden.body(), "$.headers.tenant[0]")).isEqualTo("******");
		assertThat(hidden.body()).doesNotContain("secret").doesNotContain("acme");
		restart(web, SHOWN);
		HttpResponse<String> shown = this.app.get("/1");
		assertThat(JsonPath.<String>read(shown.body(), "$.payloadText")).isEqualTo("bad secret");
		assertThat(JsonPath.<Boolean>read(shown.body(), "$.payloadTruncated")).isFalse();
		assertThat(JsonPath.<String>read(shown.body(), "$.headers.tenant[0]")).isEqualTo("acme");
		restart(web, "management.endpoint.jetstreamdeadletters.show-values=when-authorized");
		assertThat(JsonPath.<String>read(this.app.get("/1").body(), "$.payloadText"))
			.isEqualTo(WebApp.SECURED ? "bad secret" : "******");
		restart(web, "management.endpoint.jetstreamdeadletters.show-values=when-authorized",
				"management.endpoint.jetstreamdeadletters.roles=nobody");
		assertThat(JsonPath.<String>read(this.app.get("/1").body(), "$.payloadText")).isEqualTo("******");
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void payloadsAreTextOrBytesAndCut(WebServer web) throws Exception {
		run(web, SHOWN);
		publish("bad " + "x".repeat(65_531) + "\u00e4\u00e4");
		Connection connection = this.app.bean(Connection.class);
		connection.jetStream().publish("orders.new", new byte[] { (byte) 0xFF, 1 });
		awaitLetters(2);
		HttpResponse<String> text = this.app.get("/1");
		assertThat(JsonPath.<String>read(text.body(), "$.payloadText")).hasSize(65_535);
		assertThat(JsonPath.<Integer>read(text.body(), "$.payloadSize")).isEqualTo(65_539);
		assertThat(JsonPath.<Boolean>read(text.body(), "$.payloadTruncated")).isTrue();
		assertThat(JsonPath.<String>read(this.app.get("/2").body(), "$.payloadBase64")).isEqualTo("/wE=");
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void aRedactorDecidesWhatIsShown(WebServer web) throws Exception {
		run(web, SHOWN, "spring.main.sources=" + Redactor.class.getName());
		publish("bad 1", "bad loud");
		assertThat(JsonPath.<String>read(this.app.get("/1").body(), "$.payloadText")).isEqualTo("5 bytes");
		assertThat(JsonPath.<String>read(this.app.get("/1").body(), "$.headers.tenant[0]")).isEqualTo("******");
		assertThat(JsonPath.<String>read(this.app.get("/2").body(), "$.payloadText")).isEqualTo("******");
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void nobodyFindsOutByGuessingWhatIsHidden(WebServer web) throws Exception {
		run(web, WRITABLE);
		publish("bad 1");
		String search = "?header=tenant:acme";
		String hidden = "Values of headers are hidden here, so none can be searched for";
		assertProblem(this.app.get(search), 400, hidden);
		for (String action : List.of("\"discard\"", "\"redrive\"", "\"redrive\", \"dryRun\": true")) {
			assertProblem(this.app.post("", "{\"action\": %s, \"header\": \"tenant:acme\"}".formatted(action)), 400,
					hidden);
		}
		assertThat(letters()).isOne();
		restart(web, SHOWN);
		assertThat(JsonPath.<List<Integer>>read(this.app.get(search).body(), "$.letters[*].sequence"))
			.containsExactly(1);
		restart(web, SHOWN, "spring.main.sources=" + Redactor.class.getName());
		assertProblem(this.app.get(search), 400,
				"The PayloadRedactor hides this value of the header, so it can't be searched for");
		restart(web, "management.endpoint.jetstreamdeadletters.show-values=when-authorized");
		assertThat(this.app.get(search).statusCode()).isEqualTo(WebApp.SECURED ? 200 : 400);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void withoutWriteAccessNothingCanBeChanged(WebServer web) throws Exception {
		run(web);
		publish("bad 1");
		assertThat(this.app.post("/1", "{\"action\": \"discard\"}").statusCode()).isEqualTo(405);
		assertThat(this.app.post("", "{\"action\": \"discard\", \"all\": true}").statusCode()).isEqualTo(405);
		assertThat(letters()).isOne();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void lettersAreRedrivenAndDiscardedAndWhoDidSoIsKnown(WebServer web, CapturedOutput output) throws Exception {
		run(web, WRITABLE);
		publish("bad 1", "bad 2", "bad 3", "bad 4", "bad 5");
		Application application = this.app.bean(Application.class);
		application.failing = false;
		HttpResponse<String> one = this.app.post("/2", "{\"action\": \"redrive\"}");
		assertThat(one.statusCode()).as(one.body()).isEqualTo(200);
		await().untilAsserted(() -> assertThat(application.redriven).containsExactly("bad 2"));
		assertProblem(this.app.post("/2", "{\"action\": \"redrive\"}"), 404, "There is no dead letter 2");
		HttpResponse<String> dry = this.app.post("", "{\"action\": \"redrive\", \"all\": true, \"dryRun\": true}");
		assertThat(JsonPath.<Integer>read(dry.body(), "$.matched")).isEqualTo(4);
		assertThat(JsonPath.<Integer>read(dry.body(), "$.redriven")).isZero();
		HttpResponse<String> some = this.app.post("",
				"{\"action\": \"redrive\", \"consumer\": \"order-worker\", \"rate\": 1000, \"limit\": 2}");
		assertThat(some.statusCode()).as(some.body()).isEqualTo(200);
		assertThat(JsonPath.<Integer>read(some.body(), "$.redriven")).isEqualTo(2);
		assertThat(JsonPath.<Integer>read(some.body(), "$.failed")).isZero();
		assertThat(JsonPath.<List<Object>>read(some.body(), "$.failures")).isEmpty();
		assertThat(JsonPath.<Integer>read(some.body(), "$.remaining")).isZero();
		assertThat(this.app.post("/4", "{\"action\": \"discard\"}").statusCode()).isEqualTo(200);
		HttpResponse<String> rest = this.app.post("", "{\"action\": \"discard\", \"reason\": \"NEVER\"}");
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
			.allSatisfy((event) -> assertThat(event.getPrincipal()).isEqualTo(WebApp.SECURED ? "ops" : null));
		assertThat(output).contains("redrive of dead letter 2 of connection 'default' by");
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void whatCanNotBeDoneIsAnsweredWithASentence(WebServer web) throws Exception {
		run(web, WRITABLE);
		publish("bad 1");
		assertProblem(this.app.get("/17"), 404, "There is no dead letter 17");
		assertProblem(this.app.get("/nonsense"), 404, "There is no dead letter nonsense");
		assertProblem(this.app.get("?connection=nowhere"), 404, "There is no connection 'nowhere'");
		assertProblem(this.app.get("?colour=red"), 400, "There is no 'colour' here");
		assertProblem(this.app.get("?since=yesterday"), 400, "'since' must be an instant");
		assertProblem(this.app.get("?limit=0"), 400, "'limit' must be at least 1");
		assertProblem(this.app.get("?from=x"), 400, "'from' must be a number");
		assertProblem(this.app.get("?stream=a.b"), 400, "'a.b' is no name of a stream");
		assertProblem(this.app.get("?subject=a..b"), 400, "'a..b' is no subject");
		assertProblem(this.app.post("/1", "{\"action\": \"burn\"}"), 400, "'action' must be 'redrive' or 'discard'");
		assertProblem(this.app.post("/1", "{\"action\": \"redrive\", \"force\": true}"), 400,
				"There is no 'force' here");
		assertProblem(this.app.post("", "{\"action\": \"discard\"}"), 400, "Say which dead letters");
		assertProblem(this.app.post("", "{\"action\": \"discard\", \"all\": \"yes\"}"), 400,
				"'all' must be true or false");
		assertProblem(this.app.post("", "{\"action\": \"redrive\", \"all\": true, \"rate\": 0}"), 400,
				"'rate' must be at least 1");
		assertProblem(this.app.post("", "{\"action\": \"discard\", \"all\": true, \"rate\": 5}"), 400,
				"go with the action 'redrive'");
		// It would declare them again
		this.app.bean(JetStreamListeners.class).stop("order-worker");
		this.app.bean(JetStreamManagement.class).deleteStream("orders");
		assertProblem(this.app.post("/1", "{\"action\": \"redrive\"}"), 409, "can't be redriven");
		this.app.bean(JetStreamManagement.class).deleteStream("dead-letters");
		assertProblem(this.app.get(""), 404, "there is no such stream");
		assertProblem(this.app.post("", "{\"action\": \"discard\", \"all\": true}"), 404, "there is no such stream");
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void whenTheServerIsAwayThenReadingGoesOnAndWritingSaysSo(WebServer web) throws Exception {
		run(web, WRITABLE);
		publish("bad 1");
		this.server.stop();
		Connection connection = this.app.bean(Connection.class);
		await().atMost(Duration.ofSeconds(30)).until(() -> connection.getStatus() != Connection.Status.CONNECTED);
		for (String path : List.of("", "/1", "/summary")) {
			HttpResponse<String> response = this.app.get(path);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(JsonPath.<String>read(response.body(), "$.detail")).contains("can't be reached");
		}
		assertProblem(this.app.post("/1", "{\"action\": \"discard\"}"), 503, "can't be reached");
	}

	private void publish(String... orders) {
		long before = letters();
		JetStreamTemplate template = this.app.bean(JetStreamTemplate.class);
		for (String order : orders) {
			template.message(order).to("orders.new").header("tenant", "acme").publish();
			awaitLetters(++before);
		}
	}

	private void awaitLetters(long count) {
		await().atMost(Duration.ofSeconds(30)).until(() -> letters() == count);
	}

	private long letters() {
		return this.app.bean(DeadLetters.class).count(DeadLetterQuery.all());
	}

	private void restart(WebServer web, String... properties) {
		this.app.close();
		run(web, properties);
	}

	private void run(WebServer web, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.addAll(List.of("management.endpoints.web.exposure.include=jetstreamdeadletters", WebApp.ACK_WAIT));
		this.app = WebApp.run(Application.class, "/actuator/jetstreamdeadletters", this.server, web,
				all.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ServletSecurity.class, ReactiveSecurity.class, PlainPasswords.class })
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
