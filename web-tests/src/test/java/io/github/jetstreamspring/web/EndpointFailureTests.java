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

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Every way in which a request to an endpoint can fail has an answer with a status and a
 * sentence, and no request whatever makes one fail for another reason. Runs twice, the
 * second time without Spring Security on the class path.
 */
@Timeout(180)
class EndpointFailureTests {

	private static final String LONG = "x".repeat(100_000);

	// Values of the body in JSON that fit no parameter, whichever it is
	private static final List<String> VALUES = List.of("\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"a\\nb\"", "\">\"",
			"\"a.b\"", "\"${x}%s{0}\"", "-1", "1e400", "99999999999999999999", "9223372036854775807", "\"NaN\"", "true",
			"null", "[1,2]", "{\"a\":{\"b\":1}}", "\"" + LONG + "\"");

	// One of each kind for all tests, as none changes anything
	private static final Map<WebServer, Subject> subjects = new EnumMap<>(WebServer.class);

	private EmbeddedNatsServer server;

	private WebApp app;

	private boolean forbidding;

	@AfterAll
	static void stop() {
		subjects.values().forEach((subject) -> {
			subject.app().close();
			subject.server().close();
		});
		subjects.clear();
	}

	@AfterEach
	void theLetterIsStillThere() throws Exception {
		if (this.forbidding) {
			reload("");
			JetStreamListeners listeners = this.app.bean(JetStreamListeners.class);
			listeners.start("order-worker");
			await().until(() -> listeners.state("order-worker") == ListenerState.RUNNING);
		}
		assertThat(letters()).isOne();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void whatEachEndpointRefusesHasAStatusAndASentence(WebServer web) throws Exception {
		use(web);
		Map<String, Expected> table = Map.ofEntries(
				Map.entry("GET jetstream/nobody", new Expected(404, "There is no listener 'nobody'")),
				Map.entry("GET jetstream/order-worke", new Expected(404, "did you mean 'order-worker'?")),
				Map.entry("GET jetstream?colour=red", new Expected(400, "There is no 'colour' here")),
				Map.entry("GET jetstream/order-worker?colour=red", new Expected(400, "There is no 'colour' here")),
				Map.entry("POST jetstream/nobody {\"action\":\"stop\"}", new Expected(404, "There is no listener")),
				Map.entry("POST jetstream/order-worker {}", new Expected(400, "'action' must be one of")),
				Map.entry("POST jetstream/order-worker", new Expected(400, "'action' must be one of")),
				Map.entry("POST jetstream/order-worker {\"action\":\"STOP\"}", new Expected(400, "'stop'")),
				Map.entry("POST jetstream/order-worker {\"action\":null}",
						new Expected(400, "'action' must be one of")),
				Map.entry("POST jetstream/order-worker {\"action\":17}", new Expected(400, "'action' must be one of")),
				Map.entry("POST jetstream/order-worker {\"action\":\"stop\",\"when\":1}",
						new Expected(400, "There is no 'when' here")),
				Map.entry("POST jetstream/order-worker {\"action\":\"stop\",\"scope\":\"fleet\"}",
						new Expected(400, "only a pause has one")),
				Map.entry("POST jetstream/order-worker {\"action\":\"pause\",\"scope\":\"world\"}",
						new Expected(400, "'scope' must be 'instance' or 'fleet'")),
				Map.entry("POST jetstream/order-worker {\"action\":\"pause\",\"scope\":\"fleet\"}",
						new Expected(400, "needs a 'duration'")),
				Map.entry(
						"POST jetstream/order-worker {\"action\":\"pause\",\"scope\":\"fleet\",\"duration\":\"-PT1S\"}",
						new Expected(400, "'duration' must be a positive duration")),
				Map.entry(
						"POST jetstream/order-worker {\"action\":\"pause\",\"scope\":\"fleet\",\"duration\":"
								+ "\"PT99999999999999H\"}",
						new Expected(400, "'duration' must be a positive duration")),
				Map.entry("POST jetstream/order-worker {\"action\":\"pause\",\"scope\":\"fleet\",\"duration\":17}",
						new Expected(400, "'duration' must be a positive duration with its unit")),
				Map.entry("POST jetstream/order-worker {\"action\":\"concurrency\"}",
						new Expected(400, "needs a number 'concurrency'")),
				Map.entry("POST jetstream/order-worker {\"action\":\"concurrency\",\"concurrency\":-1}",
						new Expected(400, "'concurrency' must be at least 1")),
				Map.entry("POST jetstream/order-worker {\"action\":\"concurrency\",\"concurrency\":2147483648}",
						new Expected(400, "needs a number 'concurrency'")),
				Map.entry("POST jetstream/order-worker {\"action\":\"concurrency\",\"concurrency\":2147483647}",
						new Expected(409, "max-ack-pending")),
				Map.entry("POST jetstream/schedules/nightly {\"action\":\"run\"}",
						new Expected(404, "There is no schedule 'nightly'")),
				Map.entry("POST jetstream/schedules/nightly {}", new Expected(400, "'action' must be 'run'")),
				Map.entry("POST jetstream/streams/orders {\"action\":\"run\"}",
						new Expected(404, "There is no 'streams' here")),
				Map.entry("GET jetstreamdeadletters/17", new Expected(404, "There is no dead letter 17")),
				Map.entry("GET jetstreamdeadletters/-1", new Expected(404, "There is no dead letter -1")),
				Map.entry("GET jetstreamdeadletters/99999999999999999999",
						new Expected(404, "There is no dead letter")),
				Map.entry("GET jetstreamdeadletters/1?connection=other",
						new Expected(404, "There is no connection 'other'")),
				Map.entry("GET jetstreamdeadletters?limit=99999999999999999999",
						new Expected(400, "'limit' must be a number")),
				Map.entry("GET jetstreamdeadletters?limit=-1", new Expected(400, "'limit' must be at least 1")),
				Map.entry("GET jetstreamdeadletters?subject=orders..x", new Expected(400, "is no subject")),
				Map.entry("GET jetstreamdeadletters?consumer=*", new Expected(400, "'*' is no name of a consumer")),
				Map.entry("GET jetstreamdeadletters?consumer=" + "x".repeat(300),
						new Expected(400, "255 characters at most")),
				Map.entry("GET jetstreammessages/orders?consumer=nobody",
						new Expected(404, "Stream 'orders' has no consumer 'nobody'")),
				Map.entry("GET jetstreammessages/orders?consumer=a.b",
						new Expected(404, "Stream 'orders' has no consumer 'a.b'")),
				Map.entry("GET jetstreammessages/orders?subject=orders..x",
						new Expected(400, "'subject' can't be 'orders..x'")),
				Map.entry("POST jetstream/jobs/%20 {\"action\":\"cancel\"}", new Expected(404, "There is no job")),
				Map.entry("GET jetstreamdeadletters?header=tenant", new Expected(400, "as in tenant:acme")),
				Map.entry("GET jetstreamdeadletters?until=2026", new Expected(400, "'until' must be an instant")),
				Map.entry("GET jetstreamdeadletters?newestFirst=1",
						new Expected(400, "'newestFirst' must be true or false")),
				Map.entry("POST jetstreamdeadletters {\"action\":\"redrive\"}", new Expected(400, "Say which")),
				Map.entry("POST jetstreamdeadletters {\"action\":\"redrive\",\"all\":true,\"rate\":-5}",
						new Expected(400, "'rate' must be at least 1")),
				Map.entry("POST jetstreamdeadletters {\"action\":\"redrive\",\"all\":true,\"rate\":1.5}",
						new Expected(400, "'rate' must be a number")),
				Map.entry("POST jetstreamdeadletters {\"action\":\"redrive\",\"all\":true,\"max\":5}",
						new Expected(400, "There is no 'max' here")),
				Map.entry("POST jetstreamdeadletters {\"all\":true}", new Expected(400, "'redrive' or 'discard'")),
				Map.entry("POST jetstreamdeadletters/17 {\"action\":\"discard\"}",
						new Expected(404, "There is no dead letter 17")),
				Map.entry("POST jetstreamdeadletters/17 {\"action\":\"redrive\"}",
						new Expected(404, "There is no dead letter 17")));
		for (Map.Entry<String, Expected> row : table.entrySet()) {
			String[] request = row.getKey().split(" ", 3);
			HttpResponse<String> response = send(request[0], request[1], (request.length > 2) ? request[2] : null);
			assertProblem(row.getKey(), response, row.getValue());
		}
		assertThat(this.app.bean(JetStreamListeners.class).state("order-worker")).isEqualTo(ListenerState.RUNNING);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void noValueWhateverMakesAnEndpointFail(WebServer web) throws Exception {
		use(web);
		for (String value : VALUES) {
			for (String parameter : List.of("action", "scope", "duration", "concurrency", LONG)) {
				assertAnswered("jetstream/order-worker",
						"{\"action\":\"pause\",\"scope\":\"fleet\",\"%s\":%s}".formatted(parameter, value));
			}
			for (String parameter : List.of("action", "connection", "stream", "consumer", "subject", "reason",
					"exception", "header", "since", "until", "from", "limit", "newestFirst", "rate", "dryRun")) {
				// Nothing is done with a limit of 0, but all else is looked at before
				assertAnswered("jetstreamdeadletters", "{\"action\":\"redrive\",\"all\":true,%s,\"%s\":%s}"
					.formatted(parameter.equals("limit") ? "\"dryRun\":true" : "\"limit\":0", parameter, value));
				if (value.startsWith("\"") && value.length() < 100) {
					assertAnswered(
							send("GET",
									"jetstreamdeadletters?%s=%s".formatted(parameter,
											encoded(JsonPath.read("[" + value + "]", "$[0]"))),
									null),
							parameter + value);
				}
			}
			assertAnswered("jetstreamdeadletters/1", "{\"action\":%s}".formatted(value));
			assertAnswered("jetstream/schedules/x", "{\"action\":\"run\",\"connection\":%s}".formatted(value));
		}
		for (String path : List.of("%00", "%0A", "a%2Fb", "..%2F..", "%F0%9F%98%80", "%ff", "x".repeat(4000), "*",
				"%7B%7D", "summary%20")) {
			assertAnswered(send("GET", "jetstream/" + path, null), path, web);
			assertAnswered(send("GET", "jetstreamdeadletters/" + path, null), path, web);
			assertAnswered(send("POST", "jetstreamdeadletters/" + path, "{\"action\":\"discard\"}"), path, web);
			assertAnswered(send("POST", "jetstream/" + path, "{\"action\":\"resume\"}"), path, web);
		}
		for (String body : List.of("", "{", "[]", "[1]", "null", "17", "\"text\"", "{\"action\"", "<a/>",
				"{\"action\":\"stop\"}{", "\u0000", "{\"action\":\"stop\",\"action\":\"start\"", "[".repeat(5000))) {
			for (String path : List.of("jetstream/order-worker", "jetstreamdeadletters", "jetstreamdeadletters/1")) {
				HttpResponse<String> response = send("POST", path, body);
				assertThat(response.statusCode()).as(path + " " + body + response.body()).isEqualTo(400);
				assertThat(response.body()).contains("400");
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void noNameWhateverOfAConsumerOrAJobMakesAnEndpointFail(WebServer web) throws Exception {
		use(web);
		for (String value : VALUES) {
			for (String parameter : List.of("connection", "consumer", "subject", "from", "limit")) {
				if (value.startsWith("\"") && value.length() < 100) {
					assertAnswered(
							send("GET",
									"jetstreammessages/orders?%s=%s".formatted(parameter,
											encoded(JsonPath.read("[" + value + "]", "$[0]"))),
									null),
							parameter + value);
				}
			}
			assertAnswered("jetstreamdeadletters",
					"{\"action\":\"redrive\",\"dryRun\":true,\"consumer\":%s}".formatted(value));
		}
		for (String path : List.of("%00", "%0A", "a%2Fb", "..%2F..", "%F0%9F%98%80", "%ff", "x".repeat(4000), "*",
				"%7B%7D", "summary%20")) {
			assertAnswered(send("POST", "jetstream/jobs/" + path, "{\"action\":\"cancel\"}"), path, web);
			assertAnswered(send("GET", "jetstreammessages/orders?consumer=" + path, null), path, web);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void whatTheServerForbidsIsNamed(WebServer web) throws Exception {
		use(web);
		this.app.bean(JetStreamListeners.class).stop("order-worker");
		forbid("$JS.API.STREAM.INFO.dead-letters");
		for (String path : List.of("", "/summary")) {
			assertProblem(path, send("GET", "jetstreamdeadletters" + path, null),
					new Expected(502, "may not publish to '$JS.API.STREAM.INFO.dead-letters'"));
		}
		forbid("$JS.API.CONSUMER.CREATE.dead-letters.>");
		assertProblem("summary", send("GET", "jetstreamdeadletters/summary", null),
				new Expected(502, "$JS.API.CONSUMER.CREATE.dead-letters"));
		forbid("$JS.API.STREAM.MSG.GET.dead-letters");
		assertProblem("one", send("GET", "jetstreamdeadletters/1", null),
				new Expected(502, "may not publish to '$JS.API.STREAM.MSG.GET.dead-letters'"));
		forbid("$JS.API.STREAM.MSG.DELETE.dead-letters");
		assertProblem("discard", send("POST", "jetstreamdeadletters/1", "{\"action\":\"discard\"}"),
				new Expected(502, "$JS.API.STREAM.MSG.DELETE.dead-letters"));
		forbid("$JS.API.CONSUMER.INFO.orders.order-worker");
		assertProblem("redrive", send("POST", "jetstreamdeadletters/1", "{\"action\":\"redrive\"}"),
				new Expected(409, "may not publish to '$JS.API.CONSUMER.INFO.orders.order-worker'"));
		assertProblem("start", send("POST", "jetstream/order-worker", "{\"action\":\"start\"}"),
				new Expected(502, "$JS.API.CONSUMER.INFO.orders.order-worker"));
		forbid("$JS.API.STREAM.CREATE.dead-letters-redrive");
		assertProblem("redrive", send("POST", "jetstreamdeadletters/1", "{\"action\":\"redrive\"}"),
				new Expected(409, "$JS.API.STREAM.CREATE.dead-letters-redrive"));
		assertThat(send("GET", "jetstream", null).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void whatMayOnlyBeReadIsNotChanged(WebServer web) throws Exception {
		use(web);
		try (WebApp reader = run(this.server, web, "read-only")) {
			for (String path : List.of("jetstream/order-worker", "jetstreamdeadletters", "jetstreamdeadletters/1")) {
				HttpResponse<String> response = reader.post(path, "{\"action\":\"discard\",\"all\":true}");
				assertThat(response.statusCode()).as(path).isEqualTo(405);
				assertThat(response.body()).contains("405");
			}
		}
	}

	private void assertAnswered(String path, String body) throws Exception {
		assertAnswered(send("POST", path, body), path + " " + body.substring(0, Math.min(200, body.length())));
	}

	private static void assertAnswered(HttpResponse<String> response, String request) {
		assertThat(response.statusCode()).as(request + " " + response.body()).isIn(200, 400, 404, 409);
		assertThat(response.body()).as(request).hasSizeLessThan(20_000);
		if (response.statusCode() != 200 && response.body().contains("\"detail\"")) {
			assertThat(JsonPath.<String>read(response.body(), "$.detail")).as(request).hasSizeBetween(20, 2100);
		}
	}

	// The servlet firewall of Spring Security refuses some paths as attacks before any
	// endpoint is asked, and wants credentials for the page that would say so
	private static void assertAnswered(HttpResponse<String> response, String path, WebServer web) {
		if (WebApp.SECURED && web == WebServer.TOMCAT && response.statusCode() == 401) {
			assertThat(response.body()).isEmpty();
			return;
		}
		assertAnswered(response, path);
	}

	private static void assertProblem(String request, HttpResponse<String> response, Expected expected) {
		assertThat(response.statusCode()).as(request + " " + response.body()).isEqualTo(expected.status());
		assertThat(JsonPath.<Integer>read(response.body(), "$.status")).as(request).isEqualTo(expected.status());
		assertThat(JsonPath.<String>read(response.body(), "$.detail")).as(request).contains(expected.detail());
	}

	private static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	private HttpResponse<String> send(String method, String path, @Nullable String body) throws Exception {
		return method.equals("POST") ? this.app.post(path, (body != null) ? body : "{}") : this.app.get(path);
	}

	private long letters() {
		return this.app.bean(DeadLetters.class).count(DeadLetterQuery.all());
	}

	private void use(WebServer web) {
		boolean first = !subjects.containsKey(web);
		if (first) {
			EmbeddedNatsServer started = EmbeddedNatsServer.builder().config(users("")).start();
			subjects.put(web, new Subject(started, run(started, web, "unrestricted")));
		}
		this.server = subjects.get(web).server();
		this.app = subjects.get(web).app();
		if (first) {
			this.app.bean(JetStreamTemplate.class).publish("orders.new", "bad");
			await().atMost(Duration.ofSeconds(30)).until(() -> letters() == 1);
		}
	}

	private static WebApp run(EmbeddedNatsServer server, WebServer web, String access) {
		return WebApp.run(Application.class, "/actuator/", server, web, "jetstream.username=app",
				"jetstream.password=app",
				"management.endpoints.web.exposure.include=jetstream,jetstreamdeadletters,jetstreammessages",
				"management.endpoint.jetstream.access=" + access,
				"management.endpoint.jetstreamdeadletters.access=" + access, WebApp.ACK_WAIT,
				"logging.level.io.github.jetstreamspring.boot.operations.OperationLog=error");
	}

	private void forbid(String subject) throws Exception {
		this.forbidding = true;
		reload("publish: { deny: \"%s\" }".formatted(subject));
	}

	private void reload(String permissions) throws Exception {
		Path file = this.server.logFile().resolveSibling("nats-server.conf");
		String configuration = Files.readString(file);
		Files.writeString(file,
				configuration.substring(0, configuration.indexOf("authorization")) + users(permissions) + "\n");
		long reloads = reloads();
		assertThat(new ProcessBuilder("kill", "-HUP", Long.toString(this.server.pid())).start().waitFor()).isZero();
		await().until(() -> reloads() > reloads);
		// The server cuts off those whose permissions have changed
		Connection connection = this.app.bean(Connection.class);
		await().until(() -> connection.getStatus() == Connection.Status.CONNECTED);
	}

	private long reloads() throws Exception {
		return Files.readAllLines(this.server.logFile())
			.stream()
			.filter((line) -> line.contains("Reloaded server configuration"))
			.count();
	}

	private static String users(String permissions) {
		return """
				authorization { users: [
				  { user: app, password: app, permissions: { %s } }
				] }""".formatted(permissions);
	}

	private record Expected(int status, String detail) {
	}

	private record Subject(EmbeddedNatsServer server, WebApp app) {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ServletSecurity.class, ReactiveSecurity.class, PlainPasswords.class })
	static class Application {

		@JetStreamListener("order-worker")
		void handle(byte[] order) {
			throw new DeadLetterException("never");
		}

	}

}
