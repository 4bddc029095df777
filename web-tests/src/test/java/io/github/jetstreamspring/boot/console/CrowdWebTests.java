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

package io.github.jetstreamspring.boot.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.web.WebServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many who come to the console at once. Runs twice, the second time without Spring
 * Security on the class path.
 */
@Timeout(120)
@EmbeddedNats
class CrowdWebTests {

	private static final int MANY = 300;

	private static final int LARGE = 1_000_000;

	private static EmbeddedNatsServer server;

	private final HttpClient client = HttpClient.newHttpClient();

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@ParameterizedTest
	@EnumSource
	void whoNeverReadsHoldsUpNobodyAndIsDropped(WebServer web) throws Exception {
		List<Socket> silent = new ArrayList<>();
		// Those of an application that has ended stay for some seconds
		await().atMost(Duration.ofSeconds(30)).until(() -> threads("jetstream-console-live-") == 0);
		try (ConfigurableApplicationContext context = run(web); Socket reading = live(context, LARGE)) {
			LiveUpdates live = context.getBean(LiveUpdates.class);
			BufferedReader lines = new BufferedReader(
					new InputStreamReader(reading.getInputStream(), StandardCharsets.US_ASCII));
			awaitUpdates(lines, 1);
			for (int i = 0; i < MANY; i++) {
				silent.add(live(context, 1024));
			}
			awaitUpdates(lines, 10);
			assertThat(live.count()).isLessThanOrEqualTo(LiveUpdates.MOST);
			assertThat(threads("jetstream-console-live-")).isLessThanOrEqualTo(LiveUpdates.MOST + 1);
			CompletableFuture<Void> alone = CompletableFuture
				.runAsync(() -> await().atMost(Duration.ofSeconds(60)).until(() -> live.count() == 1));
			while (!alone.isDone()) {
				awaitUpdates(lines, 1);
			}
			alone.join();
			awaitUpdates(lines, 10);
			// Not one for each
			assertThat(threads("")).isLessThan(MANY);
			assertThat(get(context, "/jetstream/api/now").get().statusCode()).isEqualTo(200);
			System.gc();
			Runtime runtime = Runtime.getRuntime();
			assertThat(runtime.totalMemory() - runtime.freeMemory()).isLessThan(400_000_000L);
		}
		finally {
			for (Socket socket : silent) {
				socket.close();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void whoComesWhenThereIsNoPlaceIsToldSo(WebServer web) throws Exception {
		List<Socket> pages = new ArrayList<>();
		try (ConfigurableApplicationContext context = run(web)) {
			for (int i = 0; i < LiveUpdates.MOST; i++) {
				pages.add(live(context, LARGE));
			}
			LiveUpdates live = context.getBean(LiveUpdates.class);
			await().until(() -> live.count() == LiveUpdates.MOST);
			HttpResponse<String> refused = get(context, "/jetstream/api/live").get();
			assertThat(refused.statusCode()).isEqualTo(503);
			assertThat(refused.body()).contains("20 pages get updates already");
			assertThat(get(context, "/jetstream/api/now").get().statusCode()).isEqualTo(200);
		}
		finally {
			for (Socket socket : pages) {
				socket.close();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void oneSumOfDeadLettersIsForAllAndTooManyAreRefused(WebServer web) throws Exception {
		try (ConfigurableApplicationContext context = run(web)) {
			CountDownLatch summing = context.getBean(SlowLetters.class).summing;
			for (String path : new String[] { "/jetstream/api/jetstreamdeadletters/summary",
					"/actuator/jetstreamdeadletters/summary" }) {
				List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
				for (int i = 0; i < 13; i++) {
					answers.add(get(context, path));
				}
				if (summing.getCount() > 0) {
					await().until(() -> answers.stream().filter(CompletableFuture::isDone).count() == 3);
					assertThat(answers.stream().filter(CompletableFuture::isDone)).allSatisfy((answer) -> {
						assertThat(answer.join().statusCode()).isEqualTo(429);
						assertThat(answer.join().body()).contains("10 others wait");
					});
					// What else there is comes all the same
					assertThat(get(context, "/jetstream/api/now").get().statusCode()).isEqualTo(200);
					summing.countDown();
				}
				assertThat(answers).allSatisfy((answer) -> assertThat(answer.join().statusCode()).isIn(200, 429))
					.anySatisfy((answer) -> assertThat(answer.join().body()).contains("\"total\":0"));
			}
		}
	}

	private static void awaitUpdates(BufferedReader lines, int count) throws IOException {
		int updates = 0;
		while (updates < count) {
			String line = lines.readLine();
			assertThat(line).as("a line before the end").isNotNull();
			updates += line.startsWith("data:") ? 1 : 0;
		}
	}

	private static int threads(String prefix) {
		return (int) Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith(prefix))
			.count();
	}

	private static Socket live(ConfigurableApplicationContext context, int receiveBuffer) throws IOException {
		Socket socket = new Socket();
		socket.setReceiveBufferSize(receiveBuffer);
		socket.setSoTimeout(30_000);
		socket.connect(new InetSocketAddress("localhost", port(context)));
		socket.getOutputStream()
			.write("GET /jetstream/api/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	private CompletableFuture<HttpResponse<String>> get(ConfigurableApplicationContext context, String path) {
		return this.client.sendAsync(
				HttpRequest.newBuilder(URI.create("http://localhost:%d%s".formatted(port(context), path))).build(),
				BodyHandlers.ofString());
	}

	private static int port(ConfigurableApplicationContext context) {
		return Integer.parseInt(String.valueOf(context.getEnvironment().getProperty("local.server.port")));
	}

	private static ConfigurableApplicationContext run(WebServer web) {
		return web.application(Application.class)
			.properties("jetstream.servers=" + server.url(), "server.port=0", "jetstream.console.enabled=true",
					"server.tomcat.threads.max=50", "jetstream.streams.orders.subjects=orders.>",
					"jetstream.streams.orders.consumers.order-worker.ack-wait=5s",
					"management.endpoints.web.exposure.include=jetstreamdeadletters",
					// How long Tomcat waits for who doesn't read
					"server.tomcat.connection-timeout=2s")
			.run(web.choice());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ServletOpen.class, ReactiveOpen.class })
	static class Application {

		@JetStreamListener("order-worker")
		void handle(byte[] order) {
		}

		@Bean
		static SlowLetters slowLetters() {
			return new SlowLetters();
		}

		/**
		 * Has more to say, and more often, so that what a connection can take is soon
		 * full.
		 */
		@Bean
		static BeanPostProcessor manyLargeUpdates() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String name) {
					String update = "x".repeat(LARGE);
					return (bean instanceof LiveUpdates) ? new LiveUpdates(() -> update, Duration.ofMillis(200)) : bean;
				}

			};
		}

	}

	/**
	 * Dead letters that take as long as the test wants to be summed up.
	 */
	static class SlowLetters implements BeanPostProcessor {

		private final CountDownLatch summing = new CountDownLatch(1);

		@Override
		public Object postProcessAfterInitialization(Object bean, String name) {
			if (!(bean instanceof DeadLetters letters)) {
				return bean;
			}
			return Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { DeadLetters.class },
					(proxy, method, arguments) -> {
						if (method.getName().equals("summary")) {
							this.summing.await();
						}
						try {
							return method.invoke(letters, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					});
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
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SecurityWebFilterChain.class)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	static class ReactiveOpen {

		@Bean
		SecurityWebFilterChain open(ServerHttpSecurity http) {
			return http.authorizeExchange((exchanges) -> exchanges.anyExchange().permitAll()).build();
		}

	}

}
