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
 * Tests for {@link ByteShares}.
 */
class ByteSharesTests {

	private static final long MB = 1024 * 1024;

	private final ByteShares shares = new ByteShares();

	@Test
	void theBytesAreDividedAmongThoseWhoAsk() {
		assertThat(this.shares.each()).isEqualTo(24 * MB);
		this.shares.join("a");
		assertThat(this.shares.each()).isEqualTo(24 * MB);
		this.shares.join("b");
		this.shares.join("b");
		assertThat(this.shares.each()).isEqualTo(12 * MB);
		this.shares.leave("a");
		this.shares.leave("a");
		assertThat(this.shares.each()).isEqualTo(24 * MB);
	}

	@Test
	void whatIsBorrowedAndSharedIsBoundedTogether() {
		long lent = IntStream.range(0, 100).filter((i) -> this.shares.borrow(i, MB)).count();
		assertThat(lent).isEqualTo(8);
		this.shares.giveBack(3);
		this.shares.giveBack(3);
		assertThat(this.shares.borrow("next", MB)).isTrue();
		assertThat(this.shares.borrow("last", MB)).isFalse();
	}

	@Test
	void whoeverAsksNoMoreGivesBackWhatItHasBorrowed() {
		assertThat(this.shares.borrow("a", 8 * MB)).isTrue();
		assertThat(this.shares.borrow("b", 1)).isFalse();
		this.shares.leave("a");
		assertThat(this.shares.borrow("b", 1)).isTrue();
	}

	@Test
	void whenNobodyHasBorrowedAnythingThenAnyMessageCanBeHad() {
		assertThat(this.shares.borrow("a", 64 * MB)).isTrue();
		assertThat(this.shares.borrow("b", 1)).isFalse();
	}

}
