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

package io.github.jetstreamspring.listener.pull;

import io.nats.client.PullRequestOptions;
import io.nats.client.api.PriorityPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Which of the instances that ask for messages gets them first, where the consumer has a
 * priority group.
 *
 * @param priority the rank of this instance, 0 (first) to 9, or {@code null}
 * @param minPending how many messages must wait before this instance gets any, or
 * {@code null}
 * @param minAckPending how many messages must be at work before this instance gets any,
 * or {@code null}
 * @since 0.1.0
 */
public record Precedence(@Nullable Integer priority, @Nullable Long minPending, @Nullable Long minAckPending) {

	/**
	 * None: whoever asks gets messages.
	 */
	public static final Precedence NONE = new Precedence(null, null, null);

	/**
	 * Returns the policy without which this has no effect.
	 * @return the policy, {@link PriorityPolicy#None} if nothing is set
	 */
	public PriorityPolicy neededPolicy() {
		if (this.minPending != null || this.minAckPending != null) {
			return PriorityPolicy.Overflow;
		}
		return (this.priority != null) ? PriorityPolicy.Prioritized : PriorityPolicy.None;
	}

	/**
	 * Adds it to a request for messages.
	 */
	void apply(PullRequestOptions.Builder request) {
		if (this.priority != null) {
			request.priority(this.priority);
		}
		if (this.minPending != null) {
			request.minPending(this.minPending);
		}
		if (this.minAckPending != null) {
			request.minAckPending(this.minAckPending);
		}
	}

}
