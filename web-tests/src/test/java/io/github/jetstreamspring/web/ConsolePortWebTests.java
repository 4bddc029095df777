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
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import io.github.jetstreamspring.annotation.JetStreamListener;
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

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The console on Actuator's port, where that is another one. Runs twice, the second time
 * without Spring Security on the class path.
 */
@Timeout(120)
@EmbeddedNats
@ExtendWith(OutputCaptureExtension.class)
class ConsolePortWebTests {

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@ParameterizedTest
	@EnumSource
	void itIsThereAndNotOnThePortOfTheApplication(WebServer web) throws Exception {
		try (WebApp app = run(web, "jetstream.console.enabled=true", "management.server.base-path=/manage",
				"jetstream.console.access=unrestricted")) {
			HttpResponse<String> redirect = get(app, "management", "/manage/jetstream", true);
			assertThat(redirect.statusCode()).isEqualTo(302);
			assertThat(redirect.headers().firstValue("Location")).hasValue("jetstream/");
			HttpResponse<String> page = get(app, "management", "/manage/jetstream/", true);
			assertThat(page.statusCode()).isEqualTo(200);
			assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
			HttpResponse<String> now = get(app, "management", "/manage/jetstream/api/now", true);
			assertThat(JsonPath.<String>read(now.body(), "$.listeners.order-worker.state")).isEqualTo("RUNNING");
			assertThat(get(app, "server", "/jetstream/", true).statusCode()).isEqualTo(404);
			assertThat(get(app, "server", "/manage/jetstream/", true).statusCode()).isEqualTo(404);
			assertThat(get(app, "management", "/manage/actuator/health", true).statusCode()).isEqualTo(200);
			assertThat(get(app, "management", "/manage/jetstream/api/now", false).statusCode())
				.isEqualTo(WebApp.SECURED ? 401 : 200);
		}
	}

	@ParameterizedTest
	@EnumSource
	void whereAnybodyCouldUseItThereIsNone(WebServer web, CapturedOutput output) throws Exception {
		try (WebApp app = run(web, "server.address=127.0.0.1")) {
			assertThat(get(app, "management", "/jetstream/", true).statusCode()).isEqualTo(WebApp.SECURED ? 200 : 404);
			assertThat(output.toString().contains("by management.server.address=127.0.0.1")).isEqualTo(!WebApp.SECURED);
		}
		try (WebApp app = run(web, "management.server.address=127.0.0.1")) {
			assertThat(get(app, "management", "/jetstream/", true).statusCode()).isEqualTo(200);
		}
	}

	private static HttpResponse<String> get(WebApp app, String port, String path, boolean signedIn)
			throws IOException, InterruptedException {
		return WebApp.send(signedIn ? app.request(port, path) : app.strangersRequest(port, path));
	}

	private static WebApp run(WebServer web, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.addAll(List.of("management.server.port=0", WebApp.ACK_WAIT));
		return WebApp.run(Application.class, "", server, web, all.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ServletSecurity.class, ReactiveSecurity.class, PlainPasswords.class })
	static class Application {

		@JetStreamListener("order-worker")
		void handle(byte[] order) {
		}

	}

}
