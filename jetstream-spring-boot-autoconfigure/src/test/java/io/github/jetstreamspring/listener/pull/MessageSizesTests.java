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

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MessageSizes}.
 */
class MessageSizesTests {

	private static final long SHARE = 2_000_000;

	private final MessageSizes sizes = new MessageSizes();

	@Test
	void aLargeMessageIsRememberedForAWhile() {
		this.sizes.received(800_000);
		assertThat(this.sizes.each(SHARE, 500)).isEqualTo(1_000_000);
		this.sizes.received(100);
		assertThat(this.sizes.each(SHARE, 500)).isBetween(900_000L, 999_999L);
		IntStream.range(0, 200).forEach((i) -> this.sizes.received(100));
		assertThat(this.sizes.each(SHARE, 500)).isLessThan(1_000);
	}

	@Test
	void smallMessagesHaveRoomForLargerOnesAmongThem() {
		IntStream.range(0, 200).forEach((i) -> this.sizes.received(100));
		assertThat(this.sizes.each(SHARE, 500)).isEqualTo(SHARE / 2048);
	}

	@Test
	void whatWasTooLargeMayBeAsLargeAsMessagesAre() {
		this.sizes.exceeds(5_000, 1_000_000);
		assertThat(this.sizes.each(SHARE, 500)).isGreaterThanOrEqualTo(1_000_000);
	}

	@Test
	void whatIsLargerThanMessagesAreNowMayBeTwiceAsLarge() {
		this.sizes.exceeds(1_500_000, 1_000_000);
		assertThat(this.sizes.each(SHARE, 500)).isGreaterThanOrEqualTo(3_000_000);
	}

	@Test
	void whenNothingComesThenNoMoreIsAskedForThanTheShare() {
		this.sizes.received(10_000_000);
		this.sizes.rested(SHARE);
		assertThat(this.sizes.each(SHARE, 500)).isEqualTo(SHARE);
	}

}
