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

/**
 * Internal: gets messages from a pull consumer, as many as can be handled soon, for the
 * package above alone. It doesn't know what becomes of them.
 * <p>
 * Stages: {@link io.github.jetstreamspring.listener.pull.Credit} says how many messages
 * to ask for, the {@code Requester} of a
 * {@link io.github.jetstreamspring.listener.pull.PullFlow} asks for them, its
 * {@code Statuses} take what the server says of the requests, and the thread of a
 * {@link io.github.jetstreamspring.listener.pull.Receiver} hands on the messages. Start
 * reading at {@code PullFlow}.
 */
@NullMarked
package io.github.jetstreamspring.listener.pull;

import org.jspecify.annotations.NullMarked;
