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
 * Conversion between NATS messages and Spring messages, and what all packages share to
 * write for people.
 * <p>
 * Start reading at {@link io.github.jetstreamspring.messaging.RestoredMessage}, a message
 * as its publisher has sent it, and
 * {@link io.github.jetstreamspring.messaging.HeaderFields}, the headers of one that is to
 * be sent.
 */
@NullMarked
package io.github.jetstreamspring.messaging;

import org.jspecify.annotations.NullMarked;
