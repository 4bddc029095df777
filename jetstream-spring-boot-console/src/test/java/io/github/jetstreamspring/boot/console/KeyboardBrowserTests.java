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

import java.util.ArrayList;
import java.util.List;

import io.github.jetstreamspring.listener.JetStreamJobs;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The console without a mouse, for a screen reader, and on a phone.
 */
@Timeout(300)
class KeyboardBrowserTests {

	@Test
	void eachActionIsPossibleByKeyboardAlone() throws Exception {
		try (ConsoleShop shop = new ConsoleShop(); Browser browser = Browser.open(shop.address())) {
			browser.go("#/overview");
			browser.press("nav a[href='#/listeners']");
			browser.press("table a[href='#/listeners/order-worker']");
			browser.press("#pause");
			browser.press("#dialog-ok");
			shop.awaitState(ListenerState.PAUSED);
			browser.press("#resume");
			shop.awaitState(ListenerState.RUNNING);
			browser.press("#concurrency");
			browser.tabTo("#concurrency-value").sendKeys(Keys.chord(Keys.CONTROL, "a"), "7", Keys.ENTER);
			await().until(() -> shop.bean(JetStreamListeners.class).status("order-worker").concurrency() == 7);
			browser.press("#stop");
			browser.press("#dialog-ok");
			shop.awaitState(ListenerState.STOPPED);
			browser.press("#start");
			shop.awaitState(ListenerState.RUNNING);

			shop.publish("hangs", "{\"hang\": true}");
			browser.press("#cancel-hangs");
			browser.press("#dialog-ok");
			await().until(() -> shop.bean(JetStreamJobs.class).current("order-worker", 1).isEmpty());

			for (String reason : List.of("first", "second", "third", "third")) {
				shop.fail(reason + shop.letters(), reason);
			}
			browser.press("nav a[href='#/dead-letters']");
			browser.tabTo("#filter-reason").sendKeys("first", Keys.ENTER);
			await().until(() -> browser.driver().findElements(By.cssSelector("input.select")).size() == 1);
			browser.press("table a[href*='dead-letters/']");
			browser.press("#asText");
			browser.press("#discard");
			// What can't be undone isn't under the finger
			browser.driver().switchTo().activeElement().sendKeys(Keys.ENTER);
			assertThat(shop.letters()).isEqualTo(4);
			browser.press("#discard");
			browser.press("#dialog-ok");
			await().until(() -> shop.letters() == 3);
			shop.repaired(true);
			browser.go("#/dead-letters?reason=second");
			browser.tabTo("#select-all").sendKeys(Keys.SPACE);
			browser.press("#redrive-selected");
			browser.press("#dialog-ok");
			await().until(() -> shop.letters() == 2);
			browser.go("#/dead-letters?reason=third");
			browser.press("#discard-all");
			browser.press("#dialog-ok");
			await().until(() -> shop.letters() == 0);

			shop.bean(JetStreamListeners.class).stop("order-worker");
			shop.publish("waits", "{}");
			browser.press("nav a[href='#/queues']");
			browser.press("main a[href='#/messages/orders']");
			browser.press("table a[href*='messages/orders/']");
			browser.press("#remove");
			browser.press("#dialog-ok");
			await().until(() -> shop.bean(JetStreamManagement.class)
				.getStreamInfo("orders")
				.getStreamState()
				.getMsgCount() == 0);
			browser.press("nav a[href='#/instances']");
			browser.awaitText("this one");
			browser.press("nav a[href='#/activity']");
			browser.awaitText("message");
			browser.tabTo("#language").sendKeys("Deutsch");
			browser.awaitText("Aktivität");
		}
	}

	@Test
	void axeFindsNothingLightOrDarkOnADeskOrAPhone() throws Exception {
		try (ConsoleShop shop = new ConsoleShop("jetstream.streams.mails.subjects=mails.>");
				Browser browser = Browser.open(shop.address())) {
			shop.fail("order-1", "declined");
			shop.publish("hangs", "{\"hang\": true}");
			List<String> findings = new ArrayList<>();
			int looks = 0;
			for (int width : List.of(1280, 500)) {
				browser.driver().manage().window().setSize(new Dimension(width, 900));
				for (String scheme : List.of("light", "dark")) {
					browser.scheme(scheme);
					for (String page : List.of("overview", "overview?scope=fleet", "queues", "listeners",
							"listeners/order-worker", "dead-letters", "dead-letters/1", "messages/orders",
							"messages/orders/2", "schedules", "instances", "activity", "nowhere")) {
						browser.go("#/" + page);
						await().ignoreExceptions()
							.until(() -> !browser.text().contains("Loading") && !browser.text().isEmpty());
						browser.accessibilityFindings()
							.forEach((finding) -> findings
								.add("%s, %s, %d: %s".formatted(page, scheme, width, finding)));
						looks++;
						assertThat(browser.run("return document.documentElement.scrollWidth <= innerWidth")).as(page)
							.isEqualTo(true);
					}
					browser.go("#/listeners/order-worker");
					for (String button : List.of("#pause", "#stop", "#concurrency", "#cancel-hangs")) {
						browser.click(button);
						browser.find("dialog");
						browser.accessibilityFindings()
							.forEach((finding) -> findings
								.add("%s, %s, %d: %s".formatted(button, scheme, width, finding)));
						looks++;
						browser.click("#dialog-cancel");
						await().until(() -> browser.driver().findElements(By.tagName("dialog")).isEmpty());
					}
				}
			}
			System.out.printf("axe has looked %d times and found %d things%n", looks, findings.size());
			assertThat(findings).isEmpty();
		}
	}

}
