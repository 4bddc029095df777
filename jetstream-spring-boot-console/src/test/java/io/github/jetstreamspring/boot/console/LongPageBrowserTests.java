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
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A page that stays open, and one of very many dead letters.
 */
@Timeout(600)
class LongPageBrowserTests {

	private static final int UPDATES = 300;

	private static final int LETTERS = Integer.getInteger("console.letters", 30_000);

	@Test
	void whatAPageCostsDoesNotGrowWithTheTimeThatItIsOpen() {
		try (ConsoleShop shop = new ConsoleShop(); Browser browser = Browser.open(shop.address())) {
			browser.onEachPage("""
					const Source = window.EventSource;
					window.EventSource = class extends Source {
						constructor(url) {
							super(url);
							window.source = this;
							this.addEventListener("now", (event) => window.lastUpdate = event.data);
						}
					};""");
			shop.fail("order-1", "declined");
			for (String page : List.of("overview", "queues", "listeners", "listeners/order-worker", "dead-letters",
					"schedules", "instances", "activity")) {
				browser.go("#/" + page);
				browser.awaitText("live");
				await().until(() -> !browser.text().contains("Loading"));
				update(browser, 20);
				Cost before = Cost.of(browser);
				update(browser, UPDATES);
				// The browser doesn't free at once all that nothing refers to any more
				await().untilAsserted(() -> {
					Cost after = Cost.of(browser);
					System.out.printf("%s after %d updates: %s, before: %s%n", page, UPDATES, after, before);
					// A number may have got another digit, or a row have come
					assertThat(after.nodes()).as(page).isLessThan(before.nodes() + UPDATES);
					assertThat(after.listeners()).as(page).isLessThan(before.listeners() + UPDATES / 10);
				});
			}
			for (int i = 0; i < 5; i++) {
				browser.driver().navigate().refresh();
				browser.awaitText("live");
			}
			// Those of the pages before are gone as soon as something is sent to them
			await().atMost(Duration.ofSeconds(30)).until(() -> shop.bean(LiveUpdates.class).count() == 1);
		}
	}

	// As if the application had sent them: handled by the page's own script
	private static void update(Browser browser, int times) {
		await().until(() -> browser.run("return window.lastUpdate") != null);
		browser.run("""
				for (let i = 0; i < arguments[0]; i++) {
					const update = JSON.parse(window.lastUpdate);
					for (const listener of Object.values(update.listeners)) {
						listener.busy = i % 7;
						listener.inHand = i;
						listener.reason = i % 2 ? "reason " + i : undefined;
					}
					window.source.dispatchEvent(new MessageEvent("now", { data: JSON.stringify(update) }));
				}""", times);
	}

	@Test
	void thePageOfVeryManyDeadLettersPaintsAtOnce() throws Exception {
		try (ConsoleShop shop = new ConsoleShop(); Browser browser = Browser.open(shop.address())) {
			StoredLetters.write(shop.url(), LETTERS);
			browser.go("#/overview");
			browser.awaitText("live");
			browser.go("#/dead-letters");
			browser.driver().navigate().refresh();
			browser.awaitText("reason " + (LETTERS - 1));
			System.out.printf("With %,d dead letters: first paint after %s ms, the list after %s ms%n", LETTERS,
					browser
						.run("return Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)"),
					browser.run("return Math.round(performance.getEntriesByType('resource')"
							+ ".find((entry) => entry.name.includes('limit=')).responseEnd)"));
			// It isn't summed up before somebody wants that
			browser.awaitText("To sum them up, all their headers are read");
			browser.click("#sum-up");
			browser.find("progress");
			browser.awaitText("reason");
			await().atMost(Duration.ofSeconds(300))
				.ignoreExceptions()
				.until(() -> browser.text().contains("By consumer and reason"));
		}
	}

	/**
	 * What a page costs the browser.
	 *
	 * @param nodes the nodes of its document, those included that nothing shows any more
	 * @param listeners how many wait for events
	 */
	private record Cost(long nodes, long listeners) {

		@SuppressWarnings("unchecked")
		private static Cost of(Browser browser) {
			browser.driver().executeCdpCommand("HeapProfiler.collectGarbage", Map.of());
			browser.driver().executeCdpCommand("Performance.enable", Map.of());
			List<Map<String, Object>> metrics = (List<Map<String, Object>>) browser.driver()
				.executeCdpCommand("Performance.getMetrics", Map.of())
				.get("metrics");
			return new Cost(value(metrics, "Nodes"), value(metrics, "JSEventListeners"));
		}

		private static long value(List<Map<String, Object>> metrics, String name) {
			return metrics.stream()
				.filter((metric) -> name.equals(metric.get("name")))
				.map((metric) -> ((Number) metric.get("value")).longValue())
				.findFirst()
				.orElseThrow();
		}

	}

}
