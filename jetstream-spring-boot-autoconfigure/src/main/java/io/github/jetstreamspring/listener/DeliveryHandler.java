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

import java.util.concurrent.CompletionStage;

import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * What a listener does with each delivery.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public non-sealed interface DeliveryHandler extends ListenerHandler {

	/**
	 * Handles a delivery. It is acked when that is done, unless one of its verbs was
	 * called.
	 * @param delivery the delivery
	 * @param message the message as the client received it
	 * @return completes when the delivery is handled, exceptionally if that failed;
	 * {@code null} if it is handled when this method returns
	 * @throws UnprocessableMessageException if the message can never be handled
	 * @throws Exception if handling failed, to be retried
	 */
	@Nullable CompletionStage<?> handle(Delivery delivery, Message message) throws Exception;

}
