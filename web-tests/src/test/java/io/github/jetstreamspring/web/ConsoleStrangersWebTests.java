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
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the console answers to those who send what no browser of an operator would, in an
 * application that lets everybody come to it.
 */
class ConsoleStrangersWebTests {

	private static final boolean SECURED = ClassUtils
		.isPresent("org.springframework.security.core.context.SecurityContext", null);

	private static final String ON = "jetstream.console.enabled=true";

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
	@EnumSource
	void springSecurityThatLeavesThePathAloneIsNoReasonToShowIt(WebServer web) throws Exception {
		try (ConfigurableApplicationContext context = run(web)) {
			for (String path : new String[] { "/", "/app.js", "/api/session", "/api/live" }) {
				Answer answer = get(context, path, "");
				assertThat(answer.status()).isEqualTo(SECURED ? 403 : 404);
				assertThat(answer.text().contains("Nobody has signed in")).isEqualTo(SECURED);
			}
			assertThat(get(context, "/api/session", signedIn()).status()).isEqualTo(SECURED ? 200 : 404);
		}
		try (ConfigurableApplicationContext context = run(web, ON)) {
			assertThat(get(context, "/api/session", "").status()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@EnumSource
	void whoIsAnonymousHasNotSignedIn(WebServer web) throws Exception {
		try (ConfigurableApplicationContext context = run(web, ON, "jetstream.console.show-values=when-authorized")) {
			assertThat(get(context, "/api/session", "").text()).contains("\"values\":false").doesNotContain("\"user\"");
			assertThat(get(context, "/api/session", signedIn()).text().contains("\"values\":true")).isEqualTo(SECURED);
		}
	}

	@ParameterizedTest
	@EnumSource
	void forwardedHeadersDontMakeARequestOneFromElsewhere(WebServer web) throws Exception {
		for (String strategy : new String[] { "framework", "native" }) {
			try (ConfigurableApplicationContext context = run(web, ON, "server.forward-headers-strategy=" + strategy)) {
				for (String header : new String[] { "X-Forwarded-For: 8.8.8.8\r\nX-Forwarded-Host: localhost\r\n",
						"X-Forwarded-For: 8.8.8.8\r\nX-Forwarded-Host: 8.8.4.4\r\n",
						"X-Forwarded-For: 8.8.8.8\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Port: 80\r\n",
						"X-Forwarded-For: [2001:4860::8888]\r\nX-Forwarded-Host: [2001:4860::8844]:80\r\n",
						"Forwarded: for=8.8.8.8;host=localhost\r\n", "Forwarded: for=8.8.8.8;host=8.8.4.4\r\n",
						"X-Forwarded-Proto: https\r\nX-Forwarded-Host: 8.8.4.4\r\nX-Forwarded-Prefix: /ops\r\n" }) {
					assertThat(send(context, "GET", "/api/session", "evil.example", header).status()).isEqualTo(403);
					assertThat(get(context, "/api/session", header).status()).isEqualTo(200);
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void whatNobodyAsksForIsRefusedAndNoFailure(WebServer web) throws Exception {
		try (ConfigurableApplicationContext context = run(web, ON)) {
			for (String path : new String[] { "/api//", "/api/", "/api///", "/api/a/b/c/d", "/../app.js",
					"/%2e%2e/app.js", "/api/live/" }) {
				assertThat(get(context, path, "").status()).as(path).isBetween(400, 404);
			}
			for (String encoded : new String[] { "%ff%fe", "%E0%80%80", "%00", "%" }) {
				assertThat(get(context, "/api/jetstreamdeadletters?reason=" + encoded, "").status()).as(encoded)
					.isIn(200, 400, 404);
			}
			for (String method : new String[] { "HEAD", "OPTIONS" }) {
				assertThat(send(context, method, "/api/live", "localhost", "").status()).as(method).isEqualTo(405);
			}
			for (String method : new String[] { "POST", "PUT", "DELETE" }) {
				assertThat(send(context, method, "/api/live", "localhost", "").status()).as(method).isIn(403, 405);
			}
			assertThat(get(context, "/api/jetstreamdeadletters?header=secret:s3cret", "").text()).contains("400",
					"Values of headers are hidden here");
		}
	}

	@ParameterizedTest
	@EnumSource
	void aBodyThatDoesntComeHoldsUpNoQuestion(WebServer web) throws Exception {
		try (ConfigurableApplicationContext context = run(web, ON)) {
			try (Socket socket = open(context, "GET", "/api/session", "localhost", "Content-Length: 100\r\n")) {
				byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
				assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void updatesAreAsSafeAsAllOtherAnswers(WebServer web) throws Exception {
		try (ConfigurableApplicationContext context = run(web, ON)) {
			assertThat(send(context, "GET", "/api/live", "localhost", "Sec-Fetch-Site: cross-site\r\n").status())
				.isEqualTo(403);
			try (Socket socket = open(context, "GET", "/api/live", "localhost", "")) {
				String start = "";
				while (!start.contains("\r\n\r\n")) {
					start += (char) socket.getInputStream().read();
				}
				assertThat(start).containsIgnoringCase("X-Content-Type-Options: nosniff")
					.containsIgnoringCase("Content-Security-Policy: default-src 'none'")
					.containsIgnoringCase("X-Accel-Buffering: no")
					.contains("no-store");
			}
		}
	}

	private static String signedIn() {
		return "Authorization: Basic %s\r\n"
			.formatted(Base64.getEncoder().encodeToString("ops:secret".getBytes(StandardCharsets.UTF_8)));
	}

	private static Answer get(ConfigurableApplicationContext context, String path, String headers) throws IOException {
		return send(context, "GET", path, "localhost", headers);
	}

	private static Answer send(ConfigurableApplicationContext context, String method, String path, String host,
			String headers) throws IOException {
		try (Socket socket = open(context, method, path, host, headers + "Connection: close\r\n")) {
			return new Answer(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
		}
	}

	private static Socket open(ConfigurableApplicationContext context, String method, String path, String host,
			String headers) throws IOException {
		Socket socket = new Socket("localhost",
				Integer.parseInt(String.valueOf(context.getEnvironment().getProperty("local.server.port"))));
		socket.setSoTimeout(15_000);
		socket.getOutputStream()
			.write("%s /jetstream%s HTTP/1.1\r\nHost: %s\r\n%s\r\n".formatted(method, path, host, headers)
				.getBytes(StandardCharsets.UTF_8));
		return socket;
	}

	private static ConfigurableApplicationContext run(WebServer web, String... properties) {
		return web.application(Application.class)
			.properties("jetstream.servers=" + server.url(), "server.port=0",
					"jetstream.streams.orders.subjects=orders.>",
					"jetstream.streams.orders.consumers.order-worker.ack-wait=5s", "spring.security.user.name=ops",
					"spring.security.user.password=secret")
			.properties(properties)
			.run(web.choice());
	}

	private record Answer(String text) {

		int status() {
			return Integer.parseInt(this.text.split(" ", 3)[1]);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ServletOpen.class, ReactiveOpen.class })
	static class Application {

		@JetStreamListener("order-worker")
		void handle(byte[] order) {
		}

	}

	/**
	 * Lets everybody come everywhere.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SecurityFilterChain.class)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	static class ServletOpen {

		@Bean
		SecurityFilterChain open(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SecurityWebFilterChain.class)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	static class ReactiveOpen {

		@Bean
		SecurityWebFilterChain open(ServerHttpSecurity http) {
			return http.authorizeExchange((exchanges) -> exchanges.anyExchange().permitAll())
				.httpBasic(Customizer.withDefaults())
				.anonymous(Customizer.withDefaults())
				.build();
		}

	}

}
