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

import org.springframework.util.Assert;
import org.springframework.util.ExceptionTypeFilter;

/**
 * A listener with all that is needed to run it.
 *
 * @param id the listener's id, unique in the application
 * @param stream the stream's name
 * @param consumer the durable consumer's name
 * @param concurrency how many handlers run at once, at least 1
 * @param ackMode how deliveries are acked
 * @param maxRunTime how long a handler may run before it is interrupted
 * @param shutdownTimeout how long running handlers may take to finish when the listener
 * stops
 * @param autoStartup whether the listener starts with the application
 * @param retryPolicy how often and after what delay a failed message is tried again
 * @param retryable which exceptions of the handler are worth another attempt
 * @param handler what is done with each delivery
 * @since 0.1.0
 */
public record ListenerDefinition(String id, String stream, String consumer, int concurrency, AckMode ackMode,
		Duration maxRunTime, Duration shutdownTimeout, boolean autoStartup, RetryPolicy retryPolicy,
		ExceptionTypeFilter retryable, DeliveryHandler handler) {

	/**
	 * Creates a definition from options.
	 * @param id the listener's id
	 * @param stream the stream's name
	 * @param consumer the durable consumer's name
	 * @param options the options; what they leave open has its default
	 * @param retryable which exceptions of the handler are worth another attempt
	 * @param handler what is done with each delivery
	 * @return the definition
	 * @throws IllegalArgumentException if an option is out of its range
	 */
	public static ListenerDefinition of(String id, String stream, String consumer, ListenerOptions options,
			ExceptionTypeFilter retryable, DeliveryHandler handler) {
		ListenerOptions all = options.orElse(ListenerOptions.DEFAULTS);
		return new ListenerDefinition(id, stream, consumer, required(all.concurrency()), required(all.ack()),
				required(all.maxRunTime()), required(all.shutdownTimeout()), required(all.autoStartup()),
				all.retry().toPolicy(), retryable, handler);
	}

	/**
	 * Checks the values.
	 * @throws IllegalArgumentException if one is out of its range
	 */
	public ListenerDefinition {
		Assert.hasText(id, "'id' must not be empty");
		Assert.hasText(stream, "'stream' must not be empty");
		Assert.hasText(consumer, "'consumer' must not be empty");
		int workers = concurrency;
		Assert.isTrue(workers >= 1, () -> "'concurrency' must be at least 1, but is " + workers);
		Assert.isTrue(maxRunTime.toMillis() > 0, "'max-run-time' must be positive");
		Assert.isTrue(!shutdownTimeout.isNegative(), "'shutdown-timeout' must not be negative");
	}

	private static <T> T required(@org.jspecify.annotations.Nullable T value) {
		Assert.state(value != null, "The defaults leave nothing open");
		return value;
	}

}
