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
import java.util.Objects;
import java.util.stream.IntStream;

import io.nats.client.Connection;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Credit}.
 */
class CreditTests {

	private static final Duration EXPIRY = Duration.ofSeconds(5);

	private static final int UNLIMITED = -1;

	private static final int MAX_BUFFER = 500;

	private static final int ANY = Integer.MAX_VALUE;

	private static final long SIZE = 100;

	@Test
	void whenHandlersAreSlowThenOnlyFreeWorkersAreAskedFor() {
		Credit credit = new Credit(10, 1, MAX_BUFFER, UNLIMITED, connection());
		handlersTake(credit, Duration.ofSeconds(1));
		assertThat(claimed(credit, ANY)).isEqualTo(10);
		assertThat(claimed(credit, ANY)).isZero();
	}

	@Test
	void whenHandlersAreQuickThenABufferIsAskedForToo() {
		Credit credit = new Credit(4, 1, MAX_BUFFER, UNLIMITED, connection());
		handlersTake(credit, Duration.ofNanos(2_000));
		assertThat(claimed(credit, ANY)).isEqualTo(504);
	}

	@Test
	void whenItIsLimitedThenWhatIsParkedDoesNotCount() {
		Credit credit = new Credit(4, 1, MAX_BUFFER, UNLIMITED, connection());
		credit.limit(1);
		assertThat(claimed(credit, ANY)).isOne();
		credit.received(SIZE);
		assertThat(claimed(credit, ANY)).isZero();
		credit.park();
		assertThat(claimed(credit, ANY)).isOne();
	}

	@Test
	void whenAllWasTakenThenWhatIsGivenBackCanComeAgain() {
		Credit credit = new Credit(4, 1, 10, 100, connection());
		credit.takeAll(true);
		assertThat(claimed(credit, ANY)).isEqualTo(100);
		for (int i = 0; i < 100; i++) {
			credit.received(SIZE);
			credit.park();
		}
		credit.takeAll(false);
		assertThat(claimed(credit, ANY)).isZero();
		for (int i = 0; i < 3; i++) {
			credit.unpark();
			credit.settled();
		}
		assertThat(claimed(credit, ANY)).isEqualTo(3);
		assertThat(claimed(credit, ANY)).isZero();
	}

	@Test
	void whenAllInHandWaitsForWhatWasGivenBackThenThatIsAskedForWithoutRoom() {
		Credit credit = new Credit(4, 1, 10, 100, connection());
		credit.takeAll(true);
		assertThat(claimed(credit, ANY)).isEqualTo(100);
		for (int i = 0; i < 17; i++) {
			credit.received(SIZE);
			credit.park();
		}
		credit.takeAll(false);
		long arrivals = 0;
		for (int i = 0; i < 3; i++) {
			credit.unpark();
			credit.settled();
			arrivals = credit.expect();
		}
		// What was asked for before is lost
		assertThat(claimed(credit, ANY)).isZero();
		credit.forgetAsked();
		assertThat(credit.size()).isEqualTo(credit.inHand());
		assertThat(credit.isPassed(arrivals)).isFalse();
		credit.forgetLost(1);
		assertThat(claimed(credit, ANY)).isEqualTo(3);
		assertThat(credit.isPassed(arrivals)).isTrue();
		for (int i = 0; i < 3; i++) {
			credit.received(SIZE);
			credit.park();
		}
		// Others have come instead
		assertThat(claimed(credit, ANY)).isZero();
		credit.forgetLost(1);
		assertThat(claimed(credit, ANY)).isEqualTo(3);
		credit.forgetAsked();
		IntStream.range(0, 3).forEach((i) -> credit.expectNoLonger());
		credit.forgetLost(1);
		assertThat(claimed(credit, ANY)).isZero();
	}

	@Test
	void whenFewHandlersHaveRunThenNothingIsBufferedYet() {
		Credit credit = new Credit(4, 1, MAX_BUFFER, UNLIMITED, connection());
		IntStream.range(0, 7).forEach((i) -> credit.ran(2_000));
		assertThat(claimed(credit, ANY)).isEqualTo(4);
		credit.ran(2_000);
		assertThat(claimed(credit, ANY)).isEqualTo(500);
	}

	@Test
	void whenTheFirstHandlerIsSlowOnlyBecauseItIsTheFirstThenThatIsSoonForgotten() {
		Credit credit = new Credit(1, 1, MAX_BUFFER, UNLIMITED, connection());
		credit.ran(Duration.ofMillis(20).toNanos());
		IntStream.range(0, 100).forEach((i) -> credit.ran(2_000));
		assertThat(claimed(credit, ANY)).isEqualTo(501);
	}

	@Test
	void whenHandlersSlowDownThenTheBufferShrinks() {
		Credit credit = new Credit(4, 1, MAX_BUFFER, UNLIMITED, connection());
		handlersTake(credit, Duration.ofNanos(2_000));
		handlersTake(credit, Duration.ofSeconds(1));
		assertThat(claimed(credit, ANY)).isEqualTo(4);
	}

	@Test
	void whenTheConsumerLimitsPendingAcksThenNoMoreIsAskedFor() {
		Credit credit = new Credit(10, 1, MAX_BUFFER, 3, connection());
		assertThat(claimed(credit, ANY)).isEqualTo(3);
	}

	@Test
	void whenOneRequestIsLimitedThenTheRestIsLeftToTheNext() {
		Credit credit = new Credit(10, 1, MAX_BUFFER, UNLIMITED, connection());
		handlersTake(credit, Duration.ofSeconds(1));
		assertThat(claimed(credit, 6)).isEqualTo(6);
		assertThat(claimed(credit, 6)).isEqualTo(4);
	}

	@Test
	void whenAMessageIsInHandThenItsWorkerIsNotAskedFor() {
		Credit credit = new Credit(2, 1, MAX_BUFFER, UNLIMITED, connection());
		handlersTake(credit, Duration.ofSeconds(1));
		credit.claim(ANY, Long.MAX_VALUE, EXPIRY);
		credit.received(SIZE);
		credit.received(SIZE);
		assertThat(claimed(credit, ANY)).isZero();
		credit.settled();
		assertThat(claimed(credit, ANY)).isOne();
	}

	@Test
	void whenARequestEndsUnfilledThenItsMessagesAreAskedForAgain() {
		Credit credit = new Credit(10, 1, MAX_BUFFER, UNLIMITED, connection());
		handlersTake(credit, Duration.ofSeconds(1));
		long request = request(credit);
		credit.ended(request, 7);
		assertThat(claimed(credit, ANY)).isEqualTo(7);
	}

	@Test
	void whenThereIsABufferThenAQuarterOfItIsWorthARequest() {
		Credit credit = new Credit(1000, 1, MAX_BUFFER, UNLIMITED, connection());
		handlersTake(credit, Duration.ofMillis(50));
		OpenRequests.Request request = Objects.requireNonNull(credit.claim(ANY, Long.MAX_VALUE, EXPIRY));
		assertThat(request.count()).isBetween(1199, 1200);
		credit.ended(request.number(), 48);
		assertThat(claimed(credit, ANY)).isZero();
		IntStream.range(0, 2).forEach((i) -> receiveAndSettle(credit));
		assertThat(claimed(credit, ANY)).isEqualTo(50);
	}

	@Test
	void whenAllInHandWaitsForAnotherMessageThenThatIsWorthARequest() {
		Credit credit = new Credit(8, 1, MAX_BUFFER, UNLIMITED, connection());
		handlersTake(credit, Duration.ofNanos(2_000));
		int asked = claimed(credit, ANY);
		IntStream.range(0, asked).forEach((i) -> credit.received(SIZE));
		IntStream.range(0, asked).forEach((i) -> credit.park());
		assertThat(claimed(credit, ANY)).isZero();
		credit.unpark();
		credit.settled();
		assertThat(claimed(credit, ANY)).isOne();
		// It is on its way
		credit.unpark();
		credit.settled();
		assertThat(claimed(credit, ANY)).isZero();
	}

	@Test
	void whenTheConsumerLeavesNoRoomForABufferThenSingleMessagesAreNotWorthARequest() {
		Credit credit = new Credit(80, 1, MAX_BUFFER, 80, connection());
		handlersTake(credit, Duration.ofMillis(1));
		long request = request(credit);
		credit.ended(request, 9);
		assertThat(claimed(credit, ANY)).isZero();
		receiveAndSettle(credit);
		assertThat(claimed(credit, ANY)).isEqualTo(10);
	}

	@Test
	void whenWhatWasAskedForIsForgottenThenLateMessagesStillCountAsInHand() {
		Credit credit = new Credit(2, 1, MAX_BUFFER, UNLIMITED, connection());
		handlersTake(credit, Duration.ofSeconds(1));
		credit.claim(ANY, Long.MAX_VALUE, EXPIRY);
		credit.forgetAsked();
		assertThat(credit.isAwaiting()).isFalse();
		credit.receivedLate(SIZE);
		assertThat(credit.inHand()).isOne();
		assertThat(claimed(credit, ANY)).isOne();
	}

	@Test
	void whenTheServerDropsARequestThenItsMessagesAreAskedForAgain() {
		Credit credit = new Credit(3, 1, MAX_BUFFER, UNLIMITED, connection());
		handlersTake(credit, Duration.ofSeconds(1));
		long dropped = request(credit);
		assertThat(forgetLost(credit)).isEqualTo(3);
		assertThat(claimed(credit, ANY)).isEqualTo(3);
		credit.ended(dropped, 3);
		assertThat(claimed(credit, ANY)).isZero();
	}

	@Test
	void whenARequestEndsBeforeTheLastOfItsMessagesHasComeThenTheyAreStillExpected() {
		Credit credit = new Credit(3, 1, MAX_BUFFER, UNLIMITED, connection());
		handlersTake(credit, Duration.ofSeconds(1));
		// A replicated consumer sends messages only when its servers agree on them
		credit.ended(request(credit), 0);
		assertThat(credit.forgetLost(1)).isZero();
		assertThat(claimed(credit, ANY)).isZero();
		receiveAndSettle(credit);
		assertThat(claimed(credit, ANY)).isOne();
	}

	@Test
	void whenMessagesAreSmallThenTheirSizeLimitsNothing() {
		PullConnection connection = connection();
		ByteShares shares = connection.shares();
		IntStream.range(0, 16).forEach(shares::join);
		Credit credit = new Credit(4, 1, MAX_BUFFER, UNLIMITED, connection);
		handlersTake(credit, Duration.ofNanos(2_000));
		messagesHave(credit, 1_000);
		assertThat(claimed(credit, ANY)).isEqualTo(504);
		Credit manyWorkers = new Credit(5_000, 1, MAX_BUFFER, UNLIMITED, connection);
		messagesHave(manyWorkers, 100);
		assertThat(claimed(manyWorkers, ANY)).isEqualTo(5_050);
	}

	@Test
	void whenMessagesAreLargeThenWhatIsOnItsWayFitsIntoTheShare() {
		PullConnection connection = connection();
		ByteShares shares = connection.shares();
		IntStream.range(0, 8).forEach(shares::join);
		Credit credit = new Credit(64, 1, MAX_BUFFER, UNLIMITED, connection);
		messagesHave(credit, 900_000);
		OpenRequests.Request request = Objects.requireNonNull(credit.claim(ANY, Long.MAX_VALUE, EXPIRY));
		assertThat(request.count()).isEqualTo(2);
		assertThat(request.bytes()).isBetween(2 * 900_000L, shares.each());
		assertThat(claimed(credit, ANY)).isZero();
		credit.received(900_000);
		assertThat(claimed(credit, ANY)).as("one is on its way").isZero();
		credit.received(900_000);
		credit.ended(request.number(), 0);
		assertThat(claimed(credit, ANY)).isEqualTo(2);
	}

	@Test
	void whenNothingIsKnownOfSizesThenEvenThenTheRequestsFitIntoTheShare() {
		PullConnection connection = connection();
		ByteShares shares = connection.shares();
		IntStream.range(0, 8).forEach(shares::join);
		Credit credit = new Credit(1_000, 1, MAX_BUFFER, UNLIMITED, connection);
		long bytes = 0;
		for (OpenRequests.Request next = credit.claim(50, Long.MAX_VALUE, EXPIRY); next != null; next = credit.claim(50,
				Long.MAX_VALUE, EXPIRY)) {
			bytes += next.bytes();
		}
		assertThat(bytes).isPositive().isLessThanOrEqualTo(shares.each());
	}

	@Test
	void whenOneMessageIsLargerThanTheShareThenItIsAskedForAlone() {
		PullConnection connection = connection();
		ByteShares shares = connection.shares();
		IntStream.range(0, 64).forEach(shares::join);
		Credit credit = new Credit(10, 1, MAX_BUFFER, UNLIMITED, connection);
		messagesHave(credit, 900_000);
		OpenRequests.Request request = Objects.requireNonNull(credit.claim(ANY, Long.MAX_VALUE, EXPIRY));
		assertThat(request.count()).isOne();
		assertThat(request.bytes()).isGreaterThan(900_000);
		assertThat(claimed(credit, ANY)).isZero();
		assertThat(shares.borrow("another", 7_500_000)).isFalse();
		credit.received(900_000);
		assertThat(shares.borrow("another", 7_500_000)).isTrue();
		request = Objects.requireNonNull(credit.claim(ANY, Long.MAX_VALUE, EXPIRY));
		assertThat(request.bytes()).as("nothing is borrowed to wait").isLessThanOrEqualTo(shares.each());
		credit.ended(request.number(), request.count());
		credit.exceeds(request.bytes(), 1_000_000);
		assertThat(claimed(credit, ANY)).as("another one has borrowed too much").isZero();
		shares.giveBack("another");
		assertThat(claimed(credit, ANY)).isOne();
	}

	@Test
	void whenARequestIsTooSmallForTheNextMessageThenTheNextRequestIsNot() {
		Credit credit = new Credit(10, 1, MAX_BUFFER, UNLIMITED, connection());
		messagesHave(credit, 100);
		OpenRequests.Request request = Objects.requireNonNull(credit.claim(1, Long.MAX_VALUE, EXPIRY));
		credit.ended(request.number(), request.count());
		credit.exceeds(request.bytes(), 1_000_000);
		request = Objects.requireNonNull(credit.claim(1, Long.MAX_VALUE, EXPIRY));
		assertThat(request.bytes()).isBetween(1_000_000L, 2_000_000L);
		credit.ended(request.number(), request.count());
		credit.exceeds(request.bytes(), 1_000_000);
		assertThat(Objects.requireNonNull(credit.claim(1, Long.MAX_VALUE, EXPIRY)).bytes())
			.isGreaterThanOrEqualTo(2_000_000);
	}

	@Test
	void whenTheConsumerLimitsTheBytesOfARequestThenTheLimitIsKept() {
		Credit credit = new Credit(10, 1, MAX_BUFFER, UNLIMITED, connection());
		assertThat(Objects.requireNonNull(credit.claim(ANY, 2_000, EXPIRY)).bytes()).isEqualTo(2_000);
	}

	private static void messagesHave(Credit credit, long bytes) {
		IntStream.range(0, 200).forEach((i) -> {
			credit.received(bytes);
			credit.settled();
		});
	}

	private static int forgetLost(Credit credit) {
		return IntStream.range(0, 100).map((i) -> credit.forgetLost(1)).sum();
	}

	private static void receiveAndSettle(Credit credit) {
		credit.received(SIZE);
		credit.settled();
	}

	private static int claimed(Credit credit, int most) {
		OpenRequests.Request request = credit.claim(most, Long.MAX_VALUE, EXPIRY);
		return (request != null) ? request.count() : 0;
	}

	private static long request(Credit credit) {
		return Objects.requireNonNull(credit.claim(ANY, Long.MAX_VALUE, EXPIRY)).number();
	}

	private static void handlersTake(Credit credit, Duration time) {
		IntStream.range(0, 1000).forEach((i) -> credit.ran(time.toNanos()));
	}

	private static PullConnection connection() {
		return new PullConnection(mock(Connection.class), Runnable::run);
	}

}
