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
 * Tests for {@link HandlerRun}.
 */
class HandlerRunTests {

	private final HandlerRun run = new HandlerRun();

	private final Work work = mock(Work.class);

	@Test
	void whenTheSettlementComesLastThenTheDeliveryIsDoneWithIt() {
		assertThat(this.run.begin(this.work)).isTrue();
		assertThat(this.run.end()).isFalse();
		assertThat(this.run.settled()).isEqualTo(HandlerRun.Settled.DONE);
	}

	@Test
	void whenTheEndOfTheHandlerComesLastThenTheDeliveryIsDoneWithIt() {
		assertThat(this.run.begin(this.work)).isTrue();
		assertThat(this.run.settled()).isEqualTo(HandlerRun.Settled.RUNNING);
		assertThat(this.run.end()).isTrue();
		assertThat(this.run.end()).isFalse();
		assertThat(this.run.settled()).isEqualTo(HandlerRun.Settled.BEFORE);
	}

	@Test
	void whenADeliveryIsSettledBeforeItsHandlerBeginsThenThereIsNothingToHandle() {
		assertThat(this.run.settled()).isEqualTo(HandlerRun.Settled.DONE);
		assertThat(this.run.begin(this.work)).isFalse();
		assertThat(this.run.end()).isFalse();
	}

	@Test
	void whenAHandlerHasEndedThenItsThreadIsInterruptedNoMore() {
		this.run.begin(this.work);
		this.run.interrupt();
		this.run.end();
		this.run.interrupt();
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void whenAHandlerGoesOnWithoutItsThreadThenAnInterruptCancelsWhatItWaitsFor() {
		CompletableFuture<Object> pending = new CompletableFuture<>();
		this.run.begin(this.work);
		this.run.goOn(pending);
		this.run.interrupt();
		assertThat(Thread.interrupted()).isFalse();
		assertThat(pending).isCancelled();
	}

	@Test
	void whenAHandlerWasInterruptedThenItIsWhenItRunsOnceMore() {
		this.run.begin(this.work);
		this.run.interrupt();
		assertThat(Thread.interrupted()).isTrue();
		this.run.comeBack();
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
		this.run.end();
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void whenAHandlerIsInterruptedBeforeItGoesOnWithoutItsThreadThenTheThreadIsFreeAndTheRestCancelled() {
		CompletableFuture<Object> pending = new CompletableFuture<>();
		this.run.begin(this.work);
		this.run.interrupt();
		this.run.goOn(pending);
		assertThat(Thread.interrupted()).isFalse();
		assertThat(pending).isCancelled();
	}

}
