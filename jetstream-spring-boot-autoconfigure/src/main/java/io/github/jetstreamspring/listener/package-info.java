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
 * Runs listeners: from the message that comes from a consumer to its settlement.
 * <p>
 * Stages of a message: it is received and taken in hand, kept in an intake until its time
 * has come, dispatched to a worker, handled, and settled, which may mean a retry or a
 * dead letter. {@code SessionStages} puts them together, and is the place to start
 * reading. {@code ListenerContainer} starts and stops such a session,
 * {@code ListenerSupervisor} keeps it going, and {@link JetStreamListeners} is what
 * applications have of all of it.
 */
@NullMarked
package io.github.jetstreamspring.listener;

import org.jspecify.annotations.NullMarked;
