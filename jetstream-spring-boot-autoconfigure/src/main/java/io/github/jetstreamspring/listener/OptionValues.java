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

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The options of a listener that are set, by their keys.
 */
final class OptionValues {

	private final Map<String, Object> values = new LinkedHashMap<>();

	private OptionValues() {
	}

	static Map<String, Object> of(ListenerOptions options) {
		OptionValues all = new OptionValues();
		all.add("concurrency", options.concurrency());
		all.add("max-buffer", options.maxBuffer());
		all.add("ack", options.ack());
		all.add("max-run-time", options.maxRunTime());
		all.add("shutdown-timeout", options.shutdownTimeout());
		all.add("auto-startup", options.autoStartup());
		all.add("exclusive", options.exclusive());
		all.add("priority", options.priority());
		all.add("min-pending", options.minPending());
		all.add("min-ack-pending", options.minAckPending());
		all.add("once", options.once());
		all.add("reply-subjects", options.replySubjects());
		all.add("listener-group", options.listenerGroup());
		all.add("idle-event-interval", options.idleEventInterval());
		all.add("converter", options.converter());
		all.add("interceptors", options.interceptors());
		all.add("error-handler", options.errorHandler());
		all.add(options.retry());
		all.add("batch.size", options.batch().size());
		all.add("batch.timeout", options.batch().timeout());
		ListenerOptions.CircuitBreaker breaker = options.circuitBreaker();
		all.add("circuit-breaker.enabled", breaker.enabled());
		all.add("circuit-breaker.failure-rate", breaker.failureRate());
		all.add("circuit-breaker.window", breaker.window());
		all.add("circuit-breaker.pause", breaker.pause());
		all.add("circuit-breaker.trials", breaker.trials());
		return Collections.unmodifiableMap(all.values);
	}

	private void add(ListenerOptions.Retry retry) {
		add("retry.max-attempts", retry.maxAttempts());
		add("retry.delay", retry.delay());
		add("retry.multiplier", retry.multiplier());
		add("retry.max-delay", retry.maxDelay());
		add("retry.jitter", retry.jitter());
		add("retry.schedule-after", retry.scheduleAfter());
		add("retry.max-deliveries", retry.maxDeliveries());
		add("retry.policy", retry.policy());
	}

	private void add(String key, @Nullable Object value) {
		if (value != null) {
			this.values.put(key, value);
		}
	}

}
