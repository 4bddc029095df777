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
import java.time.Duration;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * A stream that shall be on the server.
 */
final class DeclaredStream extends Declared<StreamConfiguration, StreamConfiguration.Builder> {

	private static final int NOT_FOUND = 10059;

	private static final int NAME_IN_USE = 10058;

	DeclaredStream(String name, Settings<StreamConfiguration, StreamConfiguration.Builder> settings) {
		super(name, settings);
	}

	@Override
	@Nullable String consumer() {
		return null;
	}

	@Override
	String key() {
		return Keys.stream(stream());
	}

	@Override
	String label() {
		return "Stream '" + stream() + "'";
	}

	@Override
	String advice() {
		return ("Set it back, or declare a stream of another name and move to that one, or delete the stream and"
				+ " its messages (nats stream rm %s) and start again.")
			.formatted(stream());
	}

	@Override
	StreamConfiguration target(@Nullable StreamConfiguration current) {
		StreamConfiguration.Builder builder = StreamConfiguration.builder(current).name(stream());
		settings().write(builder, current);
		StreamConfiguration target = builder.build();
		return !settings().has("duplicate-window") ? fitDuplicateWindow(target) : target;
	}

	/**
	 * A window that the server once chose must not keep the stream from a shorter age.
	 */
	private static StreamConfiguration fitDuplicateWindow(StreamConfiguration target) {
		Duration maxAge = target.getMaxAge();
		boolean fits = maxAge.isZero() || Values.orZero(target.getDuplicateWindow()).compareTo(maxAge) <= 0;
		return fits ? target : StreamConfiguration.builder(target).duplicateWindow(maxAge).build();
	}

	@Override
	StreamConfiguration fetch(JetStreamManagement management) throws IOException, JetStreamApiException {
		return management.getStreamInfo(stream()).getConfiguration();
	}

	@Override
	StreamConfiguration create(JetStreamManagement management) throws IOException, JetStreamApiException {
		return management.addStream(target(null)).getConfiguration();
	}

	@Override
	StreamConfiguration update(JetStreamManagement management, StreamConfiguration current,
			@Nullable Connection connection) throws IOException, JetStreamApiException {
		return new StreamUpdate(management, connection).update(this);
	}

	@Override
	boolean isMissing(int apiErrorCode) {
		return apiErrorCode == NOT_FOUND;
	}

	@Override
	boolean isTaken(int apiErrorCode) {
		return apiErrorCode == NAME_IN_USE;
	}

}
