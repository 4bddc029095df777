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

import org.jspecify.annotations.Nullable;

/**
 * Options of a listener, each of which may be left to the next source: the configuration
 * of this listener, its annotation, the configuration of all listeners.
 *
 * @param concurrency how many handlers run at once, or {@code null}
 * @param ack how deliveries are acked, or {@code null}
 * @param maxRunTime how long a handler may run, or {@code null}
 * @param shutdownTimeout how long running handlers may take to finish when the listener
 * stops, or {@code null}
 * @param autoStartup whether the listener starts with the application, or {@code null}
 * @param retry how failed messages are tried again
 * @since 0.1.0
 */
public record ListenerOptions(@Nullable Integer concurrency, @Nullable AckMode ack, @Nullable Duration maxRunTime,
		@Nullable Duration shutdownTimeout, @Nullable Boolean autoStartup, RetryOptions retry) {

	/**
	 * Options that leave everything to the next source.
	 */
	public static final ListenerOptions NONE = new ListenerOptions(null, null, null, null, null, RetryOptions.NONE);

	/**
	 * What holds where nobody says otherwise.
	 */
	public static final ListenerOptions DEFAULTS = new ListenerOptions(10, AckMode.PLAIN, Duration.ofHours(1),
			Duration.ofSeconds(20), true, RetryOptions.DEFAULTS);

	/**
	 * Fills what these options leave open.
	 * @param next the options that take over where these say nothing
	 * @return both together
	 */
	public ListenerOptions orElse(ListenerOptions next) {
		return new ListenerOptions(or(this.concurrency, next.concurrency), or(this.ack, next.ack),
				or(this.maxRunTime, next.maxRunTime), or(this.shutdownTimeout, next.shutdownTimeout),
				or(this.autoStartup, next.autoStartup), this.retry.orElse(next.retry));
	}

	static <T> @Nullable T or(@Nullable T value, @Nullable T next) {
		return (value != null) ? value : next;
	}

}
