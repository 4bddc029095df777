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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.CookieManager;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.deadletter.PayloadRedactor;
import io.github.jetstreamspring.deadletter.StoredDeadLetter;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

import static io.github.jetstreamspring.web.WebApp.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The console over HTTP. Runs twice, the second time without Spring Security on the class
 * path.
 */
@Timeout(120)
@EmbeddedNats
@ExtendWith(OutputCaptureExtension.class)
class ConsoleWebTests {

	private static final String ON = "jetstream.console.enabled=true";

	private static final String WRITABLE = "jetstream.console.access=unrestricted";

	private static final String PAUSE = "{\"action\": \"pause\"}";

	private static EmbeddedNatsServer server;

	// Keeps the session that Spring Security's token belongs to
	private final HttpClient client = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@ParameterizedTest
	@EnumSource
	void thePageIsServedSafely(WebServer web) throws Exception {
		try (WebApp app = run(web, ON)) {
			HttpResponse<String> redirect = get(app, "");
			assertThat(redirect.statusCode()).isEqualTo(302);
			assertThat(redirect.headers().firstValue("Location")).hasValue("jetstream/");
			HttpResponse<String> page = get(app, "/");
			assertThat(page.statusCode()).isEqualTo(200);
			assertThat(page.headers().firstValue("Content-Type")).hasValueSatisfying(
					(contentType) -> assertThat(contentType).isEqualToIgnoringCase("text/html;charset=utf-8"));
			assertThat(page.headers().firstValue("Content-Security-Policy"))
				.hasValueSatisfying((policy) -> assertThat(policy)
					.contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
					.doesNotContain("unsafe"));
			assertThat(page.headers().firstValue("X-Frame-Options")).hasValue("DENY");
			assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
			// All addresses are relative, and nothing is inline
			assertThat(page.body()).doesNotContain("=\"/", "http", "<style", "onclick");
			if (!WebApp.SECURED) {
				assertThat(page.headers().firstValue("Set-Cookie")).isEmpty();
			}
			HttpResponse<String> script = get(app, "/app.js");
			assertThat(script.headers().firstValue("Content-Type")).hasValueSatisfying(
					(contentType) -> assertThat(contentType).isEqualToIgnoringCase("text/javascript;charset=utf-8"));
			String tag = script.headers().firstValue("ETag").orElseThrow();
			assertThat(send(app.request("/app.js").header("If-None-Match", tag)).statusCode()).isEqualTo(304);
			assertProblem(get(app, "/nothing.js"), 404, "no such file");
			assertProblem(get(app, "/static/app.js"), 404, "no such file");
			assertThat(get(app, "/..%2f..%2fConsoleHandler.class").statusCode()).isBetween(400, 404);
			assertThat(get(app, "-other").statusCode()).isEqualTo(404);
		}
	}

	@ParameterizedTest
	@EnumSource
	void thePageCanBeElsewhere(WebServer web) throws Exception {
		try (WebApp app = runAt("/shop/ops", web, ON, "jetstream.console.path=/ops/queues",
				"server.servlet.context-path=/shop", "spring.webflux.base-path=/shop")) {
			HttpResponse<String> redirect = send(app.request("/queues"));
			assertThat(redirect.headers().firstValue("Location")).hasValue("queues/");
			assertThat(send(app.request("/queues/")).statusCode()).isEqualTo(200);
			assertThat(send(app.request("/queues/api/session")).statusCode()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@EnumSource
	void aProxyMayHaveThePageBelowAnyPrefix(WebServer web) throws Exception {
		for (String strategy : new String[] { "none", "native", "framework" }) {
			try (WebApp app = run(web, ON, WRITABLE, "server.forward-headers-strategy=" + strategy)) {
				HttpResponse<String> redirect = send(proxied(app, ""));
				assertThat(redirect.statusCode()).isEqualTo(302);
				assertThat(redirect.headers().firstValue("Location")).hasValue("jetstream/");
				for (String path : new String[] { "/", "/app.js", "/api/now" }) {
					assertThat(send(proxied(app, path)).statusCode()).as(strategy + path).isEqualTo(200);
				}
				String[] token = token(app);
				HttpRequest.Builder pause = proxied(app, "/api/jetstream/order-worker")
					.header("Content-Type", "application/json")
					.header("X-JetStream-Console", "1")
					.header("Origin", "https://shop.example")
					.header("Sec-Fetch-Site", "same-origin")
					.POST(BodyPublishers.ofString(PAUSE));
				if (token.length > 0) {
					pause.header(token[0], token[1]);
				}
				HttpResponse<String> paused = send(pause);
				assertThat(paused.statusCode()).as(strategy + paused.body()).isEqualTo(200);
			}
		}
	}

	private static HttpRequest.Builder proxied(WebApp app, String path) {
		return app.request(path)
			.header("X-Forwarded-For", "8.8.8.8")
			.header("X-Forwarded-Proto", "https")
			.header("X-Forwarded-Host", "shop.example")
			.header("X-Forwarded-Prefix", "/ops");
	}

	@ParameterizedTest
	@EnumSource
	void whatThereIsCanBeRead(WebServer web) throws Exception {
		try (WebApp app = run(web, ON)) {
			HttpResponse<String> now = get(app, "/api/now");
			assertThat(now.headers().firstValue("Content-Type")).hasValue("application/json");
			assertThat(now.headers().firstValue("Cache-Control"))
				.hasValueSatisfying((cache) -> assertThat(cache).contains("no-store"));
			assertThat(JsonPath.<String>read(now.body(), "$.connections.default.status")).isEqualTo("CONNECTED");
			assertThat(JsonPath.<String>read(now.body(), "$.listeners.order-worker.state")).isEqualTo("RUNNING");
			assertThat(JsonPath.<String>read(get(app, "/api/jetstream/order-worker").body(),
					"$.settings['max-run-time'].source"))
				.isEqualTo("default");
			app.bean(JetStreamTemplate.class).publish("orders.created", "fine".getBytes(StandardCharsets.UTF_8));
			await().untilAsserted(() -> assertThat(
					JsonPath.<List<Integer>>read(get(app, "/api/history?window=12h").body(), "$.tallies[*].handled"))
				.contains(1));
			assertThat(JsonPath.<Integer>read(get(app, "/api/history?listener=order-worker&window=1h").body(),
					"$.tallies.length()"))
				.isEqualTo(60);
			assertThat(get(app, "/api/activity").body()).isEqualTo("{\"operations\":[]}");
			assertThat(JsonPath.<String>read(get(app, "/api/session").body(), "$.access")).isEqualTo("read-only");
			assertProblem(get(app, "/api/nothing"), 404, "There is no 'nothing' here");
			assertProblem(get(app, "/api/jetstream/nobody"), 404, "There is no listener 'nobody'");
			assertProblem(get(app, "/api/jetstreamdeadletters?sort=x"), 400, "There is no 'sort' here");
		}
	}

	@ParameterizedTest
	@EnumSource
	void withoutWriteAccessNothingCanBeChanged(WebServer web) throws Exception {
		try (WebApp app = run(web, ON)) {
			assertThat(token(app)).isEmpty();
			HttpResponse<String> response = write(app, new String[0], PAUSE);
			if (WebApp.SECURED) {
				assertThat(response.statusCode()).isIn(401, 403);
			}
			else {
				assertProblem(response, 403, "jetstream.console.access is read-only");
			}
			assertThat(state(app)).isEqualTo(ListenerState.RUNNING);
		}
	}

	@ParameterizedTest
	@EnumSource
	void onlyThePageItselfCanChangeSomething(WebServer web) throws Exception {
		try (WebApp app = run(web, ON, WRITABLE)) {
			String[] token = token(app);
			String own = "http://localhost:" + app.port();
			String json = "application/json";
			assertProblem(post(app, token, "text/plain", "1", own, null), 403, "content type");
			assertProblem(post(app, token, json, null, own, null), 403, "X-JetStream-Console");
			assertProblem(post(app, token, json, "1", null, null), 403, "Origin");
			assertProblem(post(app, token, json, "1", "null", null), 403, "Origin");
			assertProblem(post(app, token, json, "1", "http://localhost:1", null), 403, "Origin");
			assertProblem(post(app, token, json, "1", "https://evil.example", null), 403, "Origin");
			assertProblem(post(app, token, json, "1", own, "cross-site"), 403, "Origin");
			assertProblem(post(app, token, json, "1", own, "same-site"), 403, "Origin");
			if (WebApp.SECURED) {
				assertThat(post(app, new String[0], json, "1", own, null).statusCode()).isIn(401, 403);
			}
			assertThat(state(app)).isEqualTo(ListenerState.RUNNING);
			HttpResponse<String> paused = post(app, token, json, "1", own, null);
			assertThat(paused.statusCode()).as(paused.body()).isEqualTo(200);
			assertThat(JsonPath.<String>read(paused.body(), "$.state")).isEqualTo("PAUSED");
			// As it is behind a proxy
			assertThat(post(app, token, json, "1", "https://shop.example", "same-origin").statusCode()).isEqualTo(200);
			String activity = get(app, "/api/activity").body();
			assertThat(JsonPath.<String>read(activity, "$.operations[0].target")).isEqualTo("listener 'order-worker'");
			assertThat(activity.contains("\"principal\":\"ops\"")).isEqualTo(WebApp.SECURED);
		}
	}

	@ParameterizedTest
	@EnumSource
	void aNameThatSomebodyMadeLeadToThisMachineIsRefused(WebServer web) throws Exception {
		try (WebApp app = run(web, ON, "jetstream.console.allowed-hosts=shop.example")) {
			// Who has signed in has done so under this very name
			int refused = WebApp.SECURED ? 200 : 403;
			assertThat(statusAs(app, "evil.example")).isEqualTo(refused);
			assertThat(statusAs(app, "localhost.evil.example:80")).isEqualTo(refused);
			assertThat(statusAs(app, "127.0.0.1.evil.example")).isEqualTo(refused);
			assertThat(statusAs(app, "shop.example")).isEqualTo(200);
			assertThat(statusAs(app, "LOCALHOST:8080")).isEqualTo(200);
			assertThat(statusAs(app, "[::1]:8080")).isEqualTo(200);
			assertThat(statusAs(app, "10.0.0.1")).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@EnumSource
	void whereAnybodyCouldUseItThereIsNoConsole(WebServer web, CapturedOutput output) throws Exception {
		try (WebApp app = run(web)) {
			assertThat(get(app, "/").statusCode()).isEqualTo(WebApp.SECURED ? 200 : 404);
			assertThat(output.toString().contains("There is no console at /jetstream")).isEqualTo(!WebApp.SECURED);
		}
		try (WebApp app = run(web, "server.address=127.0.0.1")) {
			assertThat(get(app, "/").statusCode()).isEqualTo(200);
		}
		for (String off : new String[] { "jetstream.console.enabled=false", "jetstream.console.access=none" }) {
			try (WebApp app = run(web, "server.address=127.0.0.1", off)) {
				assertThat(get(app, "/").statusCode()).isEqualTo(404);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void valuesAreShownToWhomTheyMay(WebServer web) throws Exception {
		String path = "/api/jetstreamdeadletters/";
		try (WebApp app = run(web, ON)) {
			app.bean(DeadLetters.class).discard(DeadLetterQuery.all());
			app.bean(JetStreamTemplate.class)
				.message("fail".getBytes(StandardCharsets.UTF_8))
				.to("orders.created")
				.header("tenant", "acme")
				.header("secret", "s3cret")
				.publish();
			await().until(() -> app.bean(DeadLetters.class).count(DeadLetterQuery.all()) == 1);
			int sequence = JsonPath.read(get(app, path).body(), "$.letters[0].sequence");
			path += sequence;
			assertThat(get(app, path).body()).contains("\"tenant\":[\"******\"]", "\"payloadText\":\"******\"")
				.doesNotContain("acme");
			assertThat(JsonPath.<Integer>read(get(app, "/api/jetstreamdeadletters/summary").body(), "$.total"))
				.isEqualTo(1);
		}
		try (WebApp app = run(web, ON, "jetstream.console.show-values=when-authorized")) {
			assertThat(get(app, path).body().contains("acme")).isEqualTo(WebApp.SECURED);
		}
		try (WebApp app = run(web, ON, "jetstream.console.show-values=always")) {
			assertThat(get(app, path).body()).contains("\"payloadText\":\"fail\"", "\"tenant\":[\"acme\"]",
					"\"secret\":[\"******\"]");
		}
	}

	@ParameterizedTest
	@EnumSource
	void updatesComeByThemselvesAndDontHoldUpTheEnd(WebServer web) throws Exception {
		Stream<String> lines;
		try (WebApp app = run(web, ON)) {
			HttpResponse<Stream<String>> live = this.client.send(app.request("/api/live").build(),
					BodyHandlers.ofLines());
			assertThat(live.headers().firstValue("Content-Type"))
				.hasValueSatisfying((contentType) -> assertThat(contentType).startsWith("text/event-stream"));
			lines = live.body();
			assertThat(lines.filter((line) -> line.startsWith("data:")).limit(2))
				.allSatisfy((line) -> assertThat(
						JsonPath.<String>read(line.substring("data:".length()), "$.listeners.order-worker.state"))
					.isEqualTo("RUNNING"))
				.hasSize(2);
		}
	}

	@ParameterizedTest
	@EnumSource
	void aBodyThatIsTooLargeOrNoObjectIsRefused(WebServer web) throws Exception {
		try (WebApp app = run(web, ON, WRITABLE)) {
			String[] token = token(app);
			assertProblem(write(app, token, "x".repeat(70_000)), 413, "bytes");
			assertProblem(write(app, token, "[]"), 400, "no JSON object");
			assertProblem(write(app, token, "{\"action\""), 400, "no JSON object");
			assertProblem(write(app, token, "{\"action\": [1]}"), 400, "'action' must be a text");
			assertProblem(write(app, token, "{\"action\": \"stop\", \"force\": true}"), 400,
					"There is no 'force' here");
		}
	}

	// Name and value of the header that Spring Security wants, or nothing
	private String[] token(WebApp app) throws Exception {
		String session = get(app, "/api/session").body();
		if (!session.contains("\"csrf\"")) {
			return new String[0];
		}
		return new String[] { JsonPath.read(session, "$.csrf.header"), JsonPath.read(session, "$.csrf.token") };
	}

	private HttpResponse<String> write(WebApp app, String[] token, String body) throws Exception {
		return post(app, token, "application/json", "1", "http://localhost:" + app.port(), null, body);
	}

	private HttpResponse<String> post(WebApp app, String[] token, String contentType, @Nullable String header,
			@Nullable String origin, @Nullable String site) throws Exception {
		return post(app, token, contentType, header, origin, site, PAUSE);
	}

	private HttpResponse<String> post(WebApp app, String[] token, String contentType, @Nullable String header,
			@Nullable String origin, @Nullable String site, String body) throws Exception {
		HttpRequest.Builder request = app.request("/api/jetstream/order-worker")
			.header("Content-Type", contentType)
			.POST(BodyPublishers.ofString(body));
		if (header != null) {
			request.header("X-JetStream-Console", header);
		}
		if (origin != null) {
			request.header("Origin", origin);
		}
		if (site != null) {
			request.header("Sec-Fetch-Site", site);
		}
		if (token.length > 0) {
			request.header(token[0], token[1]);
		}
		return send(request);
	}

	private HttpResponse<String> get(WebApp app, String path) throws Exception {
		return send(app.request(path));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	// The client sends no Host of ours
	private static int statusAs(WebApp app, String host) throws IOException {
		try (Socket socket = new Socket("localhost", app.port())) {
			socket.getOutputStream()
				.write("GET /jetstream/api/session HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\nConnection: close\r\n\r\n"
					.formatted(host, WebApp.AUTHORIZATION)
					.getBytes(StandardCharsets.UTF_8));
			String status = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
				.readLine();
			return Integer.parseInt(status.split(" ")[1]);
		}
	}

	private static ListenerState state(WebApp app) {
		return app.bean(JetStreamListeners.class).state("order-worker");
	}

	private static WebApp run(WebServer web, String... properties) {
		return runAt("/jetstream", web, properties);
	}

	private static WebApp runAt(String base, WebServer web, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.addAll(List.of(WebApp.ACK_WAIT, "jetstream.listeners.order-worker.retry.max-attempts=1"));
		return WebApp.run(Application.class, base, server, web, all.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ServletLogin.class, ReactiveLogin.class, PlainPasswords.class })
	static class Application {

		@JetStreamListener("order-worker")
		void handle(byte[] order) {
			if (new String(order, StandardCharsets.UTF_8).equals("fail")) {
				throw new IllegalStateException("declined");
			}
		}

		@Bean
		PayloadRedactor redactor() {
			return new PayloadRedactor() {

				@Override
				public byte[] payload(StoredDeadLetter letter) {
					return letter.payload();
				}

				@Override
				public @Nullable String header(String name, String value) {
					return name.equals("secret") ? null : value;
				}

			};
		}

	}

	/**
	 * With Spring Security's token, as an application has it that changes nothing.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SecurityFilterChain.class)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	static class ServletLogin {

		@Bean
		SecurityFilterChain login(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SecurityWebFilterChain.class)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	static class ReactiveLogin {

		@Bean
		SecurityWebFilterChain login(ServerHttpSecurity http) {
			return http.authorizeExchange((exchanges) -> exchanges.anyExchange().authenticated())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

	}

}
