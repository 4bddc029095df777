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

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OpenRequests}.
 */
class OpenRequestsTests {

	private final OpenRequests requests = new OpenRequests();

	@Test
	void whenRequestsAreYoungThenAllTheirMessagesMayCome() {
		this.requests.add(3, 100);
		this.requests.add(4, 101);
		assertThat(this.requests.forgetSilent(100)).isEqualTo(7);
	}

	@Test
	void whenNothingIsHeardOfARequestThenItIsForgotten() {
		this.requests.add(3, 100);
		this.requests.add(4, 101);
		assertThat(this.requests.forgetSilent(101)).isEqualTo(4);
		assertThat(this.requests.forgetSilent(100)).isEqualTo(4);
	}

	@Test
	void whenTheServerSaysThatARequestWaitsThenItIsKept() {
		OpenRequests.Request request = this.requests.add(3, 100);
		this.requests.heard(request.number(), 200);
		assertThat(this.requests.forgetSilent(200)).isEqualTo(3);
		assertThat(this.requests.forgetSilent(201)).isZero();
	}

	@Test
	void whenARequestHasEndedThenItBringsNothing() {
		OpenRequests.Request request = this.requests.add(3, 100);
		this.requests.end(request.number());
		this.requests.heard(request.number(), 200);
		assertThat(this.requests.forgetSilent(100)).isZero();
	}

	@Test
	void whenTheClockOverflowsThenItStillCounts() {
		this.requests.add(3, Long.MAX_VALUE);
		this.requests.add(4, Long.MIN_VALUE);
		assertThat(this.requests.forgetSilent(Long.MIN_VALUE)).isEqualTo(4);
	}

}
