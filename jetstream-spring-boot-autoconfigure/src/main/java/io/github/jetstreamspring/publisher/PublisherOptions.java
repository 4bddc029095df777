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

package io.github.jetstreamspring.publisher;

import java.time.Duration;

import io.github.jetstreamspring.messaging.Durations;

import org.springframework.util.Assert;

/**
 * Limits of a publisher.
 *
 * @param timeout how long a publish waits for the server's confirmation, retries included
 * @param maxInFlight how many messages may wait for their confirmation at once
 * @since 0.1.0
 */
public record PublisherOptions(Duration timeout, int maxInFlight) {

	/**
	 * What holds where nobody says otherwise: 5 seconds, 1000 messages.
	 */
	public static final PublisherOptions DEFAULTS = new PublisherOptions(Duration.ofSeconds(5), 1000);

	/**
	 * Checks the values.
	 * @throws IllegalArgumentException if one is not positive, or longer than 100 years
	 */
	public PublisherOptions {
		if (!Durations.isTimeout(timeout)) {
			throw new IllegalArgumentException(
					"'timeout' must be positive and at most 100 years, but is " + Durations.text(timeout));
		}
		Assert.isTrue(maxInFlight > 0, "'max-in-flight' must be positive, but is " + maxInFlight);
	}

}
