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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.jetstreamspring.listener.pull.Credit;
import io.github.jetstreamspring.listener.pull.PullConnection;
import io.github.jetstreamspring.listener.pull.TestPulls;
import io.nats.client.Connection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link KeyedIntake}.
 */
class KeyedIntakeTests {

	private static final Duration MAX_ABSENCE = Duration.ofSeconds(5);

	private final Credit credit = new Credit(4, 1, 100, -1, new PullConnection(mock(Connection.class), Runnable::run));

	private final Map<Long, String> keys = new HashMap<>();

	private final List<Long> atWork = new ArrayList<>();

	private final List<String> failed = new ArrayList<>();

	// What is due, in the order in which it was scheduled
	private final Queue<Runnable> due = new ArrayDeque<>();

	private final ScheduledExecutorService scheduler = mock(ScheduledExecutorService.class);

	private final AtomicBoolean asking = new AtomicBoolean(true);

	private KeyedIntake intake;

	private TestOwner owner;

	@BeforeEach
	void createIntake() {
		given(this.scheduler.schedule(any(Runnable.class), anyLong(), any(TimeUnit.class))).willAnswer((call) -> {
			Runnable task = call.getArgument(0);
			this.due.add(task);
			ScheduledFuture<?> timer = mock(ScheduledFuture.class);
			given(timer.cancel(false)).willAnswer((cancel) -> this.due.remove(task));
			return timer;
		});
		this.intake = new KeyedIntake((delivery, message) -> {
			String key = this.keys.get(delivery.streamSequence());
			if ("broken".equals(key)) {
				throw new UnprocessableMessageException("no such header", null);
			}
			return key;
		}, this.credit, this.scheduler, this.asking::get, (delivery) -> this.atWork.add(delivery.streamSequence()),
				(delivery, failure) -> this.failed.add(delivery.streamSequence() + ": " + failure.getMessage()),
				MAX_ABSENCE);
		this.owner = new TestOwner(TestDeliveries.settler()).intake(this.intake);
	}

	@Test
	void keysAreAtWorkSideBySideAndTheMessagesOfAKeyOneByOne() {
		ReceivedDelivery first = accept(1, "a");
		accept(2, "b");
		ReceivedDelivery third = accept(3, "a");
		accept(4, "a");
		assertThat(this.atWork).containsExactly(1L, 2L);
		done(first);
		assertThat(this.atWork).containsExactly(1L, 2L, 3L);
		done(third);
		assertThat(this.atWork).containsExactly(1L, 2L, 3L, 4L);
	}

	@Test
	void whenAMessageHasNoKeyThenItWaitsForNoOther() {
		accept(1, null);
		accept(2, null);
		assertThat(this.atWork).containsExactly(1L, 2L);
	}

	@Test
	void whenTheKeyCannotBeToldThenTheDeliveryFails() {
		accept(1, "broken");
		assertThat(this.atWork).isEmpty();
		assertThat(this.failed).containsExactly("1: no such header");
	}

	@Test
	void whenMessagesComeOutOfOrderThenTheEarlierOneGoesFirst() {
		ReceivedDelivery first = accept(1, "a");
		accept(3, "a");
		accept(2, "a");
		done(first);
		assertThat(this.atWork).containsExactly(1L, 2L);
	}

	@Test
	void whenAMessageIsSettledWhileItWaitsThenNoOtherWaitsForIt() {
		claimAll();
		ReceivedDelivery first = accept(1, "a");
		ReceivedDelivery second = accept(2, "a");
		assertThat(claimed(100)).isEqualTo(1);
		done(second);
		done(first);
		accept(3, "a");
		assertThat(this.atWork).containsExactly(1L, 3L);
	}

	@Test
	void whenAnotherAttemptCantBePlannedThenItsKeyGoesOn() {
		ReceivedDelivery first = accept(1, "a");
		accept(2, "a");
		given(this.scheduler.schedule(any(Runnable.class), anyLong(), any(TimeUnit.class)))
			.willThrow(new InternalError("no memory"));
		first.claim();
		this.owner.settler().settle(first, new Outcome.Retry(Duration.ofSeconds(1), null));
		assertThat(first.isSettled()).isTrue();
		done(first);
		assertThat(this.atWork).containsExactly(1L, 2L);
		// What is given back is the next one alone, once
		List<Long> leftover = new ArrayList<>();
		this.intake.stop((delivery) -> leftover.add(delivery.streamSequence()));
		verify(first.message(), times(1)).nakWithDelay(any(Duration.class));
		verify(first.message(), never()).nak();
	}

	@Test
	void whenNobodyCanWaitForAMessageToComeAgainThenItsKeyGoesOn() {
		ReceivedDelivery first = accept(1, "a");
		accept(2, "a");
		retry(first);
		given(this.scheduler.schedule(any(Runnable.class), anyLong(), any(TimeUnit.class)))
			.willThrow(new InternalError("no memory"));
		this.due.remove().run();
		assertThat(first.isSettled()).isTrue();
		done(first);
		assertThat(this.atWork).containsExactly(1L, 2L);
	}

	@Test
	void whenItIsHeldThenNothingBeginsAndTheEarliestGoesFirstAfterwards() {
		ReceivedDelivery running = accept(4, "a");
		int hold = this.intake.hold(true);
		accept(6, "a");
		accept(8, "b");
		accept(5, "a");
		accept(7, "b");
		done(running);
		assertThat(this.atWork).containsExactly(4L);
		int again = this.intake.hold(true);
		this.intake.release(hold);
		assertThat(this.atWork).containsExactly(4L);
		this.intake.release(again);
		assertThat(this.atWork).containsExactlyInAnyOrder(4L, 5L, 7L);
	}

	@Test
	void whenOthersGetTheMessagesThenWhatHasNotBegunIsGivenBack() {
		ReceivedDelivery running = accept(1, "a");
		accept(2, "a");
		ReceivedDelivery failed = accept(3, "b");
		retry(failed);
		int hold = this.intake.hold(true);
		accept(4, "c");
		List<Long> returned = new ArrayList<>();
		this.intake.leaveToOthers(hold, (delivery) -> returned.add(delivery.streamSequence()));
		assertThat(returned).containsExactlyInAnyOrder(2L, 4L);
		verify(failed.message()).nak();
		// What fails now doesn't wait here either
		retry(running);
		verify(running.message()).nak();
		done(running);
		this.intake.release(hold);
		accept(5, "a");
		accept(6, "c");
		assertThat(this.atWork).containsExactly(1L, 3L, 5L, 6L);
	}

	@Test
	void whenMessagesWaitForTheirKeyThenMoreIsAskedFor() {
		claimAll();
		accept(1, "a");
		assertThat(claimed(100)).isZero();
		accept(2, "a");
		accept(3, "a");
		assertThat(claimed(100)).isEqualTo(2);
	}

	@Test
	void whenAMessageIsToBeTriedAgainThenItsKeyWaitsAndOthersGoOn() {
		ReceivedDelivery first = accept(1, "a");
		accept(2, "a");
		retry(first);
		accept(3, "b");
		assertThat(this.atWork).containsExactly(1L, 3L);
		assertThat(first.isSettled()).isFalse();
		// Its delay has passed: it goes back to the server, which sends it again
		this.due.remove().run();
		assertThat(first.isSettled()).isTrue();
		done(first);
		assertThat(this.atWork).containsExactly(1L, 3L);
		ReceivedDelivery again = accept(1, "a");
		assertThat(this.atWork).containsExactly(1L, 3L, 1L);
		done(again);
		assertThat(this.atWork).containsExactly(1L, 3L, 1L, 2L);
	}

	@Test
	void whenItComesAgainBeforeItsHandlerHasEndedThenItWaits() {
		ReceivedDelivery first = accept(1, "a");
		retry(first);
		this.due.remove().run();
		accept(1, "a");
		assertThat(this.atWork).containsExactly(1L);
		done(first);
		assertThat(this.atWork).containsExactly(1L, 1L);
	}

	@Test
	void whenItDoesNotComeAgainThenItsKeyGoesOnWithoutIt() {
		ReceivedDelivery first = accept(1, "a");
		accept(2, "a");
		retry(first);
		this.due.remove().run();
		done(first);
		assertThat(this.atWork).containsExactly(1L);
		// The server would have sent it
		claimed(100);
		this.due.remove().run();
		assertThat(this.atWork).containsExactly(1L, 2L);
	}

	@Test
	void whenOthersComeInsteadThenItsKeyGoesOnWithoutIt() {
		ReceivedDelivery first = accept(1, "a");
		accept(2, "a");
		retry(first);
		this.due.remove().run();
		done(first);
		accept(3, "b");
		this.due.remove().run();
		assertThat(this.atWork).containsExactly(1L, 3L, 2L);
	}

	@Test
	void whenOthersWereGivenBackBeforeItThenItIsNotMissedForThem() {
		ReceivedDelivery first = accept(1, "a");
		ReceivedDelivery second = accept(2, "b");
		accept(3, "b");
		retry(first);
		retry(second);
		this.due.remove().run();
		done(first);
		this.due.remove().run();
		done(second);
		accept(1, "a");
		// The timers of the one that has come are over, that of the other one is due
		this.due.remove().run();
		assertThat(this.atWork).containsExactly(1L, 2L, 1L);
		accept(4, "c");
		this.due.remove().run();
		assertThat(this.atWork).containsExactly(1L, 2L, 1L, 4L, 3L);
	}

	@Test
	void whenNothingIsAskedForThenARetryStaysInHandUntilSomethingIs() {
		ReceivedDelivery first = accept(1, "a");
		accept(2, "a");
		retry(first);
		this.asking.set(false);
		this.due.remove().run();
		assertThat(first.isSettled()).isFalse();
		assertThat(this.due).isEmpty();
		this.asking.set(true);
		this.intake.asking(Runnable::run);
		assertThat(first.isSettled()).isTrue();
		done(first);
		accept(1, "a");
		assertThat(this.atWork).containsExactly(1L, 1L);
	}

	@Test
	void whenItCannotComeAgainYetThenItsKeyWaits() {
		ReceivedDelivery first = accept(1, "a");
		accept(2, "a");
		retry(first);
		this.due.remove().run();
		done(first);
		this.asking.set(false);
		this.due.remove().run();
		this.asking.set(true);
		this.intake.asking(Runnable::run);
		assertThat(this.due).hasSize(1);
		// Nothing is asked for, as all workers are busy
		this.due.remove().run();
		assertThat(this.atWork).containsExactly(1L);
		accept(1, "a");
		assertThat(this.atWork).containsExactly(1L, 1L);
	}

	@Test
	void whenItStopsThenARetryGoesBackBeforeWhatIsBehindIt() {
		ReceivedDelivery first = accept(1, "a");
		ReceivedDelivery second = accept(2, "a");
		ReceivedDelivery third = accept(3, "b");
		ReceivedDelivery fourth = accept(4, "b");
		retry(first);
		List<ReceivedDelivery> left = new ArrayList<>();
		this.intake.stop((delivery) -> {
			assertThat(first.isSettled()).isTrue();
			left.add(delivery);
		});
		assertThat(left).containsExactlyInAnyOrder(second, fourth);
		done(third);
		assertThat(this.atWork).containsExactly(1L, 3L);
	}

	@Test
	void whenAHandlerFailsAfterTheStopThenItsMessageGoesBackAtOnceAsThoseBehindIt() {
		ReceivedDelivery first = accept(1, "a");
		accept(2, "a");
		this.intake.stop((delivery) -> {
		});
		retry(first);
		assertThat(first.isSettled()).isTrue();
		verify(first.message()).nak();
		verify(first.message(), never()).nakWithDelay(any(Duration.class));
	}

	private ReceivedDelivery accept(long sequence, String key) {
		this.keys.put(sequence, key);
		TestPulls.receive(this.credit);
		ReceivedDelivery delivery = TestDeliveries.delivery(sequence, this.owner);
		this.intake.accept(delivery);
		return delivery;
	}

	private void retry(ReceivedDelivery delivery) {
		delivery.claim();
		this.owner.settler().settle(delivery, new Outcome.Retry(Duration.ofMinutes(1), null));
	}

	private void done(ReceivedDelivery delivery) {
		this.intake.done(delivery);
	}

	private void claimAll() {
		assertThat(claimed(100)).isEqualTo(4);
	}

	private int claimed(int most) {
		return TestPulls.ask(this.credit, most);
	}

}
