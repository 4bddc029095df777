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

package io.github.jetstreamspring.boot.autoconfigure;

import io.github.jetstreamspring.topology.TopologyMode;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How streams and consumers are declared.
 *
 * @param mode What is done about streams and consumers that are missing on the server or
 * differ from the configuration.
 * @param report Whether to print what differs between server and configuration and end,
 * instead of running the application. Nothing is written.
 * @since 0.1.0
 */
public record TopologyProperties(@DefaultValue("update") TopologyMode mode, @DefaultValue("false") boolean report) {
}
