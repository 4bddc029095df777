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

import java.util.List;
import java.util.concurrent.CompletionStage;

import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * What a listener does with a batch of deliveries. Each is read alone first, so that one
 * that can't be read doesn't keep the others from being handled.
 *
 * @since 0.1.0
 */
public non-sealed interface BatchHandler extends ListenerHandler {

	/**
	 * Reads a delivery.
	 * @param delivery the delivery
	 * @param message the message as the client received it
	 * @return what {@link #handle(List)} needs of it
	 * @throws UnprocessableMessageException if the message can never be handled
	 */
	Object read(Delivery delivery, Message message);

	/**
	 * Handles a batch. What no verb was called on is acked when that is done.
	 * @param batch what was read of each delivery, in the order of delivery; not empty
	 * @return completes when the batch is handled, exceptionally if that failed;
	 * {@code null} if it is handled when this method returns
	 * @throws BatchException if one of the batch failed: those before it are acked, it is
	 * retried or becomes a dead letter, and those after it are handled again without it
	 * @throws Exception if handling failed, to be retried as a whole
	 */
	@Nullable CompletionStage<?> handle(List<?> batch) throws Exception;

}
