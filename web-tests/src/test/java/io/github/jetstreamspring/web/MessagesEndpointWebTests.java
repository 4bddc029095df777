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
import java.util.Base64;
import java.util.List;
import java.util.UUID;

import com.jayway.jsonpath.JsonPath;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoint {@code jetstreammessages} over HTTP. Runs twice, the second time without
 * Spring Security on the class path.
 */
@Timeout(120)
class MessagesEndpointWebTests {

	private static final boolean SECURED = ClassUtils
		.isPresent("org.springframework.security.core.context.SecurityContext", null);

	private static final String REMOVE = "{\"action\": \"remove\"}";

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
	void messagesThatWaitAreSeenAndRemoved(WebApplicationType type) throws Exception {
		try (ConfigurableApplicationContext context = run(type,
				"management.endpoint.jetstreammessages.access=unrestricted",
				"management.endpoint.jetstreammessages.show-values=when-authorized")) {
			long first = publish(context, "orders.created");
			long second = publish(context, "orders.other");
			String all = get(context, "?from=" + first).body();
			assertThat(JsonPath.<List<Integer>>read(all, "$.messages[*].sequence")).containsExactly((int) first,
					(int) second);
			assertThat(JsonPath.<List<String>>read(get(context, "?subject=orders.other&from=" + first).body(),
					"$.messages[*].subject"))
				.containsExactly("orders.other");
			assertThat(JsonPath.<Integer>read(get(context, "?limit=1&from=" + first).body(), "$.next"))
				.isEqualTo((int) second);
			String one = get(context, "/" + first).body();
			assertThat(JsonPath.<String>read(one, "$.payloadText")).isEqualTo(SECURED ? "secret" : "******");
			HttpResponse<String> removed = post(context, "/" + first, REMOVE);
			assertThat(removed.statusCode()).as(removed.body()).isEqualTo(200);
			assertProblem(post(context, "/" + first, REMOVE), 404, "There is no message");
			assertProblem(post(context, "/" + second, "{\"action\": \"move\"}"), 400, "'action' must be 'remove'");
			assertProblem(get(context, "?sort=up"), 400, "There is no 'sort' here");
			assertThat(context.getBean(JetStreamManagement.class).getMessage("orders", second).getSeq())
				.isEqualTo(second);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void withoutMoreAccessTheyAreOnlySeenAndTheirContentIsHidden(WebApplicationType type) throws Exception {
		try (ConfigurableApplicationContext context = run(type)) {
			long sequence = publish(context, "orders.created");
			assertThat(get(context, "/" + sequence).body()).contains("******").doesNotContain("secret");
			assertThat(post(context, "/" + sequence, REMOVE).statusCode()).isEqualTo(405);
			assertProblem(send(HttpRequest.newBuilder(uri(context, "/actuator/jetstreammessages/KV_secrets"))), 404,
					"The application has no stream 'KV_secrets'");
		}
	}

	private static long publish(ConfigurableApplicationContext context, String subject) {
		return context.getBean(JetStreamTemplate.class)
			.message("secret".getBytes(StandardCharsets.UTF_8))
			.to(subject)
			.id(UUID.randomUUID().toString())
			.publish()
			.sequence();
	}

	private static void assertProblem(HttpResponse<String> response, int status, String detail) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(JsonPath.<String>read(response.body(), "$.detail")).contains(detail);
	}

	private static HttpResponse<String> get(ConfigurableApplicationContext context, String path) throws Exception {
		return send(HttpRequest.newBuilder(uri(context, "/actuator/jetstreammessages/orders" + path)));
	}

	private static HttpResponse<String> post(ConfigurableApplicationContext context, String path, String body)
			throws Exception {
		return send(HttpRequest.newBuilder(uri(context, "/actuator/jetstreammessages/orders" + path))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(body)));
	}

	private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		String credentials = Base64.getEncoder().encodeToString("ops:secret".getBytes(StandardCharsets.UTF_8));
		return client.send(request.header("Authorization", "Basic " + credentials).build(), BodyHandlers.ofString());
	}

	private static URI uri(ConfigurableApplicationContext context, String path) {
		return URI
			.create("http://localhost:%s%s".formatted(context.getEnvironment().getProperty("local.server.port"), path));
	}

	private static ConfigurableApplicationContext run(WebApplicationType type, String... properties) {
		return new SpringApplicationBuilder(Application.class).web(type)
			.properties("jetstream.servers=" + server.url(), "server.port=0",
					"management.endpoints.web.exposure.include=jetstreammessages",
					"jetstream.streams.orders.subjects=orders.>", "spring.security.user.name=ops",
					"spring.security.user.password=secret")
			.properties(properties)
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ServletSecurity.class, ReactiveSecurity.class })
	static class Application {

	}

}
