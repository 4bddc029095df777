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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link ListenerSession}, of what it does under the lock of its supervisor.
 */
class ListenerSessionTests {

	private final List<Boolean> toldUnderLock = new CopyOnWriteArrayList<>();

	private final DeliveriesInHand inHand = new DeliveriesInHand();

	private final SessionStages stages = mock(SessionStages.class);

	private final ListenerSession session = new ListenerSession(mock(ListenerDefinition.class),
			(task) -> new Thread(task).start(), TestDeliveries.noLetters(), this.stages);

	private final Settler settler = TestDeliveries.settler(TestDeliveries.limits(), new DeliveryObserver() {

		@Override
		public void settled(String listener, Settlement settlement, Duration runTime, @Nullable Throwable failure) {
		}

		@Override
		public void extended(String listener) {
			ListenerSessionTests.this.toldUnderLock.add(Thread.holdsLock(ListenerSessionTests.this));
		}

	});

	ListenerSessionTests() {
		given(this.stages.settler()).willReturn(this.settler);
		given(this.stages.leases()).willReturn(new LeaseKeeper(this.inHand, Duration.ofSeconds(30),
				Duration.ofMinutes(10), Duration.ofMinutes(5), mock(LeaseKeeper.Overruns.class)));
	}

	@Test
	void whenALeaderMayKnowNothingThenLeasesAreExtendedAtOnceAndObserversToldWithoutALock() {
		ReceivedDelivery first = add(1);
		ReceivedDelivery second = add(2);
		synchronized (this) {
			this.session.reassure();
			verify(first.message()).inProgress();
			verify(second.message()).inProgress();
		}
		await().until(() -> this.toldUnderLock.size() == 2);
		assertThat(this.toldUnderLock).containsOnly(false);
	}

	private ReceivedDelivery add(long sequence) {
		ReceivedDelivery delivery = TestDeliveries.delivery(sequence, new TestOwner(this.settler));
		this.inHand.add(delivery);
		return delivery;
	}

}
