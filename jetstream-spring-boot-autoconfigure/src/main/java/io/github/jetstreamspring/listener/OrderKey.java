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

import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * Names what a message belongs to. Messages with equal keys are handled one after the
 * other, in the order of their stream.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface OrderKey {

	/**
	 * Returns a message's key. Is called on the thread that receives messages and must
	 * not block.
	 * @param delivery the delivery
	 * @param message the message as the client received it
	 * @return the key, which has {@code equals} and {@code hashCode}, or {@code null} if
	 * the message is bound to no order
	 * @throws UnprocessableMessageException if the key can't be told and never will
	 */
	@Nullable Object keyOf(Delivery delivery, Message message);

}
