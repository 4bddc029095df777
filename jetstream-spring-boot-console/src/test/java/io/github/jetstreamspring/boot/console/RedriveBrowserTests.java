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

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the page says of many letters some of which can't be redriven.
 */
class RedriveBrowserTests {

	@Test
	void whatCantBeRedrivenIsNamedWithItsReasonAndHoldsUpNoOther() throws Exception {
		try (ConsoleShop shop = new ConsoleShop(); Browser browser = Browser.open(shop.address())) {
			// No listener has written these
			StoredLetters.write(shop.url(), 2);
			shop.fail("order-1", "declined");
			shop.fail("order-2", "declined");
			shop.repaired(true);
			browser.go("#/dead-letters");
			browser.awaitText("declined");
			browser.click("#select-all");
			browser.click("#redrive-selected");
			browser.awaitText("Redrive 4 dead letters?");
			browser.click("#dialog-ok");
			browser.awaitText("2 of 4 redriven. That didn't work: ");
			await().until(() -> shop.letters() == 2);
			browser.click("#redrive-all");
			browser.awaitText("2 can't be redriven, such as: ");
			browser.click("#dialog-ok");
			browser.awaitText("2 failed");
			browser.click(".task summary");
			assertThat(browser.find(".task ul").getText()).contains("1: ").contains("2: ");
			browser.find(".task a[href='#/dead-letters/1']");
			assertThat(browser.accessibilityFindings()).isEmpty();
			browser.screenshot("redrive-failed");
		}
	}

}
