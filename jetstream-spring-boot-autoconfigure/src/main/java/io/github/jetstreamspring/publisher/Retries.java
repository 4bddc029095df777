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

import io.nats.client.JetStreamApiException;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.backoff.BackOffExecution;

/**
 * When to send a message again that the server can't store at the moment. How long that
 * goes on is for the publisher's timeout to say.
 */
final class Retries {

	/**
	 * Spreads the publishers that have lost the same server over a moment.
	 */
	private static final RetryPolicy POLICY = RetryPolicy.builder()
		.maxRetries(Long.MAX_VALUE)
		.delay(Duration.ofMillis(50))
		.multiplier(2)
		.maxDelay(Duration.ofSeconds(1))
		.jitter(Duration.ofMillis(10))
		.predicate((failure) -> failure instanceof JetStreamApiException refusal && Refusals.isTransient(refusal))
		.build();

	private Retries() {
	}

	/**
	 * Returns whether the same message may be accepted in a moment.
	 */
	static boolean isWorthwhile(JetStreamApiException refusal) {
		return POLICY.shouldRetry(refusal);
	}

	static BackOffExecution start() {
		return POLICY.getBackOff().start();
	}

}
