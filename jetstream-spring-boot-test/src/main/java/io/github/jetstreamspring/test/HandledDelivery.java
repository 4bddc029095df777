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

import io.github.jetstreamspring.listener.DetachedOutcome;
import io.github.jetstreamspring.listener.Settlement;
import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

/**
 * What became of a message that a {@link ListenerHarness} has delivered. Assertions are
 * made by {@code assertThat(handled)} of AssertJ.
 *
 * @since 0.1.0
 */
public final class HandledDelivery implements AssertProvider<HandledDeliveryAssert> {

	private final DetachedOutcome outcome;

	HandledDelivery(DetachedOutcome outcome) {
		this.outcome = outcome;
	}

	/**
	 * Returns how the delivery ended.
	 * @return the settlement
	 */
	public Settlement settlement() {
		return this.outcome.settlement();
	}

	/**
	 * Returns after what time the message is tried again.
	 * @return the delay before jitter, or {@code null} if it isn't
	 */
	public @Nullable Duration delay() {
		return this.outcome.delay();
	}

	/**
	 * Returns why the message is a dead letter.
	 * @return the reason that its dead letter has, or {@code null} if it is none
	 */
	public @Nullable String reason() {
		return this.outcome.reason();
	}

	/**
	 * Returns what the handler threw.
	 * @return the failure, or {@code null} if it threw nothing, or had called a verb
	 * before
	 */
	public @Nullable Throwable failure() {
		return this.outcome.failure();
	}

	@Override
	public HandledDeliveryAssert assertThat() {
		return new HandledDeliveryAssert(this);
	}

	/**
	 * Says for people what became of the message.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(this.outcome.delivery().toString()).append(": ")
			.append(switch (settlement()) {
				case HANDLED -> "acked";
				case SKIPPED -> "acked without its handler, as it was handled before";
				case RETRIED -> "retried after " + this.outcome.delay();
				case DEAD_LETTERED -> "dead letter (%s)".formatted(reason());
				case DEAD_LETTER_FAILED ->
					"given up on (%s), but its dead letter could not be kept".formatted(reason());
				case DISCARDED -> "discarded";
				case RETURNED -> "given back";
			});
		return ((failure() != null) ? text.append(", as the handler threw ").append(failure()) : text).toString();
	}

}
