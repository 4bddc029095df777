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
package io.github.jetstreamspring.observation;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ObservedKeys}.
 */
class ObservedKeysTests {

	private static final KeyValue SYSTEM = KeyValue.of("system", "nats");

	private static final KeyValue OUTCOME = KeyValue.of("outcome", "handled");

	private final ObservedKeys keys = new ObservedKeys();

	@Test
	void whenOnesAreAddedThatIncludeThoseBeforeThenTheyAreKeptAsTheyAre() {
		KeyValues all = KeyValues.of(SYSTEM, OUTCOME);
		this.keys.add(KeyValues.of(SYSTEM));
		this.keys.add(all);
		assertThat(this.keys.all()).isSameAs(all);
	}

	@Test
	void whenOthersAreAddedThenBothAreThere() {
		this.keys.add(KeyValues.of(SYSTEM));
		this.keys.add(OUTCOME);
		assertThat(this.keys.all()).containsExactly(OUTCOME, SYSTEM);
		assertThat(this.keys.get("system")).isSameAs(SYSTEM);
		assertThat(this.keys.get("other")).isNull();
	}

	@Test
	void whenAKeyIsAddedAgainThenTheNewValueCounts() {
		this.keys.add(KeyValues.of(SYSTEM, OUTCOME));
		this.keys.add(KeyValue.of("outcome", "retried"));
		assertThat(this.keys.all()).containsExactly(KeyValue.of("outcome", "retried"), SYSTEM);
	}

	@Test
	void whenAKeyIsRemovedThenItIsGone() {
		this.keys.add(KeyValues.of(SYSTEM, OUTCOME));
		this.keys.remove("outcome");
		assertThat(this.keys.all()).containsExactly(SYSTEM);
	}

}
