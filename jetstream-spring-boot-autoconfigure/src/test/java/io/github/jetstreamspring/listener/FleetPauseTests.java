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

import java.io.IOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.ServerInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link FleetPause}.
 */
class FleetPauseTests {

	private static final ZonedDateTime SERVER_TIME = ZonedDateTime.parse("2126-01-31T12:00:00Z");

	private final Connection connection = mock(Connection.class);

	private final JetStreamManagement management = mock(JetStreamManagement.class);

	private final FleetPause pause = new FleetPause(
			ListenerDefinition.of("worker", "orders", "worker", ListenerOptions.NONE,
					new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> null),
			this.connection);

	@BeforeEach
	void connect() throws Exception {
		ServerInfo server = mock(ServerInfo.class);
		given(server.isSameOrNewerThanVersion(any())).willReturn(true);
		given(this.connection.getServerInfo()).willReturn(server);
		given(this.connection.jetStreamManagement()).willReturn(this.management);
	}

	@Test
	void aPauseEndsByTheClockOfTheServer() throws Exception {
		ConsumerInfo info = mock(ConsumerInfo.class);
		given(info.getTimestamp()).willReturn(SERVER_TIME);
		given(this.management.getConsumerInfo("orders", "worker")).willReturn(info);
		this.pause.pause(Duration.ofMinutes(5));
		then(this.management).should().pauseConsumer("orders", "worker", SERVER_TIME.plusMinutes(5));
	}

	@Test
	void whenTheServerDoesNotTellTheTimeThenThatOfThisMachineHasToDo() throws Exception {
		given(this.management.getConsumerInfo("orders", "worker")).willThrow(new IOException("no answer"));
		this.pause.pause(Duration.ofDays(1));
		ArgumentCaptor<ZonedDateTime> end = ArgumentCaptor.forClass(ZonedDateTime.class);
		then(this.management).should().pauseConsumer(eq("orders"), eq("worker"), end.capture());
		assertThat(end.getValue()).isBetween(ZonedDateTime.now().plusHours(23), ZonedDateTime.now().plusHours(25));
	}

}
