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
 * Auto-configuration for NATS JetStream: makes beans of the keys below {@code jetstream}.
 * <p>
 * Stages: the keys are read and checked ({@code JetStreamProperties}), the connection is
 * made, the topology declared, the publisher and the listeners are set up; the same for
 * each named connection. {@code ConnectionBeans} makes what belongs to a connection.
 * Start reading at
 * {@link io.github.jetstreamspring.boot.autoconfigure.JetStreamAutoConfiguration}.
 */
@NullMarked
package io.github.jetstreamspring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
