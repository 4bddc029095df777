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
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link LeaseKeeper}.
 */
class LeaseKeeperTests implements LeaseKeeper.Overruns {

	private final DeliveriesInHand inHand = new DeliveriesInHand();

	private final LeaseKeeper leases = new LeaseKeeper(this.inHand, Duration.ofSeconds(30), Duration.ofMinutes(10),
			Duration.ofMinutes(5), this);

	private final ReceivedDelivery delivery = TestDeliveries.delivery(1,
			new TestOwner(TestDeliveries.settler()).onDone(this.inHand::remove));

	private final List<String> overruns = new ArrayList<>();

	private final long start = System.nanoTime();

	LeaseKeeperTests() {
		this.inHand.add(this.delivery);
	}

	@Test
	void whenAThirdOfTheLeaseHasPassedThenItIsExtended() {
		keepAfter(Duration.ofSeconds(9));
		verify(this.delivery.message(), never()).inProgress();
		keepAfter(Duration.ofSeconds(11));
		verify(this.delivery.message()).inProgress();
	}

	@Test
	void whenADeliveryIsSettledThenItsLeaseIsNotExtended() {
		this.delivery.begin(new NoWork());
		this.delivery.ack();
		keepAfter(Duration.ofSeconds(11));
		verify(this.delivery.message(), never()).inProgress();
	}

	@Test
	void whenAHandlerRunsForTooLongThenItIsToldOnceAndItsLeaseEnds() {
		this.delivery.begin(new NoWork());
		keepAfter(Duration.ofMinutes(9));
		assertThat(this.overruns).isEmpty();
		keepAfter(Duration.ofMinutes(11));
		keepAfter(Duration.ofMinutes(11).plusSeconds(1));
		assertThat(this.overruns).containsExactly("overrun");
	}

	@Test
	void whenAnInterruptedHandlerDoesNotEndThenItIsStuck() {
		this.delivery.begin(new NoWork());
		keepAfter(Duration.ofMinutes(11));
		keepAfter(Duration.ofMinutes(11).plusSeconds(6));
		assertThat(this.overruns).containsExactly("overrun", "stuck");
	}

	@Test
	void whenAMessageWaitsForTooLongThenItIsTold() {
		keepAfter(Duration.ofMinutes(4));
		assertThat(this.overruns).isEmpty();
		keepAfter(Duration.ofMinutes(6));
		assertThat(this.overruns).containsExactly("overrun");
	}

	@Test
	void whenTheLeaseIsShortThenItIsLookedAtMoreOften() {
		LeaseKeeper brief = new LeaseKeeper(this.inHand, Duration.ofMillis(600), Duration.ofHours(1),
				Duration.ofHours(1), this);
		assertThat(brief.interval()).isEqualTo(Duration.ofMillis(100));
	}

	@Override
	public void overrun(ReceivedDelivery delivery) {
		this.overruns.add("overrun");
	}

	@Override
	public void stuck(ReceivedDelivery delivery) {
		this.overruns.add("stuck");
	}

	private void keepAfter(Duration time) {
		this.leases.keep(this.start + time.toNanos());
	}

	private static final class NoWork extends Work {

		NoWork() {
			super(TestDeliveries.settler());
		}

		@Override
		List<ReceivedDelivery> deliveries() {
			return List.of();
		}

		@Override
		protected @Nullable CompletableFuture<?> handle() {
			return null;
		}

	}

}
