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

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.jetstreamspring.guard.FailureNames;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.github.jetstreamspring.publisher.PublishResult;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * {@link PublishObserver} that times messages until they are confirmed or have failed.
 * Subjects are no tags, as there may be any number of them.
 */
final class MicrometerPublishObserver implements PublishObserver {

	private static final String NONE = "none";

	private final MeterRegistry registry;

	private final FailureNames failures = new FailureNames();

	private final Map<Outcome, Timer> timers = new ConcurrentHashMap<>();

	MicrometerPublishObserver(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void published(String subject, Duration time, @Nullable PublishResult result,
			@Nullable JetStreamException failure) {
		String stream = (result != null) ? result.stream() : NONE;
		this.timers.computeIfAbsent(new Outcome(stream, outcome(result), this.failures.of(failure)), this::timer)
			.record(time);
	}

	private static String outcome(@Nullable PublishResult result) {
		if (result == null) {
			return "failed";
		}
		return result.duplicate() ? "duplicate" : "stored";
	}

	private Timer timer(Outcome outcome) {
		return Timer.builder("jetstream.publish")
			.description("Time from publishing a message to its confirmation or failure")
			.tag("messaging.destination.name", outcome.stream())
			.tag("outcome", outcome.name())
			.tag("exception", outcome.exception())
			.register(this.registry);
	}

	private record Outcome(String stream, String name, String exception) {

	}

}
