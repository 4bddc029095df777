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

	private static final ListenerOptions CONFIRMED = new ListenerOptions(null, AckMode.CONFIRMED, null, null, null,
			RetryOptions.NONE);

	private final ListenerSettings settings = new ListenerSettings(
			new ListenerOptions(1, AckMode.PLAIN, null, null, null, new RetryOptions(5L, null, null, null, null)),
			Map.of("worker", new ListenerOptions(3, null, null, null, null,
					new RetryOptions(null, Duration.ofMinutes(1), null, null, null))));

	@Test
	void theListenersOwnSettingComesFirst() {
		ListenerOptions annotation = new ListenerOptions(2, null, null, null, null, RetryOptions.NONE);
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
			.isEqualTo(new RetryOptions(5L, Duration.ofMinutes(1), null, null, null));
	}

	@Test
	void whatNobodySetsIsLeftOpen() {
		assertThat(this.settings.options("worker", CONFIRMED).shutdownTimeout()).isNull();
	}

}
