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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.jetstreamspring.listener.Settlement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * For which listeners there is a history.
 */
class DeliveryHistoryTests {

	private final Set<String> ids = ConcurrentHashMap.newKeySet();

	private final DeliveryHistory history = new DeliveryHistory(() -> this.ids);

	@AfterEach
	void close() {
		this.history.destroy();
	}

	@Test
	void whenThereAreManyListenersThenTheFirstHundredHaveOne() {
		for (int i = 0; i < 150; i++) {
			fail("listener" + i);
		}
		this.history.collect();
		fail("one-more");
		assertThat(this.history.describe("listener0", "10m")).containsKey("failures");
		assertThat(this.history.describe("one-more", "10m")).doesNotContainKey("failures");
	}

	@Test
	void whenManyListenersAreGoneThenOthersTakeTheirPlaces() {
		for (int i = 0; i < 150; i++) {
			fail("listener" + i);
		}
		this.ids.removeIf((id) -> !id.equals("listener0"));
		this.history.collect();
		fail("one-more");
		assertThat(this.history.describe("one-more", "10m")).containsKey("failures");
		assertThat(this.history.describe("listener0", "10m")).containsKey("failures");
		assertThat(this.history.describe("listener1", "10m")).doesNotContainKey("failures");
	}

	private void fail(String listener) {
		this.ids.add(listener);
		this.history.settled(listener, Settlement.RETRIED, Duration.ofMillis(1), new IllegalStateException("x"));
	}

}
