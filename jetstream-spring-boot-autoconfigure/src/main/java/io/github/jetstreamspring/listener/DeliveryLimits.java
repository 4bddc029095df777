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

import io.nats.client.api.ConsumerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * How often a message may come, and when it can come no more: what its retry policy says,
 * and what its consumer does, in which somebody may have set a limit.
 */
final class DeliveryLimits {

	private final long maxAttempts;

	private final long maxDeliveries;

	// The consumer's, not positive for none
	private volatile long maxDeliver;

	private volatile ServerBackoff backoff = ServerBackoff.NONE;

	DeliveryLimits(RetryPolicy policy) {
		this.maxAttempts = policy.maxAttempts();
		this.maxDeliveries = Math.max(this.maxAttempts, policy.maxDeliveries());
	}

	DeliveryLimits(RetryPolicy policy, ConsumerConfiguration consumer) {
		this(policy);
		adapt(consumer);
	}

	/**
	 * Takes over what the consumer says.
	 * @param consumer the consumer's configuration
	 */
	void adapt(ConsumerConfiguration consumer) {
		this.maxDeliver = consumer.getMaxDeliver();
		this.backoff = ServerBackoff.of(consumer);
	}

	/**
	 * Returns why a message must not be handled. One that has come more often than it may
	 * be tried has had deliveries that no handler has seen the end of, as its last
	 * failure would have been the end of it. Some of them are nobody's fault; so many
	 * that they have used up this limit too are likely to be its own.
	 * @param delivery a delivery of the message
	 * @return the reason, or {@code null} if it may be handled
	 */
	@Nullable String whyNotHandled(ReceivedDelivery delivery) {
		long attempt = delivery.attempt();
		return (attempt > this.maxDeliveries)
				? "This was delivery %d, but max-deliveries is %d; the handler was not called".formatted(attempt,
						this.maxDeliveries)
				: null;
	}

	/**
	 * Returns why a message can't be tried again.
	 * @param delivery the delivery that has failed
	 * @return the reason, or {@code null} if it can be
	 */
	@Nullable String whyLast(ReceivedDelivery delivery) {
		long attempt = delivery.attempt();
		if (attempt > this.maxAttempts) {
			return "Failed in delivery %d, beyond max-attempts (%d)".formatted(attempt, this.maxAttempts);
		}
		if (attempt == this.maxAttempts) {
			return "Failed %d times".formatted(attempt);
		}
		return isServersLast(delivery)
				? "Failed in the last delivery that max_deliver of the consumer (%d) allows".formatted(this.maxDeliver)
				: null;
	}

	/**
	 * Returns whether the server delivers a message no more, whatever it is told about
	 * this delivery; then what isn't settled here stays in its stream for ever.
	 */
	boolean isServersLast(ReceivedDelivery delivery) {
		long limit = this.maxDeliver;
		return limit > 0 && delivery.origin().redriven() == null && delivery.origin().delivered() >= limit;
	}

	/**
	 * Returns the delay to tell the server.
	 * @param delivery the delivery
	 * @param delay after which the message is to come again
	 */
	Duration nakDelay(ReceivedDelivery delivery, Duration delay) {
		return (this.backoff.isNone() || delivery.origin().redriven() != null) ? delay
				: this.backoff.nakDelay(delivery.origin().delivered(), delay);
	}

}
