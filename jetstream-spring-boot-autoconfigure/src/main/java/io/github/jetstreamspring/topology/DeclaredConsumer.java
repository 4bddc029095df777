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

package io.github.jetstreamspring.topology;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that shall be on the server.
 */
final class DeclaredConsumer extends Declared<ConsumerConfiguration, ConsumerConfiguration.Builder> {

	private static final int NOT_FOUND = 10014;

	private static final int DOES_NOT_EXIST = 10149;

	private static final Set<Integer> TAKEN = Set.of(10013, 10148);

	private final String name;

	DeclaredConsumer(String stream, String name,
			Settings<ConsumerConfiguration, ConsumerConfiguration.Builder> settings) {
		super(stream, settings);
		this.name = name;
	}

	@Override
	String consumer() {
		return this.name;
	}

	@Override
	String key() {
		return Keys.consumer(stream(), this.name);
	}

	@Override
	String label() {
		return "Consumer '" + this.name + "' of stream '" + stream() + "'";
	}

	@Override
	String advice() {
		return ("Set it back, or declare a consumer of another name, or delete the consumer (nats consumer rm %s %s)"
				+ " and start again: the new one starts where its deliver-policy says.")
			.formatted(stream(), this.name);
	}

	@Override
	ConsumerConfiguration target(@Nullable ConsumerConfiguration current) {
		ConsumerConfiguration.Builder builder = ConsumerConfiguration.builder(current).durable(this.name);
		settings().write(builder, current);
		return new SentConsumerConfiguration(builder.build());
	}

	@Override
	ConsumerConfiguration fetch(JetStreamManagement management) throws IOException, JetStreamApiException {
		return management.getConsumerInfo(stream(), this.name).getConsumerConfiguration();
	}

	@Override
	ConsumerConfiguration create(JetStreamManagement management) throws IOException, JetStreamApiException {
		return management.createConsumer(stream(), target(null)).getConsumerConfiguration();
	}

	@Override
	ConsumerConfiguration update(JetStreamManagement management, ConsumerConfiguration current,
			@Nullable Connection connection) throws IOException, JetStreamApiException {
		List<String> keys = settings().differences(current).stream().map(Difference::key).toList();
		// The server leaves the pause alone when it updates a consumer
		Instant pauseUntil = settings().get(ConsumerSettings.pauseUntil());
		if (pauseUntil != null && keys.contains(ConsumerSettings.pauseUntil().key())) {
			management.pauseConsumer(stream(), this.name, pauseUntil.atZone(ZoneOffset.UTC));
			if (keys.size() == 1) {
				return fetch(management);
			}
		}
		ConsumerInfo info = management.getConsumerInfo(stream(), this.name);
		ConsumerConfiguration known = new SentConsumerConfiguration(info.getConsumerConfiguration());
		ConsumerConfiguration target = target(info.getConsumerConfiguration());
		ServerConfiguration server = ServerConfiguration.of(info);
		ConsumerConfiguration answer = management
			.updateConsumer(stream(),
					server.unknown(known, target).isEmpty() ? target
							: new SentConsumerConfiguration(target, server.changed(known, target)))
			.getConsumerConfiguration();
		// A restarted server answers the first update with what was before
		return settings().differences(answer).isEmpty() ? answer : fetch(management);
	}

	@Override
	boolean isMissing(int apiErrorCode) {
		return apiErrorCode == NOT_FOUND || apiErrorCode == DOES_NOT_EXIST;
	}

	@Override
	boolean isTaken(int apiErrorCode) {
		return TAKEN.contains(apiErrorCode);
	}

}
