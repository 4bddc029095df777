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
import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
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
 * Names and contents that look like markup are text on all pages.
 */
@Timeout(300)
class HostileBrowserTests {

	private static final String MARKUP = "<img src=x onerror=document.title='hacked'><b>&\"'";

	// What the server takes as a name, and as a token of a subject
	private static final String NAME = "<b&\"'";

	@Test
	void namesAndContentsAreNothingButText() throws Exception {
		try (EmbeddedNatsServer server = EmbeddedNatsServer.start();
				ConfigurableApplicationContext context = run(server);
				Browser browser = Browser.open("http://localhost:%s/jetstream/"
					.formatted(context.getEnvironment().getProperty("local.server.port")))) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			template.message(bytes("{\"" + NAME.replace("\"", "\\\"") + "\": \"fail\"}"))
				.to("orders." + NAME)
				.id(MARKUP + 1)
				.header("X-" + "<b>evil</b>", MARKUP)
				.publish();
			DeadLetters letters = context.getBean(DeadLetters.class);
			await().until(() -> letters.count(DeadLetterQuery.all()) == 1);
			template.message(bytes("hang")).to("orders." + NAME).id(MARKUP + 2).publish();
			long letter = letters.find(DeadLetterQuery.all()).letters().get(0).sequence();
			look(browser, "overview", MARKUP);
			look(browser, "listeners", MARKUP);
			browser.find("main table a").click();
			browser.awaitText("Current jobs");
			browser.awaitText(MARKUP + 2);
			assertHarmless(browser);
			look(browser, "queues", NAME);
			browser.find("main h2 a").click();
			browser.awaitText(MARKUP + 2);
			assertHarmless(browser);
			look(browser, "dead-letters", "IllegalStateException");
			browser.awaitText("By consumer and reason");
			assertHarmless(browser);
			look(browser, "dead-letters/" + letter, "X-<b>evil</b>");
			look(browser, "instances", MARKUP);
			browser.go("#/listeners");
			browser.find("main table a").click();
			browser.click("button.cancel");
			browser.awaitText("Cancel job " + MARKUP + "2?");
			browser.click("#dialog-ok");
			browser.awaitText("Nothing in hand");
			look(browser, "activity", "job '" + MARKUP + "2'");
			for (String hash : List.of("dead-letters?reason=" + "%3Cb%3E", "messages/%3Cb%3Ex", "%3Cb%3E",
					"listeners/%ZZ")) {
				browser.go("#/" + hash);
				browser.awaitText("shop");
				assertHarmless(browser);
			}
		}
	}

	private static void look(Browser browser, String page, String text) {
		browser.go("#/" + page);
		browser.awaitText(text);
		assertHarmless(browser);
	}

	private static void assertHarmless(Browser browser) {
		assertThat(browser.driver().getTitle()).doesNotStartWith("hacked");
		assertThat(browser.driver()
			.findElements(By.cssSelector("main img, main b, main script, dialog img, dialog b, #toasts b"))).isEmpty();
	}

	private static ConfigurableApplicationContext run(EmbeddedNatsServer server) {
		return new SpringApplicationBuilder(Shop.class)
			.properties("jetstream.servers=" + server.url(), "server.port=0", "spring.application.name=shop",
					"jetstream.console.enabled=true", "jetstream.console.access=unrestricted",
					"jetstream.console.show-values=always", "jetstream.listener.retry.max-attempts=1",
					"jetstream.streams[%s].subjects=orders.>".formatted(NAME),
					"jetstream.streams[%s].consumers[%s].ack-wait=5s".formatted(NAME, NAME))
			.run();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Shop {

		@JetStreamListener(id = MARKUP, stream = NAME, consumer = NAME)
		void handle(byte[] order) throws InterruptedException {
			if (new String(order, StandardCharsets.UTF_8).equals("hang")) {
				new CountDownLatch(1).await();
			}
			throw new IllegalStateException(MARKUP);
		}

	}

}
