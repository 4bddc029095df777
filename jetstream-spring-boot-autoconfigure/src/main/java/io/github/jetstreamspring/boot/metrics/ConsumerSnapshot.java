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

package io.github.jetstreamspring.boot.metrics;

import java.io.IOException;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerInfo;
import org.jspecify.annotations.Nullable;

/**
 * What the server last said about a consumer. It is asked seldom, however often the
 * gauges are read, because the answer costs it something.
 */
final class ConsumerSnapshot {

	private static final Duration MAX_AGE = Duration.ofSeconds(10);

	private final JetStreamManagement management;

	private final String stream;

	private final String consumer;

	private @Nullable ConsumerInfo info;

	private long readNanos = System.nanoTime() - MAX_AGE.toNanos();

	ConsumerSnapshot(JetStreamManagement management, String stream, String consumer) {
		this.management = management;
		this.stream = stream;
		this.consumer = consumer;
	}

	/**
	 * Reads a value.
	 * @param value the value
	 * @return the value, or NaN if the server can't be asked or has no such consumer
	 */
	synchronized double read(ToDoubleFunction<ConsumerInfo> value) {
		if (System.nanoTime() - this.readNanos >= MAX_AGE.toNanos()) {
			this.info = ask();
			this.readNanos = System.nanoTime();
		}
		return (this.info != null) ? value.applyAsDouble(this.info) : Double.NaN;
	}

	private @Nullable ConsumerInfo ask() {
		try {
			return this.management.getConsumerInfo(this.stream, this.consumer);
		}
		catch (IOException | JetStreamApiException | RuntimeException ex) {
			// The listener's state and the health indicator say why
			return null;
		}
	}

}
