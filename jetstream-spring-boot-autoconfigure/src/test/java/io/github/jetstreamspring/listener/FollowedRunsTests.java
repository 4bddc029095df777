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
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link FollowedRuns} and {@link DeliveryObservers}.
 */
class FollowedRunsTests {

	private final List<String> events = new ArrayList<>();

	@Test
	void whenSeveralFollowThenTheFirstIsOutermost() {
		FollowedRuns runs = runs(new Follower("log", ""), DeliveryObserver.NONE, new Follower("trace", ""));
		follow(runs);
		assertThat(this.events).containsExactly("log follows", "trace follows", "log enters", "trace enters",
				"trace HANDLED", "log HANDLED", "trace leaves", "log leaves");
	}

	@Test
	void whenNobodyFollowsThenThereIsNoRun() {
		assertThat(runs().start(mock(Delivery.class))).isNull();
		assertThat(runs(DeliveryObserver.NONE, DeliveryObserver.NONE).start(mock(Delivery.class))).isNull();
	}

	@Test
	void whenOneThrowsThenTheOthersStillFollow() {
		for (String failing : List.of("follows", "enters", "HANDLED", "leaves")) {
			this.events.clear();
			follow(runs(new Follower("bad", failing), new Follower("good", "")));
			assertThat(this.events).as(failing)
				.containsSubsequence("good follows", "good enters", "good HANDLED", "good leaves");
		}
	}

	@Test
	void whenTheOnlyOneThrowsThenTheHandlerIsNotToldOfIt() {
		for (String failing : List.of("follows", "enters", "HANDLED", "leaves")) {
			follow(runs(new Follower("bad", failing)));
		}
		assertThat(this.events).contains("bad follows", "bad enters");
	}

	private static FollowedRuns runs(DeliveryObserver... observers) {
		return new FollowedRuns("worker", DeliveryObserver.of(List.of(observers)));
	}

	private static void follow(FollowedRuns runs) {
		FollowedRun run = runs.start(mock(Delivery.class));
		if (run != null) {
			FollowedRun.Scope scope = runs.enter(run);
			runs.ended(run, Settlement.HANDLED, 1, null);
			runs.close(scope);
		}
	}

	/**
	 * Follows each run, and fails when it is told to.
	 */
	private final class Follower implements DeliveryObserver, FollowedRun {

		private final String name;

		private final String failing;

		Follower(String name, String failing) {
			this.name = name;
			this.failing = failing;
		}

		private void event(String event) {
			FollowedRunsTests.this.events.add(this.name + " " + event);
			if (this.failing.equals(event)) {
				throw new IllegalStateException(event);
			}
		}

		@Override
		public void settled(String listener, Settlement settlement, Duration runTime, @Nullable Throwable failure) {
		}

		@Override
		public FollowedRun follow(String listener, Delivery delivery) {
			event("follows");
			return this;
		}

		@Override
		public Scope enter() {
			event("enters");
			return () -> event("leaves");
		}

		@Override
		public void ended(@Nullable Settlement outcome, Duration runTime, @Nullable Throwable failure) {
			event(String.valueOf(outcome));
		}

	}

}
