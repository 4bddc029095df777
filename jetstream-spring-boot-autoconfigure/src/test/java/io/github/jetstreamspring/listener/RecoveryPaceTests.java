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
import java.util.stream.Stream;

import io.github.jetstreamspring.listener.pull.Rhythm;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RecoveryPaceTests {

	private Rhythm rhythm = Rhythm.of(1);

	private final RecoveryPace pace = new RecoveryPace(RecoveryPace.IDLE, () -> this.rhythm);

	@Test
	void whenThereIsNewTroubleThenTheFirstLookIsAtOnceAndTheOthersEverySecondAtLast() {
		assertThat(this.pace.next()).isZero();
		assertThat(this.pace.next()).hasMillis(250);
		assertThat(this.pace.interval(ListenerState.RECOVERING)).hasMillis(500);
		assertThat(this.pace.next()).hasSeconds(1);
		assertThat(this.pace.next()).hasSeconds(1);
	}

	@Test
	void whenAllIsWellThenTheNextTroubleIsNew() {
		this.pace.next();
		this.pace.next();
		this.pace.reset();
		assertThat(this.pace.next()).isZero();
	}

	@Test
	void whenAPersonHasToDoSomethingThenLooksAreSeldom() {
		assertThat(this.pace.interval(ListenerState.FAILED)).isGreaterThan(Duration.ofSeconds(1));
		assertThat(this.pace.interval(ListenerState.RUNNING)).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(10));
	}

	@Test
	void whenThereAreManyListenersThenEachLooksLessOftenAndRecoversAsSoon() {
		this.rhythm = Rhythm.of(1000);
		assertThat(this.pace.idle()).isBetween(Duration.ofSeconds(88), Duration.ofSeconds(112));
		assertThat(this.pace.next()).isZero();
		assertThat(this.pace.next()).hasMillis(250);
	}

	@Test
	void whenListenersStartTogetherThenTheyDontLookTogether() {
		assertThat(Stream.generate(this.pace::idle).limit(100).distinct()).hasSizeGreaterThan(10);
	}

}
