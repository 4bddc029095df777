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

package io.github.jetstreamspring.listener;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ListenerSettings}.
 */
class ListenerSettingsTests {

	private static final ListenerOptions CONFIRMED = ListenerOptions.builder().ack(AckMode.CONFIRMED).build();

	private final ListenerSettings settings = new ListenerSettings(
			ListenerOptions.builder()
				.concurrency(1)
				.ack(AckMode.PLAIN)
				.retry(new RetryOptions(5L, null, null, null, null))
				.build(),
			Map.of("worker",
					ListenerOptions.builder()
						.concurrency(3)
						.retry(new RetryOptions(null, Duration.ofMinutes(1), null, null, null))
						.build()));

	@Test
	void theListenersOwnSettingComesFirst() {
		ListenerOptions annotation = ListenerOptions.builder().concurrency(2).build();
		assertThat(this.settings.options("worker", annotation).concurrency()).isEqualTo(3);
	}

	@Test
	void theAnnotationComesBeforeTheDefaults() {
		assertThat(this.settings.options("worker", CONFIRMED).ack()).isEqualTo(AckMode.CONFIRMED);
		assertThat(this.settings.options("other", CONFIRMED).concurrency()).isOne();
	}

	@Test
	void retryOptionsAreMergedOneByOne() {
		assertThat(this.settings.options("worker", ListenerOptions.NONE).retry())
			.isEqualTo(new ListenerOptions.Retry(5L, Duration.ofMinutes(1), null, null, null, null, null, null));
	}

	@Test
	void whatNobodySetsIsLeftOpen() {
		assertThat(this.settings.options("worker", CONFIRMED).shutdownTimeout()).isNull();
	}

	@Test
	void eachOptionHasTheSourceThatComesFirst() {
		ListenerOptions annotation = ListenerOptions.builder().concurrency(2).ack(AckMode.CONFIRMED).build();
		assertThat(this.settings.sources("worker", annotation))
			.isEqualTo(Map.of("concurrency", "jetstream.listeners.worker", "ack", "@JetStreamListener",
					"retry.max-attempts", "jetstream.listener", "retry.delay", "jetstream.listeners.worker"));
		assertThat(this.settings.sources("other", ListenerOptions.NONE)).isEqualTo(Map.of("concurrency",
				"jetstream.listener", "ack", "jetstream.listener", "retry.max-attempts", "jetstream.listener"));
	}

}
