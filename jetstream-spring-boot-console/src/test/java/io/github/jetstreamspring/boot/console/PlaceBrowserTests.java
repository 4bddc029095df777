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

import io.github.jetstreamspring.listener.ListenerState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The console where else it can be: behind a proxy with a prefix, below the path of the
 * application, and on the port of Actuator.
 */
@Timeout(300)
class PlaceBrowserTests {

	@ParameterizedTest
	@ValueSource(strings = { "none", "framework", "native" })
	void behindAProxyWithAPrefixEverythingWorks(String strategy) throws Exception {
		try (ConsoleShop shop = new ConsoleShop("server.forward-headers-strategy=" + strategy);
				PrefixProxy proxy = new PrefixProxy("/ops", shop.port("server"));
				// Without its slash, as people type it
				Browser browser = Browser.open(proxy.address() + "/jetstream")) {
			use(browser, shop);
			assertThat(browser.driver().getCurrentUrl()).startsWith(proxy.address() + "/jetstream/#/");
			assertThat(browser.requests()).allSatisfy((uri) -> assertThat(uri.getPath()).startsWith("/ops/jetstream"));
		}
	}

	@Test
	void belowThePathOfTheApplicationEverythingWorks() throws Exception {
		try (ConsoleShop shop = new ConsoleShop("server.servlet.context-path=/shop",
				"jetstream.console.path=/ops/jobs");
				Browser browser = Browser.open("http://localhost:%d/shop/ops/jobs".formatted(shop.port("server")))) {
			use(browser, shop);
			assertThat(browser.driver().getCurrentUrl()).contains("/shop/ops/jobs/#/");
		}
	}

	@Test
	void onThePortOfActuatorEverythingWorks() throws Exception {
		try (ConsoleShop shop = new ConsoleShop("management.server.port=0", "management.server.base-path=/manage");
				Browser browser = Browser
					.open("http://localhost:%d/manage/jetstream".formatted(shop.port("management")))) {
			use(browser, shop);
		}
	}

	private static void use(Browser browser, ConsoleShop shop) {
		browser.go("");
		browser.awaitText("live");
		browser.find("nav a[href='#/listeners']").click();
		browser.find("table a[href='#/listeners/order-worker']").click();
		browser.click("#pause");
		browser.click("#dialog-ok");
		shop.awaitState(ListenerState.PAUSED);
		browser.awaitText("PAUSED");
		browser.click("#resume");
		shop.awaitState(ListenerState.RUNNING);
		browser.awaitText("RUNNING");
		assertThat(browser.complaints()).isEmpty();
	}

}
