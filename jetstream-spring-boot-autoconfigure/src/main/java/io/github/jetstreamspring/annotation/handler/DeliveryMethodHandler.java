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

package io.github.jetstreamspring.annotation.handler;

import java.util.concurrent.CompletionStage;

import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryHandler;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * Hands messages to an annotated method, one by one.
 *
 * @param call calls the method
 * @param arguments gets what the method wants of a message
 * @param completion tells when a message is handled
 */
record DeliveryMethodHandler(MethodCall call, Arguments arguments,
		HandlerCompletion completion) implements DeliveryHandler {

	@Override
	public @Nullable CompletionStage<?> handle(Delivery delivery, Message message) throws Exception {
		return this.completion.of(this.call.call(this.arguments.get(new ArgumentSource(delivery, message))), delivery);
	}

}
