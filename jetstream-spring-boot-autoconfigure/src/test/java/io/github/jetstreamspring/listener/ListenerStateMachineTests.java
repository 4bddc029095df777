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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ListenerStateMachineTests {

	private final ListenerStateMachine machine = new ListenerStateMachine();

	@Test
	void aListenerIsStoppedAtFirst() {
		assertThat(this.machine.state()).isEqualTo(ListenerState.STOPPED);
		assertThat(this.machine.reason()).isNull();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "STOPPED", "STARTING" })
	void whenAListenerIsStoppedThenItCanOnlyStart(ListenerState next) {
		assertThatIllegalStateException().isThrownBy(() -> this.machine.change(next, null))
			.withMessage("A listener that is STOPPED can't become " + next);
	}

	@ParameterizedTest
	@CsvSource({ "RUNNING, true", "PAUSED, true", "STOPPED, true", "RECOVERING, true", "FAILED, false" })
	void whenAListenerStartsThenItDoesNotFail(ListenerState next, boolean allowed) {
		this.machine.change(ListenerState.STARTING, null);
		if (allowed) {
			assertThat(this.machine.change(next, null)).isTrue();
		}
		else {
			assertThatIllegalStateException().isThrownBy(() -> this.machine.change(next, "why"));
			assertThat(this.machine.state()).isEqualTo(ListenerState.STARTING);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "STOPPED", "STARTING" })
	void whenAListenerWasStartedThenEveryOtherStateMayFollowButStarting(ListenerState state) {
		for (ListenerState next : ListenerState.values()) {
			ListenerStateMachine started = started();
			started.change(state, null);
			if (next == ListenerState.STARTING) {
				assertThatIllegalStateException().isThrownBy(() -> started.change(next, null));
			}
			else {
				started.change(next, null);
				assertThat(started.state()).isEqualTo(next);
			}
		}
	}

	@Test
	void whenNothingChangesThenThereIsNothingToTell() {
		ListenerStateMachine started = started();
		assertThat(started.change(ListenerState.RUNNING, null)).isFalse();
		assertThat(started.change(ListenerState.RECOVERING, "lost")).isTrue();
		assertThat(started.change(ListenerState.RECOVERING, "lost")).isFalse();
	}

	@Test
	void whenReasonsAlternateThenEachIsToldOnceUntilAllIsWell() {
		ListenerStateMachine started = started();
		assertThat(started.change(ListenerState.RECOVERING, "lost")).isTrue();
		assertThat(started.change(ListenerState.RECOVERING, "silent")).isTrue();
		assertThat(started.change(ListenerState.RECOVERING, "lost")).isFalse();
		assertThat(started.reason()).isEqualTo("lost");
		assertThat(started.change(ListenerState.RUNNING, null)).isTrue();
		assertThat(started.change(ListenerState.RECOVERING, "lost")).isTrue();
	}

	@Test
	void whenARunningListenerStandsByThenThatIsTold() {
		ListenerStateMachine started = started();
		assertThat(started.change(ListenerState.RUNNING, "standing by")).isTrue();
		assertThat(started.change(ListenerState.RUNNING, "standing by")).isFalse();
		assertThat(started.change(ListenerState.RUNNING, null)).isTrue();
	}

	private static ListenerStateMachine started() {
		ListenerStateMachine machine = new ListenerStateMachine();
		machine.change(ListenerState.STARTING, null);
		machine.change(ListenerState.RUNNING, null);
		return machine;
	}

}
