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

package io.github.jetstreamspring.test;

import java.time.Duration;
import java.util.Objects;

import io.github.jetstreamspring.listener.Settlement;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/**
 * Assertions of what became of a message.
 *
 * @since 0.1.0
 */
public final class HandledDeliveryAssert extends AbstractAssert<HandledDeliveryAssert, HandledDelivery> {

	HandledDeliveryAssert(@Nullable HandledDelivery actual) {
		super(actual, HandledDeliveryAssert.class);
	}

	/**
	 * Verifies that the message was acked: it is done.
	 * @return this
	 */
	public HandledDeliveryAssert isAcked() {
		return is(Settlement.HANDLED, "acked");
	}

	/**
	 * Verifies that the message is tried again.
	 * @return this
	 */
	public HandledDeliveryAssert isRetried() {
		return is(Settlement.RETRIED, "retried");
	}

	/**
	 * Verifies that the message is tried again after a delay.
	 * @param delay the delay before jitter
	 * @return this
	 */
	public HandledDeliveryAssert isRetriedAfter(Duration delay) {
		is(Settlement.RETRIED, "retried after " + delay);
		if (!Objects.equals(this.actual.delay(), delay)) {
			failWithMessage("Expected the message to be retried after %s, but: %s", delay, this.actual);
		}
		return this;
	}

	/**
	 * Verifies that the message is a dead letter.
	 * @return this
	 */
	public HandledDeliveryAssert isDeadLettered() {
		return is(Settlement.DEAD_LETTERED, "a dead letter");
	}

	/**
	 * Verifies that the message is a dead letter for a reason.
	 * @param part what the reason contains
	 * @return this
	 */
	public HandledDeliveryAssert isDeadLettered(String part) {
		is(Settlement.DEAD_LETTERED, "a dead letter whose reason contains '" + part + "'");
		String reason = this.actual.reason();
		if (reason == null || !reason.contains(part)) {
			failWithMessage("Expected the message to be a dead letter whose reason contains '%s', but: %s", part,
					this.actual);
		}
		return this;
	}

	/**
	 * Verifies that the message was dropped without a dead letter.
	 * @return this
	 */
	public HandledDeliveryAssert isDiscarded() {
		return is(Settlement.DISCARDED, "discarded");
	}

	/**
	 * Goes on with what the handler threw.
	 * @return assertions of the failure, which fail if there is none
	 */
	public AbstractThrowableAssert<?, ? extends Throwable> failure() {
		isNotNull();
		if (this.actual.failure() == null) {
			failWithMessage("Expected the handler to throw something, but: %s", this.actual);
		}
		return Assertions.assertThat(this.actual.failure());
	}

	private HandledDeliveryAssert is(Settlement expected, String description) {
		isNotNull();
		if (this.actual.settlement() != expected) {
			AssertionError error = failure("Expected the message to be %s, but: %s", description, this.actual);
			if (this.actual.failure() != null) {
				error.initCause(this.actual.failure());
			}
			throw error;
		}
		return this;
	}

}
