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
 * A message that was received by hand. Until one of the verbs of its {@link #delivery()}
 * settles it, its lease is extended, for as long as {@code max-run-time}; so whoever has
 * it calls a verb when the work is done, and closes it, best by a {@code try} with the
 * message as its resource.
 *
 * @param <T> the type of the payload
 * @since 0.1.0
 */
public interface ReceivedMessage<T> extends AutoCloseable {

	/**
	 * Returns what the message holds.
	 * @return the payload, converted and validated
	 */
	T payload();

	/**
	 * Returns the delivery of the message, with its headers and the verbs that settle it.
	 * @return the delivery
	 */
	Delivery delivery();

	/**
	 * Gives the message back, to be delivered again at once, unless a verb has settled
	 * it. After its last attempt it becomes a dead letter instead. Throws nothing.
	 */
	@Override
	void close();

}
