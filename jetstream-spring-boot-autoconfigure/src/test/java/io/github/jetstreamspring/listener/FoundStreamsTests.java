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
import java.time.ZonedDateTime;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link FoundStreams}.
 */
class FoundStreamsTests {

	private static final ZonedDateTime NOON = ZonedDateTime.parse("2026-01-31T12:00:00Z");

	private final Connection connection = mock(Connection.class);

	private final JetStreamManagement management = mock(JetStreamManagement.class);

	private final FoundStreams streams = new FoundStreams(this.connection);

	@BeforeEach
	void connect() throws Exception {
		given(this.connection.jetStreamManagement()).willReturn(this.management);
	}

	@Test
	void whenConsumersWereThereLongBeforeThenTheirStreamIsLookedAtOnce() throws Exception {
		created(NOON.minusDays(2), NOON);
		assertThat(this.streams.find("orders", NOON.minusDays(1)).created()).isEqualTo(NOON.minusDays(2));
		assertThat(this.streams.find("orders", NOON.minusHours(1)).maxAge()).hasDays(7);
		then(this.management).should(times(1)).getStreamInfo("orders");
	}

	@Test
	void whenAConsumerHasBeenCreatedSinceThenItsStreamMayBeAnotherOne() throws Exception {
		created(NOON.minusDays(2), NOON);
		this.streams.find("orders", NOON.minusDays(1));
		created(NOON.plusSeconds(1), NOON.plusSeconds(2));
		assertThat(this.streams.find("orders", NOON.plusSeconds(1)).created()).isEqualTo(NOON.plusSeconds(1));
	}

	@Test
	void whenClocksOfServersMayBeApartThenTheStreamIsLookedAtAgain() throws Exception {
		created(NOON.minusDays(2), NOON);
		this.streams.find("orders", NOON.minusSeconds(30));
		this.streams.find("orders", NOON.minusSeconds(30));
		then(this.management).should(times(2)).getStreamInfo("orders");
	}

	@Test
	void whenTheServerSaysNoTimeThenTheStreamIsLookedAtAgain() throws Exception {
		created(NOON.minusDays(2), null);
		this.streams.find("orders", NOON.minusDays(1));
		this.streams.find("orders", NOON.minusDays(1));
		then(this.management).should(times(2)).getStreamInfo("orders");
	}

	private void created(ZonedDateTime created, ZonedDateTime now) throws Exception {
		StreamInfo info = mock(StreamInfo.class);
		given(info.getCreateTime()).willReturn(created);
		given(info.getTimestamp()).willReturn(now);
		given(info.getConfiguration())
			.willReturn(StreamConfiguration.builder().name("orders").maxAge(Duration.ofDays(7)).build());
		given(this.management.getStreamInfo("orders")).willReturn(info);
	}

}
