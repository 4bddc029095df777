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

import java.util.Map;

import io.github.jetstreamspring.boot.operations.DeadLetterRequests;
import io.github.jetstreamspring.boot.operations.OperationFailure;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

/**
 * Tests for {@link BulkTask}.
 */
class BulkTaskTests {

	private final DeadLetterRequests deadLetters = mock(DeadLetterRequests.class);

	private final BulkTask task = new BulkTask("1", "redrive", 3L, Map.of(), null, this.deadLetters);

	@Test
	void whenAllIsDoneThenItSaysWhat() {
		given(this.deadLetters.changeAll(any(), any(), any(), any())).willReturn(Map.of("redriven", 3));
		this.task.run();
		assertThat(this.task.isRunning()).isFalse();
		assertThat(this.task.describe()).containsEntry("state", "done")
			.containsEntry("expected", 3L)
			.containsEntry("progress", Map.of("redriven", 3));
	}

	@Test
	void whenItIsRefusedThenItSaysWhy() {
		given(this.deadLetters.changeAll(any(), any(), any(), any()))
			.willThrow(OperationFailure.badRequest("'rate' must be a number"));
		this.task.run();
		assertThat(this.task.describe()).containsEntry("state", "failed")
			.containsEntry("detail", "'rate' must be a number");
	}

	@Test
	void whenAnErrorIsThrownThenItHasEnded() {
		given(this.deadLetters.changeAll(any(), any(), any(), any())).willThrow(new NoClassDefFoundError("missing"));
		this.task.run();
		assertThat(this.task.isRunning()).isFalse();
		assertThat(this.task.describe()).containsEntry("state", "failed");
	}

	@Test
	void whenItIsCancelledBeforeItsTurnThenNothingIsDone() {
		this.task.cancel();
		this.task.run();
		assertThat(this.task.describe()).containsEntry("state", "cancelled");
		verifyNoInteractions(this.deadLetters);
	}

	@Test
	void whatAHeaderIsSearchedForIsShownToNobody() {
		BulkTask hidden = new BulkTask("1", "discard", 3L, Map.of("stream", "orders", "header", "tenant:acme"), "eve",
				this.deadLetters);
		assertThat(hidden.describe()).containsEntry("parameters",
				Map.of("stream", "orders", "header", "tenant:******"));
	}

}
