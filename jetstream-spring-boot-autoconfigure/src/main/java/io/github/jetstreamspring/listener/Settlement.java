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

/**
 * How a delivery ended.
 *
 * @since 0.1.0
 */
public enum Settlement {

	/**
	 * Acked.
	 */
	HANDLED,

	/**
	 * Acked without its handler, as the message was handled before. Only where messages
	 * are handled {@linkplain OnceMode once}.
	 */
	SKIPPED,

	/**
	 * Given back to be tried again.
	 */
	RETRIED,

	/**
	 * Kept as a dead letter and removed from its queue.
	 */
	DEAD_LETTERED,

	/**
	 * Given up on, but not kept as a dead letter, as that failed. It stays in its queue,
	 * and keeping it is tried again.
	 */
	DEAD_LETTER_FAILED,

	/**
	 * Removed from its queue for good.
	 */
	DISCARDED,

	/**
	 * Given back without having been handled, because the listener stopped.
	 */
	RETURNED;

	/**
	 * Returns whether the listener has done with the message.
	 */
	boolean isLast() {
		return this == HANDLED || this == SKIPPED || this == DISCARDED || this == DEAD_LETTERED;
	}

}
