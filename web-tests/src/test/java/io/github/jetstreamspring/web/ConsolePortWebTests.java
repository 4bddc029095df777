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

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import com.jayway.jsonpath.JsonPath;
import io.github.jetstreamspring.annotation.JetStreamListener;
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
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The console on Actuator's port, where that is another one. Runs twice, the second time
 * without Spring Security on the class path.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class ConsolePortWebTests {

	private static final boolean SECURED = ClassUtils
		.isPresent("org.springframework.security.core.context.SecurityContext", null);

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
	void itIsThereAndNotOnThePortOfTheApplication(WebApplicationType type) throws Exception {
		try (ConfigurableApplicationContext context = run(type, "jetstream.console.enabled=true",
				"management.server.base-path=/manage", "jetstream.console.access=unrestricted")) {
			HttpResponse<String> redirect = get(context, "management", "/manage/jetstream", true);
			assertThat(redirect.statusCode()).isEqualTo(302);
			assertThat(redirect.headers().firstValue("Location")).hasValue("jetstream/");
			HttpResponse<String> page = get(context, "management", "/manage/jetstream/", true);
			assertThat(page.statusCode()).isEqualTo(200);
			assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
			HttpResponse<String> now = get(context, "management", "/manage/jetstream/api/now", true);
			assertThat(JsonPath.<String>read(now.body(), "$.listeners.order-worker.state")).isEqualTo("RUNNING");
			assertThat(get(context, "server", "/jetstream/", true).statusCode()).isEqualTo(404);
			assertThat(get(context, "server", "/manage/jetstream/", true).statusCode()).isEqualTo(404);
			assertThat(get(context, "management", "/manage/actuator/health", true).statusCode()).isEqualTo(200);
			assertThat(get(context, "management", "/manage/jetstream/api/now", false).statusCode())
				.isEqualTo(SECURED ? 401 : 200);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void whereAnybodyCouldUseItThereIsNone(WebApplicationType type, CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = run(type, "server.address=127.0.0.1")) {
			assertThat(get(context, "management", "/jetstream/", true).statusCode()).isEqualTo(SECURED ? 200 : 404);
			assertThat(output.toString().contains("by management.server.address=127.0.0.1")).isEqualTo(!SECURED);
		}
		try (ConfigurableApplicationContext context = run(type, "management.server.address=127.0.0.1")) {
			assertThat(get(context, "management", "/jetstream/", true).statusCode()).isEqualTo(200);
		}
	}

	private static HttpResponse<String> get(ConfigurableApplicationContext context, String port, String path,
			boolean signedIn) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:%s%s"
			.formatted(context.getEnvironment().getProperty("local." + port + ".port"), path)));
		if (signedIn) {
			request.header("Authorization",
					"Basic " + Base64.getEncoder().encodeToString("ops:secret".getBytes(StandardCharsets.UTF_8)));
		}
		return client.send(request.build(), BodyHandlers.ofString());
	}

	private static ConfigurableApplicationContext run(WebApplicationType type, String... properties) {
		return new SpringApplicationBuilder(Application.class).web(type)
			.properties("jetstream.servers=" + server.url(), "server.port=0", "management.server.port=0",
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

		@JetStreamListener("order-worker")
		void handle(byte[] order) {
		}

	}

}
