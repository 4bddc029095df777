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
 * A message that is given up on.
 *
 * @param delivery the delivery that failed last; its verbs are not to be called
 * @param message the message as the client received it; where the consumer delivers
 * headers only, with the payload that is in the stream
 * @param reason why it is given up on
 * @param failure what the handler threw, or {@code null} if it threw nothing
 * @since 0.1.0
 */
public record DeadLetter(Delivery delivery, Message message, String reason, @Nullable Throwable failure) {
}
