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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.jayway.jsonpath.JsonPath;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static io.github.jetstreamspring.web.WebApp.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoint {@code jetstreammessages} over HTTP. Runs twice, the second time without
 * Spring Security on the class path.
 */
@Timeout(120)
@EmbeddedNats
class MessagesEndpointWebTests {

	private static final String REMOVE = "{\"action\": \"remove\"}";

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void messagesThatWaitAreSeenAndRemoved(WebServer web) throws Exception {
		try (WebApp app = run(web, "management.endpoint.jetstreammessages.access=unrestricted",
				"management.endpoint.jetstreammessages.show-values=when-authorized")) {
			long first = publish(app, "orders.created");
			long second = publish(app, "orders.other");
			String all = app.get("/orders?from=" + first).body();
			assertThat(JsonPath.<List<Integer>>read(all, "$.messages[*].sequence")).containsExactly((int) first,
					(int) second);
			assertThat(JsonPath.<List<String>>read(app.get("/orders?subject=orders.other&from=" + first).body(),
					"$.messages[*].subject"))
				.containsExactly("orders.other");
			assertThat(JsonPath.<Integer>read(app.get("/orders?limit=1&from=" + first).body(), "$.next"))
				.isEqualTo((int) second);
			String one = app.get("/orders/" + first).body();
			assertThat(JsonPath.<String>read(one, "$.payloadText")).isEqualTo(WebApp.SECURED ? "secret" : "******");
			HttpResponse<String> removed = app.post("/orders/" + first, REMOVE);
			assertThat(removed.statusCode()).as(removed.body()).isEqualTo(200);
			assertProblem(app.post("/orders/" + first, REMOVE), 404, "There is no message");
			assertProblem(app.post("/orders/" + second, "{\"action\": \"move\"}"), 400, "'action' must be 'remove'");
			assertProblem(app.get("/orders?sort=up"), 400, "There is no 'sort' here");
			assertThat(app.bean(JetStreamManagement.class).getMessage("orders", second).getSeq()).isEqualTo(second);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void withoutMoreAccessTheyAreOnlySeenAndTheirContentIsHidden(WebServer web) throws Exception {
		try (WebApp app = run(web)) {
			long sequence = publish(app, "orders.created");
			assertThat(app.get("/orders/" + sequence).body()).contains("******").doesNotContain("secret");
			assertThat(app.post("/orders/" + sequence, REMOVE).statusCode()).isEqualTo(405);
			assertProblem(app.get("/KV_secrets"), 404, "The application has no stream 'KV_secrets'");
		}
	}

	private static long publish(WebApp app, String subject) {
		return app.bean(JetStreamTemplate.class)
			.message("secret".getBytes(StandardCharsets.UTF_8))
			.to(subject)
			.id(UUID.randomUUID().toString())
			.publish()
			.sequence();
	}

	private static WebApp run(WebServer web, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("management.endpoints.web.exposure.include=jetstreammessages");
		return WebApp.run(Application.class, "/actuator/jetstreammessages", server, web, all.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ServletSecurity.class, ReactiveSecurity.class, PlainPasswords.class })
	static class Application {

	}

}
