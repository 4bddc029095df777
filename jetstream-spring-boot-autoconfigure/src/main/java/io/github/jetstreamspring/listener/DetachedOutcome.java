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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What became of a message that came from no server.
 *
 * @param delivery the delivery, which is settled
 * @param settlement how it ended
 * @param delay after what time the message was to be tried again, before jitter, or
 * {@code null} if it wasn't
 * @param reason why the message is a dead letter, or {@code null} if it is none
 * @param failure what the handler threw, or {@code null} if it threw nothing or a verb
 * was called before
 * @since 0.1.0
 */
public record DetachedOutcome(Delivery delivery, Settlement settlement, @Nullable Duration delay,
		@Nullable String reason, @Nullable Throwable failure) {
}
