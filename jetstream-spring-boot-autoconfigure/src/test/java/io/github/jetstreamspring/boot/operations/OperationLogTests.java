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

package io.github.jetstreamspring.boot.operations;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.jetstreamspring.listener.JetStreamOperationEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ExtendWith(OutputCaptureExtension.class)
class OperationLogTests {

	private final List<Object> events = new ArrayList<>();

	private final OperationLog operations = new OperationLog(this.events::add);

	@Test
	void whenSomethingWasDoneThenItIsLoggedAndPublishedWithThePrincipal(CapturedOutput output) {
		assertThat(this.operations.perform("pause", "listener 'a'", "an\nna", () -> 7)).isEqualTo(7);
		assertThat(output).contains("pause of listener 'a' by 'an?na'");
		assertThat(this.events).singleElement().isInstanceOfSatisfying(JetStreamOperationEvent.class, (event) -> {
			assertThat(event.getOperation()).isEqualTo("pause");
			assertThat(event.getTarget()).isEqualTo("listener 'a'");
			assertThat(event.getPrincipal()).isEqualTo("an\nna");
			assertThat(event.getTime()).isBeforeOrEqualTo(Instant.now());
		});
	}

	@Test
	void whenNobodyIsKnownThenThereIsNoPrincipal(CapturedOutput output) {
		this.operations.perform("stop", "listener 'a'", null, () -> 7);
		assertThat(output).contains("stop of listener 'a' by somebody unknown");
		assertThat(this.events).singleElement()
			.isInstanceOfSatisfying(JetStreamOperationEvent.class,
					(event) -> assertThat(event.getPrincipal()).isNull());
	}

	@Test
	void whenItFailsThenItIsLoggedAndNotPublished(CapturedOutput output) {
		assertThatExceptionOfType(OperationFailure.class)
			.isThrownBy(() -> this.operations.perform("stop", "listener 'a'", null, () -> {
				throw OperationFailure.conflict("It is stopped");
			}));
		assertThat(output).contains("stop of listener 'a' by somebody unknown was not possible: It is stopped");
		assertThat(this.events).isEmpty();
	}

	@Test
	void whenAnEventListenerFailsThenTheOperationIsDoneNevertheless() {
		OperationLog failing = new OperationLog((event) -> {
			throw new IllegalStateException();
		});
		assertThat(failing.perform("stop", "listener 'a'", null, () -> 7)).isEqualTo(7);
	}

}
