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

package io.github.jetstreamspring.boot.operations;

import java.util.Set;

/**
 * What the user of the connection without a name needs for something that isn't in the
 * configuration of its streams and listeners. A bean, for the report of permissions.
 *
 * @param publish what it must be allowed to publish to
 * @param subscribe what it must be allowed to subscribe to, beside its inboxes
 * @since 0.1.0
 */
public record OtherPermissions(Set<String> publish, Set<String> subscribe) {

}
