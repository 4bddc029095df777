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

package io.github.jetstreamspring.boot.autoconfigure;

import java.time.Duration;

import io.github.jetstreamspring.listener.AckMode;
import io.github.jetstreamspring.listener.ListenerOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of listeners.
 *
 * @param concurrency How many handlers run at once.
 * @param ack How messages are acked.
 * @param maxRunTime How long a handler may run. Until then the lease of its message is
 * extended; then it is interrupted and the message is retried.
 * @param shutdownTimeout How long running handlers may take to finish when the listener
 * stops.
 * @param autoStartup Whether the listener starts with the application.
 * @param retry How failed messages are tried again.
 * @since 0.1.0
 */
public record ListenerProperties(@Nullable Integer concurrency, @Nullable AckMode ack, @Nullable Duration maxRunTime,
		@Nullable Duration shutdownTimeout, @Nullable Boolean autoStartup,
		@NestedConfigurationProperty @DefaultValue RetryProperties retry) {

	/**
	 * Checks the values.
	 */
	public ListenerProperties {
		PropertyChecks checks = new PropertyChecks();
		checks.check("concurrency", concurrency == null || concurrency >= 1, "it must be at least 1");
		checks.positive("max-run-time", maxRunTime);
		checks.notNegative("shutdown-timeout", shutdownTimeout);
		checks.throwIfAny();
	}

	ListenerOptions toOptions() {
		return new ListenerOptions(this.concurrency, this.ack, this.maxRunTime, this.shutdownTimeout, this.autoStartup,
				this.retry.toOptions());
	}

}
