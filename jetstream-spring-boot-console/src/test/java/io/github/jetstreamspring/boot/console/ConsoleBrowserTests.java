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

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.listener.JetStreamJobs;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishResult;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The console in a real browser.
 */
@Timeout(300)
class ConsoleBrowserTests {

	private static EmbeddedNatsServer server;

	private static ConfigurableApplicationContext context;

	private static Browser browser;

	@BeforeAll
	static void start() {
		server = EmbeddedNatsServer.start();
		context = new SpringApplicationBuilder(Shop.class)
			.properties("jetstream.servers=" + server.url(), "server.port=0", "spring.application.name=shop",
					"jetstream.console.enabled=true", "jetstream.console.access=unrestricted",
					"jetstream.console.show-values=always", "jetstream.streams.orders.subjects=orders.>",
					"jetstream.streams.mails.subjects=mails.>", "jetstream.streams.mails.allow-message-schedules=true",
					"jetstream.streams.orders.consumers.order-worker.ack-wait=5s",
					"jetstream.listeners.order-worker.retry.max-attempts=2",
					"jetstream.listeners.order-worker.retry.delay=10ms")
			.run();
		browser = Browser.open(
				"http://localhost:%s/jetstream/".formatted(context.getEnvironment().getProperty("local.server.port")));
	}

	@AfterAll
	static void stop() {
		if (browser != null) {
			browser.close();
		}
		context.close();
		server.close();
	}

	@AfterEach
	void nothingLeavesTheHostAndNoScriptIsRefused() {
		String authority = URI.create(browser.driver().getCurrentUrl()).getAuthority();
		assertThat(browser.requests()).allSatisfy((uri) -> assertThat(uri.getAuthority()).isEqualTo(authority));
		assertThat(browser.complaints()).isEmpty();
		DeadLetters letters = context.getBean(DeadLetters.class);
		letters.discard(DeadLetterQuery.all());
		JetStreamListeners listeners = context.getBean(JetStreamListeners.class);
		listeners.start("order-worker");
		listeners.resume("order-worker");
	}

	@Test
	void whatHappensIsSeenWithoutLoadingThePageAgain() throws Exception {
		browser.go("");
		browser.awaitText("live");
		browser.awaitText("order-worker");
		publish("orders.created", "{\"id\": 1}");
		browser.find("svg.chart rect");
		assertThat(browser.text()).contains("RUNNING").contains("CONNECTED");
		browser.screenshot("overview");
	}

	@Test
	void aListenerIsPausedResumedResizedStoppedAndStarted() throws Exception {
		browser.go("#/listeners/order-worker");
		browser.click("#pause");
		browser.click("#dialog-ok");
		awaitState(ListenerState.PAUSED);
		browser.awaitText("PAUSED");
		browser.screenshot("listener");
		browser.click("#resume");
		awaitState(ListenerState.RUNNING);
		browser.click("#concurrency");
		browser.type("#concurrency-value", "7");
		browser.click("#dialog-ok");
		await().until(() -> context.getBean(JetStreamListeners.class).status("order-worker").concurrency() == 7);
		browser.awaitText("changed while the application runs");
		browser.click("#stop");
		browser.click("#dialog-cancel");
		assertThat(context.getBean(JetStreamListeners.class).state("order-worker")).isEqualTo(ListenerState.RUNNING);
		browser.click("#stop");
		browser.click("#dialog-ok");
		awaitState(ListenerState.STOPPED);
		browser.click("#start");
		awaitState(ListenerState.RUNNING);
		browser.go("#/activity");
		browser.awaitText("concurrency 7");
		assertThat(browser.text()).contains("listener 'order-worker'").contains("pause").contains("resume");
	}

	@Test
	void aJobThatRunsIsSeenAndCancelled() throws Exception {
		context.getBean(JetStreamTemplate.class)
			.message("{\"hang\": true}".getBytes(StandardCharsets.UTF_8))
			.to("orders.created")
			.id("hangs")
			.publish();
		browser.go("#/listeners/order-worker");
		browser.awaitText("hangs");
		browser.click("#cancel-hangs");
		browser.click("#dialog-cancel");
		browser.click("#cancel-hangs");
		browser.awaitText("Cancel job hangs?");
		browser.click("#dialog-ok");
		browser.awaitText("Nothing in hand");
		assertThat(context.getBean(JetStreamJobs.class).current("order-worker", 10)).isEmpty();
		browser.go("#/activity");
		browser.awaitText("job 'hangs'");
	}

	@Test
	void aDelayedJobIsSeenAndCancelled() throws Exception {
		assumeTrue(context.getBean(Connection.class).getServerInfo().isSameOrNewerThanVersion("2.12.0"),
				"delayed jobs need nats-server 2.12");
		context.getBean(JetStreamTemplate.class)
			.message("{\"id\": 1}".getBytes(StandardCharsets.UTF_8))
			.to("mails.welcome")
			.id("mail-1")
			.delay(Duration.ofHours(1))
			.publish();
		browser.go("#/schedules");
		browser.awaitText("mail-1");
		assertThat(browser.text()).contains("mails.welcome");
		browser.click("#cancel-mail-1");
		browser.click("#dialog-ok");
		browser.awaitText("No job is delayed");
	}

	@Test
	void aFleetPausesForAWhile() {
		browser.go("#/listeners/order-worker");
		browser.click("#pause");
		browser.click("#pause-scope option[value=fleet]");
		browser.type("#pause-duration", "10m");
		browser.click("#dialog-ok");
		awaitState(ListenerState.PAUSED);
		browser.click("#resume");
		awaitState(ListenerState.RUNNING);
	}

	@Test
	void deadLettersAreFoundLookedAtAndDiscarded() throws Exception {
		fail("{\"id\": 1, \"fail\": \"declined\", \"items\": [{\"sku\": \"a\"}]}");
		fail("{\"id\": 2, \"fail\": \"lost\"}");
		fail("{\"id\": 3, \"fail\": \"lost\"}");
		browser.go("#/dead-letters");
		browser.awaitText("By consumer and reason");
		browser.awaitText("IllegalStateException");
		browser.screenshot("dead-letters");
		browser.type("#filter-reason", "declined");
		browser.click("#search");
		await().until(() -> browser.driver().findElements(By.cssSelector("input.select")).size() == 1);
		assertThat(browser.driver().getCurrentUrl()).contains("reason=declined");
		browser.find("table a[href*='dead-letters/']").click();
		browser.awaitText("sku");
		browser.screenshot("dead-letter");
		browser.click("#asHex");
		browser.awaitText("7b 22 69 64");
		browser.click("#asText");
		browser.awaitText("\"declined\"");
		browser.click("#discard");
		browser.click("#dialog-ok");
		await().until(() -> count() == 2);
		browser.awaitText("Search");
		browser.go("#/dead-letters?reason=lost");
		browser.click("#select-all");
		browser.click("#discard-selected");
		browser.awaitText("Discard 2 dead letters for good?");
		browser.click("#dialog-ok");
		await().until(() -> count() == 0);
		browser.awaitText("No dead letter matches");
	}

	@Test
	void manyDeadLettersAreRedrivenAtARateWhichCanBeEndedEarly() throws Exception {
		for (int i = 0; i < 40; i++) {
			publish("orders.created", "{\"id\": %d, \"fail\": \"down\"}".formatted(i));
		}
		await().atMost(Duration.ofSeconds(20)).until(() -> count() == 40);
		Shop.repaired = true;
		browser.go("#/dead-letters?reason=down");
		browser.awaitText("live");
		browser.click("#redrive-all");
		browser.awaitText("Redrive 40 dead letters?");
		browser.type("#redrive-rate", "4");
		browser.click("#dialog-ok");
		browser.awaitText("running");
		browser.find("progress");
		browser.screenshot("redrive");
		browser.click(".task button");
		browser.awaitText("cancelled");
		assertThat(count()).isBetween(1L, 39L);
		browser.click("#select-all");
		browser.click("#redrive-selected");
		browser.click("#dialog-ok");
		await().until(() -> count() == 0);
		browser.awaitText("No dead letter matches");
		browser.go("#/activity");
		browser.awaitText("{reason=down, until=");
		Shop.repaired = false;
	}

	@Test
	void allThatMatchAreDiscarded() throws Exception {
		fail("{\"id\": 1, \"fail\": \"declined\"}");
		fail("{\"id\": 2, \"fail\": \"lost\"}");
		browser.go("#/dead-letters?reason=lost");
		browser.awaitText("live");
		browser.click("#discard-all");
		browser.awaitText("Discard 1 dead letter for good?");
		browser.click("#dialog-cancel");
		assertThat(count()).isEqualTo(2);
		browser.click("#discard-all");
		browser.click("#dialog-ok");
		await().until(() -> count() == 1);
		browser.awaitText("No dead letter matches");
	}

	@Test
	void whatIsHostileIsShownAsText() throws Exception {
		String markup = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>";
		context.getBean(JetStreamTemplate.class)
			.message("{\"fail\": \"%s\"}".formatted(markup.replace("\"", "\\\"")).getBytes(StandardCharsets.UTF_8))
			.to("orders.<b>x</b>\"'&")
			.header("X-<i>evil</i>", markup)
			.publish();
		await().until(() -> count() == 1);
		browser.go("#/dead-letters");
		browser.awaitText("<script>");
		browser.find("table a[href*='dead-letters/']").click();
		browser.awaitText("X-<i>evil</i>");
		browser.click("#asText");
		browser.awaitText("onerror");
		browser.go("#/activity");
		browser.go("#/listeners/" + "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E");
		browser.awaitText("There is no listener '<img src=x onerror=alert(1)>'");
		assertThat(browser.driver().getTitle()).doesNotContain("hacked ").startsWith("<img");
		assertThat(browser.driver().findElements(By.cssSelector("main img, main b, main i, main script"))).isEmpty();
		browser.complaints();
	}

	@Test
	void messagesThatWaitAreLookedAtAndRemoved() throws Exception {
		JetStreamListeners listeners = context.getBean(JetStreamListeners.class);
		listeners.stop("order-worker");
		publish("orders.created", "{\"id\": \"first\"}");
		publish("orders.other", "{\"id\": \"second\"}");
		browser.go("#/queues");
		browser.awaitText("as configured");
		browser.find("table a[href*='messages/orders']").click();
		browser.awaitText("orders.created");
		assertThat(browser.text()).contains("orders.other").contains("waiting");
		browser.screenshot("messages");
		browser.find("table a[href*='messages/orders/']").click();
		browser.awaitText("first");
		browser.click("#remove");
		browser.click("#dialog-ok");
		browser.awaitText("orders.other");
		await().untilAsserted(() -> assertThat(browser.text()).doesNotContain("orders.created"));
		browser.go("#/messages/KV_secrets");
		browser.awaitText("The application has no stream 'KV_secrets'");
		// The browser's own, of the status 404
		browser.complaints();
		listeners.start("order-worker");
	}

	@Test
	void tenThousandDeadLettersArePaged() throws Exception {
		JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
		List<CompletableFuture<PublishResult>> all = new ArrayList<>();
		for (int i = 0; i < 10_000; i++) {
			all.add(template.message("{\"id\": %d}".formatted(i).getBytes(StandardCharsets.UTF_8))
				.to("dead-letters.orders.order-worker")
				.header("Dead-Letter-Reason", "down " + i)
				.header("Dead-Letter-Stream", "orders")
				.header("Dead-Letter-Consumer", "order-worker")
				.publishAsync());
		}
		CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
		browser.go("#/overview");
		browser.driver().navigate().refresh();
		browser.go("#/dead-letters");
		browser.driver().navigate().refresh();
		browser.awaitText("down 9999");
		System.out.printf("With 10,000 dead letters: first paint after %s ms, the list after %s ms%n",
				browser.run("return Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)"),
				browser.run("return Math.round(performance.getEntriesByType('resource')"
						+ ".find((entry) => entry.name.includes('limit=')).responseEnd)"));
		assertThat(browser.driver().findElements(By.cssSelector("input.select"))).hasSize(50);
		browser.awaitText("By consumer and reason (10,000)");
		browser.click("#older");
		browser.awaitText("down 9949");
		assertThat(browser.text()).contains("down 9900").doesNotContain("down 9950");
		browser.go("#/dead-letters?reason=down+17");
		browser.awaitText("down 1799");
		assertThat(browser.text()).doesNotContain("down 9949");
		browser.driver().navigate().back();
		browser.awaitText("down 9949");
		browser.go("#/dead-letters?reason=nothing+of+that");
		browser.awaitText("No dead letter matches");
	}

	@Test
	void twoBrowsersSeeTheSame() {
		String address = browser.driver().getCurrentUrl().replaceFirst("#.*", "");
		browser.go("#/listeners/order-worker");
		browser.awaitText("RUNNING");
		try (Browser other = Browser.open(address)) {
			other.go("#/listeners");
			other.awaitText("RUNNING");
			browser.click("#pause");
			browser.click("#dialog-ok");
			other.awaitText("PAUSED");
			other.go("#/listeners/order-worker");
			other.click("#resume");
			browser.awaitText("RUNNING");
		}
	}

	@Test
	void whenTheServerIsAwayThenThePageSaysSoAndGoesOn() {
		browser.go("#/overview");
		browser.awaitText("CONNECTED");
		server.stop();
		try {
			browser.awaitText("RECOVERING");
			browser.go("#/dead-letters");
			browser.awaitText("can't be reached");
		}
		finally {
			server.restart();
			await().atMost(Duration.ofSeconds(20))
				.until(() -> context.getBean(Connection.class).getStatus() == Connection.Status.CONNECTED);
		}
		browser.go("#/overview");
		browser.awaitText("CONNECTED");
		browser.awaitText("RUNNING");
		browser.complaints();
	}

	@Test
	void otherPagesAreThere() {
		browser.go("#/queues");
		browser.awaitText("as configured");
		browser.go("#/schedules");
		browser.awaitText("No schedule is configured");
		browser.go("#/nowhere");
		browser.awaitText("There is no such page");
	}

	@Test
	void germanDarkAndOnAPhone() throws Exception {
		browser.go("#/overview");
		browser.click("#language option[value=de]");
		browser.awaitText("Überblick");
		browser.scheme("dark");
		browser.driver().manage().window().setSize(new Dimension(500, 900));
		browser.awaitText("Listener");
		browser.screenshot("phone-dark");
		assertThat(browser.run("return document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
		browser.driver().manage().window().setSize(new Dimension(1280, 900));
		browser.scheme("light");
		browser.click("#language option[value=en]");
		browser.awaitText("Overview");
	}

	private static void publish(String subject, String payload) {
		context.getBean(JetStreamTemplate.class).publish(subject, payload.getBytes(StandardCharsets.UTF_8));
	}

	private static void fail(String payload) {
		long before = count();
		publish("orders.created", payload);
		await().until(() -> count() == before + 1);
	}

	private static long count() {
		return context.getBean(DeadLetters.class).count(DeadLetterQuery.all());
	}

	private static void awaitState(ListenerState state) {
		await().atMost(Duration.ofSeconds(20))
			.until(() -> context.getBean(JetStreamListeners.class).state("order-worker") == state);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Shop {

		static volatile boolean repaired;

		@JetStreamListener("order-worker")
		void handle(byte[] order) throws InterruptedException {
			String text = new String(order, StandardCharsets.UTF_8);
			if (text.contains("\"hang\"")) {
				new CountDownLatch(1).await();
			}
			int fail = text.indexOf("\"fail\": ");
			if (fail >= 0 && !repaired) {
				throw new IllegalStateException("Order can't be handled: " + text.substring(fail));
			}
		}

	}

}
