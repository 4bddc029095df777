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

package io.github.jetstreamspring.topology;

import java.util.List;

import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Inventory}.
 */
class InventoryTests {

	private static final IllegalStateException BUSY = new IllegalStateException("Output queue is busy 0");

	private final JetStreamManagement management = mock(JetStreamManagement.class);

	private final Inventory inventory = new Inventory(this.management);

	private final DeclaredStream stream = new DeclaredStream("orders", StreamSettings.DEFAULTS);

	@Test
	void whenTheClientTakesNoMoreForAMomentThenItIsAskedAgain() throws Exception {
		StreamInfo info = mock(StreamInfo.class);
		StreamConfiguration orders = StreamConfiguration.builder().name("orders").build();
		given(info.getConfiguration()).willReturn(orders);
		given(this.management.getStreamInfo("orders")).willThrow(BUSY).willThrow(BUSY).willReturn(info);
		this.inventory.readAhead(List.of(this.stream));
		assertThat(this.inventory.read(this.stream)).isSameAs(orders);
	}

	@Test
	void whenTheClientTakesNothingThenItIsNotAskedForEver() throws Exception {
		given(this.management.getStreamInfo("orders")).willThrow(BUSY);
		this.inventory.readAhead(List.of(this.stream));
		assertThatIllegalStateException().isThrownBy(() -> this.inventory.read(this.stream)).isSameAs(BUSY);
	}

}
