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
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OpenRequests}.
 */
class OpenRequestsTests {

	private static final Duration EXPIRY = Duration.ofSeconds(5);

	private static final int PATIENCE = 6;

	// Four looks a second, and requests that expire after five seconds
	private static final int LIFETIME = 20 + PATIENCE;

	private final OpenRequests requests = new OpenRequests();

	@Test
	void whenARequestIsOpenThenAllThatItAsksForIsExpected() {
		this.requests.add(3, 3000, EXPIRY);
		assertThat(lost(3, LIFETIME)).isZero();
	}

	@Test
	void whenARequestHasNotEndedInTimeThenWhatItAskedForIsLost() {
		this.requests.add(3, 3000, EXPIRY);
		assertThat(lost(3, LIFETIME + PATIENCE - 1)).isZero();
		assertThat(this.requests.lost(3, 1)).isEqualTo(3);
		assertThat(lost(0, LIFETIME)).isZero();
	}

	@Test
	void whenLooksAreSeldomThenARequestLastsNoLonger() {
		this.requests.add(3, 3000, EXPIRY);
		assertThat(this.requests.lost(3, LIFETIME)).isZero();
		assertThat(this.requests.lost(3, 4)).isZero();
		assertThat(this.requests.bytes(0, 100)).isZero();
	}

	@Test
	void whenThisIsTheOneClientThenOnlyItsFirstRequestWithoutAnIdIsAwaited() {
		this.requests.add(3, 3000, EXPIRY).madeBy("before");
		OpenRequests.Request first = this.requests.add(2, 2000, EXPIRY);
		OpenRequests.Request second = this.requests.add(5, 5000, EXPIRY);
		assertThat(this.requests.forgetUnpinned("me")).isEqualTo(5);
		assertThat(this.requests.end(second.number())).isNull();
		assertThat(first.pinId()).isEqualTo("me");
		assertThat(this.requests.bytes(5, 100)).isEqualTo(5000);
		assertThat(this.requests.forgetUnpinned("me")).isZero();
	}

	@Test
	void whenOthersAreAnsweredThenOnlyWhatTheyDidNotAskForIsLost() {
		this.requests.add(3, 3000, EXPIRY);
		lost(3, LIFETIME);
		this.requests.add(2, 2000, EXPIRY);
		assertThat(lost(5, PATIENCE)).isEqualTo(3);
	}

	@Test
	void whenRequestsAreLostOneAfterTheOtherThenSoIsWhatTheyAskedFor() {
		this.requests.add(3, 3000, EXPIRY);
		this.requests.lost(3, 1);
		this.requests.add(2, 2000, EXPIRY);
		assertThat(lost(5, LIFETIME + PATIENCE - 1)).isEqualTo(3);
		assertThat(this.requests.lost(2, 1)).isEqualTo(2);
		assertThat(lost(0, PATIENCE)).isZero();
	}

	@Test
	void whenARequestHasEndedThenWhatItBringsIsLostOnlyIfItDoesNotCome() {
		OpenRequests.Request request = this.requests.add(3, 3000, EXPIRY);
		assertThat(this.requests.end(request.number())).isSameAs(request);
		assertThat(this.requests.end(request.number())).isNull();
		assertThat(lost(3, PATIENCE - 1)).isZero();
		assertThat(this.requests.lost(0, 1)).isZero();
		assertThat(lost(2, PATIENCE - 1)).isZero();
		// Never less than this was missing all the time
		assertThat(this.requests.lost(1, 1)).isOne();
	}

	@Test
	void whenMessagesCameWithoutAnEndOfTheirRequestThenNothingIsLost() {
		this.requests.add(3, 3000, EXPIRY);
		assertThat(lost(0, LIFETIME + PATIENCE)).isZero();
	}

	@Test
	void whenAllIsClearedThenItCountsAnew() {
		this.requests.add(3, 3000, EXPIRY);
		lost(4, PATIENCE - 1);
		this.requests.clear();
		assertThat(this.requests.lost(4, 1)).isZero();
		assertThat(this.requests.add(3, 3000, EXPIRY).number()).isEqualTo(2);
	}

	@Test
	void theBytesOfARequestMayComeUntilItHasEnded() {
		OpenRequests.Request first = this.requests.add(3, 3000, EXPIRY);
		this.requests.add(2, 500, EXPIRY);
		assertThat(this.requests.bytes(5, 100)).isEqualTo(3500);
		this.requests.end(first.number());
		assertThat(this.requests.bytes(2, 100)).isEqualTo(500);
		this.requests.clear();
		assertThat(this.requests.bytes(0, 100)).isZero();
	}

	@Test
	void whenARequestHasEndedBeforeItsMessagesHaveComeThenTheirBytesMayStillCome() {
		OpenRequests.Request request = this.requests.add(3, 3000, EXPIRY);
		this.requests.end(request.number());
		assertThat(this.requests.bytes(3, 100)).isEqualTo(300);
	}

	@Test
	void whenARequestIsLostThenItsBytesDoNotCome() {
		this.requests.add(3, 3000, EXPIRY);
		lost(3, LIFETIME + PATIENCE);
		assertThat(this.requests.bytes(0, 100)).isZero();
	}

	private int lost(int expected, int looks) {
		return IntStream.range(0, looks).map((look) -> this.requests.lost(expected, 1)).sum();
	}

}
