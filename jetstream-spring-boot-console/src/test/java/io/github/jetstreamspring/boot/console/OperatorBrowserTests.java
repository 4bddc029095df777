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

import java.time.Duration;

import io.github.jetstreamspring.listener.ListenerState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The way of an operator: find why orders fail, pause their listener, repair, redrive,
 * watch the backlog go, and find the action in the list of activities. Each step is taken
 * on the page, by what it shows.
 */
@Timeout(300)
class OperatorBrowserTests {

	private static final int FAILED = 500;

	@Test
	void ordersThatFailedAreFoundRepairedAndRedriven() throws Exception {
		try (ConsoleShop shop = new ConsoleShop("jetstream.listeners.order-worker.retry.max-attempts=1");
				Browser browser = Browser.open(shop.address())) {
			for (int i = 0; i < FAILED; i++) {
				shop.publish("order-" + i, "{\"order\": %d, \"fail\": \"card is declined\"}".formatted(i));
			}
			await().atMost(Duration.ofSeconds(60)).until(() -> shop.letters() == FAILED);

			// Something fails: which listener, and why
			browser.go("#/overview");
			browser.awaitText("given up on in 10 min");
			browser.awaitText("500");
			browser.awaitText("live");
			browser.documented("overview");
			browser.find("a[href='#/listeners/order-worker']").click();
			browser.awaitText("java.lang.IllegalStateException");
			browser.awaitText("card is declined");
			browser.click("#pause");
			browser.click("#dialog-ok");
			shop.awaitState(ListenerState.PAUSED);
			browser.awaitText("PAUSED");
			browser.documented("listener");

			// What was it that failed
			browser.find("table a[href*='dead-letters']").click();
			browser.awaitText("By consumer and reason");
			browser.documented("dead-letters");
			browser.find("table a[href*='dead-letters/']").click();
			browser.awaitText("card is declined");
			browser.documented("dead-letter");
			shop.repaired(true);

			// Again, but not all at once
			browser.find("nav a[href='#/listeners']").click();
			browser.find("table a[href='#/listeners/order-worker']").click();
			browser.click("#resume");
			shop.awaitState(ListenerState.RUNNING);
			browser.find("nav a[href='#/dead-letters']").click();
			browser.awaitText("Search");
			browser.type("#filter-reason", "declined");
			browser.click("#search");
			await().until(() -> browser.driver().getCurrentUrl().contains("reason=declined"));
			browser.click("#redrive-all");
			browser.awaitText("Redrive 500 dead letters?");
			browser.type("#redrive-rate", "50");
			browser.click("#dialog-ok");
			assertThat(browser.find("progress").getDomAttribute("max")).isEqualTo("500");
			await().until(() -> shop.letters() < FAILED - 50);
			browser.awaitText("of 500 done");
			browser.find("nav a[href='#/activity']").click();
			browser.awaitText("running");
			browser.find("progress[value]");
			browser.driver().navigate().back();
			browser.awaitText("running");
			browser.documented("redrive");
			await().atMost(Duration.ofSeconds(60)).until(() -> shop.letters() == 0);
			browser.awaitText("No dead letter matches");
			browser.awaitText("500 of 500 done");

			// The backlog is gone, and who has done it is known
			browser.find("nav a[href='#/overview']").click();
			browser.awaitText("backlog");
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(card(browser, "backlog")).isEqualTo("0"));
			browser.find("nav a[href='#/activity']").click();
			browser.awaitText("{reason=declined, until=");
			assertThat(browser.text()).contains("pause").contains("resume").contains("listener 'order-worker'");
			browser.documented("activity");
		}
	}

	private static String card(Browser browser, String title) {
		return browser.driver()
			.findElements(By.cssSelector("dl.card"))
			.stream()
			.filter((card) -> card.findElement(By.tagName("dt")).getText().equals(title))
			.map((card) -> card.findElement(By.tagName("dd")).getText())
			.findFirst()
			.orElse("");
	}

}
