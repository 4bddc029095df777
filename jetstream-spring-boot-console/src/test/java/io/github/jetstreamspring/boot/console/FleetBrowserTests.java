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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.jayway.jsonpath.JsonPath;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import io.nats.client.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several real instances of an application, seen in the console of one.
 */
@Timeout(300)
class FleetBrowserTests {

	private static final String SUBJECT = "_JETSTREAM_SPRING.fleet.shop";

	private final List<AutoCloseable> opened = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (int i = this.opened.size() - 1; i >= 0; i--) {
			this.opened.get(i).close();
		}
	}

	@Test
	void allInstancesAreSeenSummedUpAndPausedTogether() throws Exception {
		EmbeddedNatsServer server = open(EmbeddedNatsServer.start());
		ConfigurableApplicationContext first = run(server.url());
		ConfigurableApplicationContext second = run(server.url());
		Browser browser = open(Browser.open(address(first)));
		browser.go("#/instances");
		await().until(() -> rows(browser, 0) == 2);
		assertThat(browser.text()).contains("this one").contains("CONNECTED").contains("0 of 20");
		ConfigurableApplicationContext third = run(server.url());
		await().until(() -> rows(browser, 0) == 3);
		browser.screenshot("instances");
		assertThat(browser.accessibilityFindings()).isEmpty();
		for (int i = 0; i < 300; i++) {
			first.getBean(JetStreamTemplate.class).publish("orders.created", bytes("{}"));
		}
		await().untilAsserted(() -> assertThat(handled(first, true)).isEqualTo(300));
		assertThat(handled(first, false) + handled(second, false) + handled(third, false)).isEqualTo(300);
		browser.go("#/overview?scope=fleet");
		browser.awaitText("of 3 instances");
		browser.awaitText("0 of 30");
		browser.click("#scope option[value=instance]");
		browser.awaitText("0 of 10");
		browser.go("#/listeners/order-worker");
		browser.click("#pause");
		browser.click("#pause-scope option[value=fleet]");
		browser.click("#dialog-ok");
		for (ConfigurableApplicationContext one : List.of(first, second, third)) {
			await().until(() -> state(one) == ListenerState.PAUSED);
		}
		browser.go("#/instances");
		await().untilAsserted(() -> assertThat(browser.text()).contains("PAUSED").doesNotContain("RUNNING"));
		browser.go("#/listeners/order-worker");
		browser.click("#resume");
		for (ConfigurableApplicationContext one : List.of(first, second, third)) {
			await().until(() -> state(one) == ListenerState.RUNNING);
		}
		third.close();
		browser.go("#/instances");
		await().until(() -> rows(browser, 0) == 2);
	}

	@Test
	void whatStrangersAnswerIsBoundedAndShownAsText() throws Exception {
		EmbeddedNatsServer server = open(EmbeddedNatsServer.start());
		ConfigurableApplicationContext context = run(server.url());
		Connection stranger = open(Nats.connect(server.url()));
		String markup = "<img src=x onerror=document.title='hacked'>";
		List<String> answers = new ArrayList<>();
		answers.add("no json");
		answers.add("[]");
		answers.add("{\"id\":17}");
		answers.add("[".repeat(100_000));
		answers.add("{\"id\":\"large\",\"name\":\"" + "x".repeat(300_000) + "\"}");
		answers.add(
				"{\"id\":\"evil\",\"name\":\"%1$s\",\"started\":\"%1$s\",\"status\":\"%1$s\",\"recent\":[-1,1e99,\"x\"],\"listeners\":{\"%1$s\":{\"state\":\"%1$s\",\"busy\":\"%1$s\",\"reason\":\"%1$s\"},\"x\":[]},\"tallies\":[[0,1,1,1,[]],[9e9],\"x\",[1,2,3,4,[[99,1],[-1,1],\"x\"]]]}"
					.formatted(markup));
		for (int i = 0; i < 1000; i++) {
			answers.add("{\"id\":\"flood-%d\",\"listeners\":{}}".formatted(i));
		}
		Dispatcher dispatcher = stranger.createDispatcher(
				(question) -> answers.forEach((answer) -> stranger.publish(question.getReplyTo(), bytes(answer))));
		dispatcher.subscribe(SUBJECT);
		stranger.flush(null);
		Browser browser = open(Browser.open(address(context)));
		browser.go("#/instances");
		browser.awaitText(markup);
		assertThat(rows(browser, 0)).isBetween(2L, 200L);
		assertThat(browser.driver().getTitle()).doesNotContain("hacked");
		assertThat(browser.driver().findElements(By.cssSelector("main img"))).isEmpty();
		assertThat(browser.complaints()).isEmpty();
		browser.go("#/overview?scope=fleet");
		browser.awaitText("RUNNING");
		assertThat(browser.text()).doesNotContain("NaN").doesNotContain("undefined");
	}

	@Test
	void whoeverAnswersWithinHalfASecondIsSeenAlsoLater() throws Exception {
		EmbeddedNatsServer server = open(EmbeddedNatsServer.start());
		ConfigurableApplicationContext context = run(server.url());
		assertThat(fleet(context)).hasSize(1);
		Connection slow = open(Nats.connect(server.url()));
		slow.createDispatcher((question) -> CompletableFuture.delayedExecutor(250, TimeUnit.MILLISECONDS)
			.execute(() -> slow.publish(question.getReplyTo(), bytes("{\"id\":\"slow\",\"listeners\":{}}"))))
			.subscribe(SUBJECT);
		await().atMost(Duration.ofSeconds(30)).until(() -> fleet(context).size() == 2);
	}

	@Test
	void anInstanceRepliesToInboxesAloneAndNotForEver() throws Exception {
		EmbeddedNatsServer server = open(EmbeddedNatsServer.start());
		run(server.url());
		Connection stranger = open(Nats.connect(server.url()));
		Subscription orders = stranger.subscribe("orders.>");
		stranger.publish(SUBJECT, "orders.created", bytes("{\"window\":\"10m\"}"));
		Subscription inbox = stranger.subscribe(stranger.createInbox());
		stranger.publish(SUBJECT, inbox.getSubject(), bytes("nonsense"));
		stranger.publish(SUBJECT, inbox.getSubject(), bytes("{\"window\":\"" + "x".repeat(2000) + "\"}"));
		for (int i = 0; i < 1000; i++) {
			stranger.publish(SUBJECT, inbox.getSubject(), bytes("{\"window\":\"10m\",\"listener\":\"order-worker\"}"));
		}
		await().until(() -> inbox.getPendingMessageCount() >= 50);
		stranger.flush(null);
		assertThat(inbox.getPendingMessageCount()).isBetween(50L, 200L);
		assertThat(orders.getPendingMessageCount()).isZero();
		assertThat(new String(inbox.nextMessage(1000).getData(), StandardCharsets.UTF_8)).contains("\"RUNNING\"");
	}

	@Test
	void withoutThePermissionAnInstanceShowsItselfAndSaysWhy() throws Exception {
		EmbeddedNatsServer server = open(EmbeddedNatsServer.builder()
			.config("authorization { users: [ { user: app, password: app, permissions: {"
					+ " publish: { deny: \"_JETSTREAM_SPRING.>\" }, subscribe: { deny: \"_JETSTREAM_SPRING.>\" } } } ] }")
			.start());
		ConfigurableApplicationContext context = run(server.url(), "jetstream.username=app", "jetstream.password=app");
		Browser browser = open(Browser.open(address(context)));
		browser.go("#/instances");
		browser.awaitText("needs the permission to publish and to subscribe to '" + SUBJECT + "'");
		assertThat(rows(browser, 0)).isEqualTo(1);
		assertThat(state(context)).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void switchedOffNobodyAsksAndNobodyAnswers() throws Exception {
		EmbeddedNatsServer server = open(EmbeddedNatsServer.start());
		ConfigurableApplicationContext off = run(server.url(), "jetstream.console.fleet.enabled=false");
		ConfigurableApplicationContext on = run(server.url());
		assertThat(off.getBeansOfType(FleetMember.class)).isEmpty();
		assertThat(fleet(off)).hasSize(1);
		assertThat(fleet(on)).hasSize(1);
		Browser browser = open(Browser.open(address(off)));
		browser.go("#/instances");
		browser.awaitText("jetstream.console.fleet.enabled is false");
	}

	private <T extends AutoCloseable> T open(T closeable) {
		this.opened.add(closeable);
		return closeable;
	}

	private ConfigurableApplicationContext run(String url, String... properties) {
		return open(new SpringApplicationBuilder(Shop.class)
			.properties("jetstream.servers=" + url, "server.port=0", "spring.application.name=shop",
					"jetstream.console.enabled=true", "jetstream.console.access=unrestricted",
					"jetstream.streams.orders.subjects=orders.>",
					"jetstream.streams.orders.consumers.order-worker.ack-wait=5s")
			.properties(properties)
			.run());
	}

	private static String address(ConfigurableApplicationContext context) {
		return "http://localhost:%s/jetstream/".formatted(context.getEnvironment().getProperty("local.server.port"));
	}

	// Those of the table, without its head
	private static long rows(Browser browser, int table) {
		return (Long) browser.run("return document.querySelectorAll('main table')[arguments[0]]"
				+ "?.querySelectorAll('tbody tr').length ?? 0", table);
	}

	private static ListenerState state(ConfigurableApplicationContext context) {
		return context.getBean(JetStreamListeners.class).state("order-worker");
	}

	private static List<Object> fleet(ConfigurableApplicationContext context) {
		return JsonPath.read(JsonText.of(context.getBean(Fleet.class).describe()), "$.instances");
	}

	private static int handled(ConfigurableApplicationContext context, boolean fleet) {
		List<Integer> all = JsonPath.read(
				JsonText.of(fleet ? context.getBean(Fleet.class).history("order-worker", "1h")
						: context.getBean(DeliveryHistory.class).describe("order-worker", "1h")),
				"$.tallies[*].handled");
		return all.stream().mapToInt(Integer::intValue).sum();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Shop {

		@JetStreamListener("order-worker")
		void handle(byte[] order) {
		}

	}

}
