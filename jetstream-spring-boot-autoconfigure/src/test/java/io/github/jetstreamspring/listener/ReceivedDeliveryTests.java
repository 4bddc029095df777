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

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * What an interrupt of a delivery's handler hits.
 */
class ReceivedDeliveryTests {

	private final ReceivedDelivery delivery = TestDeliveries.delivery(1, new TestOwner(mock(Settler.class)));

	private final CompletableFuture<?> pending = new CompletableFuture<>();

	@Test
	void whenTheHandlerHasGoneOnWithoutItsThreadThenItIsCancelled() {
		this.delivery.begin(mock(Work.class));
		this.delivery.run().goOn(this.pending);
		this.delivery.run().interrupt();
		assertThat(this.pending).isCancelled();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void whenTheHandlerIsAboutToGoOnWithoutItsThreadThenItIsCancelledAsSoonAsItDoes() {
		this.delivery.begin(mock(Work.class));
		this.delivery.run().interrupt();
		this.delivery.run().goOn(this.pending);
		assertThat(this.pending).isCancelled();
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void whenTheHandlerHasEndedThenNothingIsInterrupted() {
		this.delivery.begin(mock(Work.class));
		this.delivery.end();
		this.delivery.run().interrupt();
		assertThat(Thread.interrupted()).isFalse();
	}

}
