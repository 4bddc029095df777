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

package io.github.jetstreamspring.listener.pull;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Rhythm}.
 */
class RhythmTests {

	@Test
	void aFewListenersGetAHeartbeatEveryHalfSecond() {
		for (int listeners : new int[] { 0, 1, Rhythm.FEW }) {
			Rhythm rhythm = Rhythm.of(listeners);
			assertThat(rhythm.heartbeat()).hasMillis(500);
			assertThat(rhythm.expiry()).hasSeconds(5);
			assertThat(rhythm.slower(Duration.ofSeconds(10))).hasSeconds(10);
		}
	}

	@Test
	void aThousandListenersGetFewerHeartbeatsTogetherThanThreeHundred() {
		Rhythm rhythm = Rhythm.of(1000);
		assertThat(rhythm.heartbeat()).isBetween(Duration.ofSeconds(18), Duration.ofSeconds(19));
		assertThat(rhythm.expiry()).hasSeconds(60);
		assertThat(rhythm.slower(Duration.ofSeconds(10))).isBetween(Duration.ofSeconds(100), Duration.ofSeconds(120));
	}

	@Test
	void howeverManyListenersThereAreARequestHasTwoHeartbeatsAtLeast() {
		Rhythm rhythm = Rhythm.of(Integer.MAX_VALUE);
		assertThat(rhythm.heartbeat().multipliedBy(2)).isLessThanOrEqualTo(rhythm.expiry());
	}

	@Test
	void requestsThatAreMadeAtDifferentTimesEndTogetherAndNoLaterThanOthers() {
		for (int listeners : new int[] { 1, 1000 }) {
			Rhythm rhythm = Rhythm.of(listeners);
			long expiry = rhythm.expiry().toNanos();
			for (long now : new long[] { -7 * expiry, -expiry / 3, 0, 1, expiry / 2 - 1, expiry / 2,
					41 * expiry + 5 }) {
				Rhythm inStep = rhythm.inStep(now);
				assertThat((now + inStep.expiry().toNanos()) % (expiry / 2)).isZero();
				assertThat(inStep.expiry()).isBetween(rhythm.expiry().dividedBy(2), rhythm.expiry());
				assertThat(inStep.heartbeat()).isEqualTo(rhythm.heartbeat());
				assertThat(inStep.slower(Duration.ofSeconds(10))).isEqualTo(rhythm.slower(Duration.ofSeconds(10)));
			}
		}
	}

	@Test
	void theRhythmFollowsTheNumberOfListenersThatAsk() {
		FakeServer server = new FakeServer();
		PullConnection connection = new PullConnection(server.connection, Runnable::run);
		Credit first = credit(connection);
		connection.join(first);
		assertThat(connection.rhythm()).isEqualTo(Rhythm.of(1));
		for (int i = 0; i < 1000; i++) {
			connection.join(credit(connection));
		}
		assertThat(connection.rhythm()).isEqualTo(Rhythm.of(1001));
		connection.leave(first);
		assertThat(connection.rhythm()).isEqualTo(Rhythm.of(1000));
	}

	private static Credit credit(PullConnection connection) {
		return new Credit(1, 1, 1, -1, connection);
	}

}
