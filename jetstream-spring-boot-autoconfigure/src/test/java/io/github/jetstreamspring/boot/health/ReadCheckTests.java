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

package io.github.jetstreamspring.boot.health;

import java.io.IOException;
import java.time.Duration;

import io.nats.client.Connection;
import io.nats.client.Statistics;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

class ReadCheckTests {

	private final Connection connection = mock();

	private final Statistics statistics = mock();

	private final ReadCheck check = new ReadCheck(this.connection, 0);

	@BeforeEach
	void connect() {
		given(this.connection.getStatus()).willReturn(Connection.Status.CONNECTED);
		given(this.connection.getStatistics()).willReturn(this.statistics);
	}

	@Test
	void whenNothingHasComeThenTheServerIsPinged() throws Exception {
		given(this.connection.RTT()).willReturn(Duration.ofMillis(1)).willThrow(new IOException());
		assertThat(this.check.isRead()).isTrue();
		assertThat(this.check.isRead()).isFalse();
		verify(this.connection, times(2)).RTT();
	}

	@Test
	void whenSomethingHasComeThenNothingIsAsked() throws Exception {
		given(this.connection.RTT()).willReturn(Duration.ofMillis(1));
		this.check.isRead();
		given(this.connection.RTT()).willThrow(new IOException());
		given(this.statistics.getInMsgs()).willReturn(1L);
		assertThat(this.check.isRead()).isTrue();
		verify(this.connection, times(1)).RTT();
	}

	@Test
	void whenTheClientIsNotConnectedThenItSaysSoItself() throws Exception {
		given(this.connection.getStatus()).willReturn(Connection.Status.RECONNECTING);
		assertThat(this.check.isRead()).isTrue();
		verify(this.connection, never()).RTT();
	}

	@Test
	void whenSeveralAskThenTheServerIsPingedOnce() throws Exception {
		given(this.connection.RTT()).willThrow(new IOException());
		ReadCheck lasting = new ReadCheck(this.connection, Duration.ofHours(1).toNanos());
		assertThat(lasting.isRead()).isFalse();
		assertThat(lasting.isRead()).isFalse();
		verify(this.connection, times(1)).RTT();
	}

	@Test
	void whenNothingIsCountedThenTheServerIsPinged() throws Exception {
		given(this.connection.getStatistics()).willReturn(null);
		assertThat(this.check.isRead()).isTrue();
		given(this.connection.RTT()).willThrow(new IOException());
		assertThat(this.check.isRead()).isFalse();
	}

}
