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

package io.github.jetstreamspring.boot.actuate;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the endpoint for messages shows.
 *
 * @param showValues When to show payloads and the values of headers.
 * @param roles Roles of those who may see payloads and the values of headers when they
 * are authorized, of which one is enough; without any, all who are authenticated may.
 */
@ConfigurationProperties("management.endpoint.jetstreammessages")
record JetStreamMessagesEndpointProperties(@DefaultValue("never") Show showValues, @DefaultValue Set<String> roles) {
}
