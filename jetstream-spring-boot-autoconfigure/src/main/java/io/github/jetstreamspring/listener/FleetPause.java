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
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

import io.github.jetstreamspring.messaging.Durations;
import io.github.jetstreamspring.messaging.Inquiry;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.util.Assert;

/**
 * Pauses a consumer on the server, and with it all instances that work for it.
 */
final class FleetPause {

	private static final Log logger = LogFactory.getLog(FleetPause.class);

	private static final String SINCE = "2.11.0";

	private final ListenerDefinition definition;

	private final Connection connection;

	FleetPause(ListenerDefinition definition, Connection connection) {
		this.definition = definition;
		this.connection = connection;
	}

	/**
	 * Begins a pause, or moves its end.
	 * @param duration how long it lasts
	 * @throws UnsupportedOperationException if the server is too old for it
	 */
	void pause(Duration duration) {
		Assert.isTrue(Durations.isTimeout(duration),
				() -> "A pause must be positive and at most 100 years, but is " + Durations.text(duration));
		if (!isSupported()) {
			throw new UnsupportedOperationException(
					"Consumers can be paused by nats-server 2.11 and newer, but this is %s; pause(\"%s\") pauses this instance"
						.formatted(this.connection.getServerInfo().getVersion(), this.definition.id()));
		}
		try {
			ZonedDateTime end = serverTime().plus(duration);
			ask((management) -> management.pauseConsumer(this.definition.stream(), this.definition.consumer(), end));
		}
		catch (IOException | JetStreamApiException ex) {
			throw failure("paused", ex);
		}
	}

	// The server ends the pause, and this machine's clock may be an hour ahead
	private ZonedDateTime serverTime() throws JetStreamApiException {
		String question = ".API.CONSUMER.INFO.%s.%s".formatted(this.definition.stream(), this.definition.consumer());
		ZonedDateTime time = null;
		try {
			time = Inquiry
				.ask(this.connection, question,
						(management) -> management.getConsumerInfo(this.definition.stream(),
								this.definition.consumer()))
				.getTimestamp();
		}
		catch (IOException ex) {
			logger.debug("Nobody can tell what time it is on the server", ex);
		}
		return (time != null) ? time : ZonedDateTime.now(ZoneOffset.UTC);
	}

	/**
	 * Ends a pause, if there is one.
	 */
	void resume() {
		if (!isSupported()) {
			return;
		}
		try {
			ask((management) -> management.resumeConsumer(this.definition.stream(), this.definition.consumer()));
		}
		catch (IOException | JetStreamApiException ex) {
			throw failure("resumed", ex);
		}
	}

	private void ask(Inquiry.Question<?> question) throws IOException, JetStreamApiException {
		Inquiry.ask(this.connection,
				".API.CONSUMER.PAUSE.%s.%s".formatted(this.definition.stream(), this.definition.consumer()), question);
	}

	private boolean isSupported() {
		return this.connection.getServerInfo().isSameOrNewerThanVersion(SINCE);
	}

	private IllegalStateException failure(String verb, Exception cause) {
		return new IllegalStateException("Consumer '%s' of stream '%s' could not be %s on the server: %s"
			.formatted(this.definition.consumer(), this.definition.stream(), verb, cause.getMessage()), cause);
	}

}
