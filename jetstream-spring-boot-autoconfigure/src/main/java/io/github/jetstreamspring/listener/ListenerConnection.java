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

import io.github.jetstreamspring.messaging.RedriveLane;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.nats.client.Connection;
import org.jspecify.annotations.Nullable;

/**
 * A further connection, and what listeners have for it alone.
 *
 * @param connection the connection
 * @param deadLetterHandler keeps what is given up on, or {@code null} to discard it
 * @param recovery brings deleted consumers back
 * @param template publishes messages that wait long for their next attempt, or
 * {@code null} to leave them to their consumer
 * @param lane tells where redriven messages come from, {@code null} if there are none
 */
record ListenerConnection(Connection connection, @Nullable DeadLetterHandler deadLetterHandler,
		ConsumerRecovery recovery, @Nullable JetStreamTemplate template, @Nullable RedriveLane lane) {
}
