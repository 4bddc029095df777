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
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

import com.jayway.jsonpath.JsonPath;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.awaitility.Awaitility;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with a web server of its own, and the operator who calls it, signed in
 * where there is Spring Security.
 */
final class WebApp implements AutoCloseable {

	static {
		// A busy machine is slow, but nothing is wrong
		Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
	}

	/**
	 * Whether this is the run with Spring Security on the class path.
	 */
	static final boolean SECURED = ClassUtils.isPresent("org.springframework.security.core.context.SecurityContext",
			null);

	static final String ACK_WAIT = "jetstream.streams.orders.consumers.order-worker.ack-wait=5s";

	static final String AUTHORIZATION = "Basic "
			+ Base64.getEncoder().encodeToString("ops:secret".getBytes(StandardCharsets.UTF_8));

	private static final HttpClient client = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	private final String base;

	private WebApp(ConfigurableApplicationContext context, String base) {
		this.context = context;
		this.base = base;
	}

	/**
	 * Starts an application that has a stream 'orders'.
	 * @param application its configuration
	 * @param base what all paths that are asked for begin with
	 * @param server the server that it uses
	 * @param web what serves it
	 * @param properties what else is set
	 */
	static WebApp run(Class<?> application, String base, EmbeddedNatsServer server, WebServer web,
			String... properties) {
		return new WebApp(web.application(application)
			.properties("jetstream.servers=" + server.url(), "server.port=0",
					"jetstream.streams.orders.subjects=orders.>", "spring.security.user.name=ops",
					"spring.security.user.password=secret")
			.properties(properties)
			.run(web.choice()), base);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	int port() {
		return port("server");
	}

	private int port(String name) {
		return Integer.parseInt(String.valueOf(this.context.getEnvironment().getProperty("local." + name + ".port")));
	}

	/**
	 * A request of the operator.
	 */
	HttpRequest.Builder request(String path) {
		return request("server", path);
	}

	HttpRequest.Builder request(String port, String path) {
		return strangersRequest(port, path).header("Authorization", AUTHORIZATION);
	}

	/**
	 * A request of somebody who isn't signed in.
	 */
	HttpRequest.Builder strangersRequest(String port, String path) {
		return HttpRequest.newBuilder(URI.create("http://localhost:%d%s%s".formatted(port(port), this.base, path)))
			.timeout(Duration.ofSeconds(30));
	}

	HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return send(request(path));
	}

	HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
		return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
	}

	static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return client.send(request.build(), BodyHandlers.ofString());
	}

	/**
	 * What can't be done has an answer with a status and a sentence.
	 */
	static void assertProblem(HttpResponse<String> response, int status, String detail) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(JsonPath.<Integer>read(response.body(), "$.status")).isEqualTo(status);
		assertThat(JsonPath.<String>read(response.body(), "$.detail")).contains(detail);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
