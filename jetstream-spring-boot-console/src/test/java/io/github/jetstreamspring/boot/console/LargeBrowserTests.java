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
import java.util.ArrayList;
import java.util.List;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeliveryHandler;
import io.github.jetstreamspring.listener.JetStreamListenerConfigurer;
import io.github.jetstreamspring.listener.ListenerDefinition;
import io.github.jetstreamspring.listener.ListenerOptions;
import io.github.jetstreamspring.listener.ListenerSettings;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.Dimension;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The page of an application that has very much of everything.
 */
@Timeout(300)
class LargeBrowserTests {

	private static final int LISTENERS = 200;

	private static final int STREAMS = 100;

	@Test
	void twoHundredListenersAndAHundredStreams() throws Exception {
		try (EmbeddedNatsServer warehouse = EmbeddedNatsServer.start();
				ConsoleShop shop = new ConsoleShop(properties(warehouse));
				Browser browser = Browser.open(shop.address())) {
			browser.go("#/overview");
			// All that there is has been asked for once
			await().atMost(Duration.ofSeconds(90)).until(() -> browser.find("body").getText().contains("live"));
			browser.go("#/listeners");
			browser.awaitText("worker-" + (LISTENERS - 1));
			System.out.printf("%d listeners: an update has %,d bytes%n", LISTENERS,
					shop.bean(Snapshot.class).get().length());
			fits(browser, "large-listeners");
			browser.go("#/listeners/worker-0");
			browser.awaitText("RUNNING");
			browser.go("#/queues");
			browser.awaitText("stream-" + (STREAMS - 1));
			browser.awaitText("picks");
			fits(browser, "large-queues");
			browser.go("#/dead-letters?connection=warehouse");
			browser.awaitText("warehouse");
			await().until(() -> !browser.text().contains("Loading"));
			fits(browser, "large-dead-letters");
			browser.go("#/instances");
			browser.awaitText("worker-0");
			fits(browser, "large-instances");
			assertThat(browser.complaints()).isEmpty();
		}
	}

	private static void fits(Browser browser, String name) throws Exception {
		browser.screenshot(name);
		assertThat(browser.accessibilityFindings()).isEmpty();
		browser.driver().manage().window().setSize(new Dimension(400, 800));
		browser.screenshot(name + "-phone");
		assertThat(browser.run("return document.documentElement.scrollWidth <= window.innerWidth")).as(name)
			.isEqualTo(true);
		browser.driver().manage().window().setSize(new Dimension(1280, 900));
	}

	private static String[] properties(EmbeddedNatsServer warehouse) {
		List<String> all = new ArrayList<>();
		for (int i = 0; i < STREAMS; i++) {
			all.add("jetstream.streams.stream-%d.subjects=s%d.>".formatted(i, i));
		}
		for (int i = 0; i < LISTENERS; i++) {
			all.add("jetstream.streams.stream-%d.consumers.worker-%d.filter-subjects=s%d.%d".formatted(i % STREAMS, i,
					i % STREAMS, i));
		}
		all.add("spring.main.sources=" + ManyWorkers.class.getName());
		all.add("jetstream.connections.warehouse.servers=" + warehouse.url());
		all.add("jetstream.connections.warehouse.streams.picks.subjects=picks.>");
		all.add("jetstream.connections.warehouse.streams.picks.consumers.picker.ack-wait=5s");
		return all.toArray(String[]::new);
	}

	@Configuration(proxyBeanMethods = false)
	static class ManyWorkers {

		@Bean
		JetStreamListenerConfigurer workers(ListenerSettings settings) {
			DeliveryHandler handler = (delivery, message) -> null;
			return (listeners) -> {
				for (int i = 0; i < LISTENERS; i++) {
					String id = "worker-" + i;
					listeners.register(ListenerDefinition.of(id, "stream-" + i % STREAMS, id,
							settings.options(id, ListenerOptions.builder().build()),
							new ExceptionTypeFilter(List.of(), List.of()), handler));
				}
			};
		}

		@JetStreamListener(id = "picker", consumer = "picker", connection = "warehouse")
		void pick(byte[] pick) {
		}

	}

}
