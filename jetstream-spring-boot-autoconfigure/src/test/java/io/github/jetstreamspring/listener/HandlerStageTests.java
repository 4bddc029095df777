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

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link HandlerStage}.
 */
class HandlerStageTests {

	@Test
	void aPlainFutureStaysWhatItIs() {
		CompletableFuture<String> plain = new CompletableFuture<>();
		assertThat(HandlerStage.of(plain)).isSameAs(plain);
	}

	@Test
	void whatCantBeCancelledEndsAllTheSameAndHarmsNobody() {
		CompletableFuture<?> stage = HandlerStage.of(new Uncancellable());
		assertThat(stage.cancel(true)).isTrue();
		assertThatExceptionOfType(CancellationException.class).isThrownBy(stage::join);
		assertThat(stage.cancel(true)).isFalse();
	}

	private static final class Uncancellable extends CompletableFuture<String> {

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			throw new UnsupportedOperationException("Can't be cancelled");
		}

	}

}
