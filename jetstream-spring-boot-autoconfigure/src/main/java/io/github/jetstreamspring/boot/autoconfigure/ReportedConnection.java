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

import java.util.List;

import io.github.jetstreamspring.boot.operations.OtherPermissions;
import io.github.jetstreamspring.listener.ListenerDefinition;
import io.github.jetstreamspring.messaging.RedriveLane;
import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.github.jetstreamspring.topology.TopologyMode;
import io.nats.client.Connection;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is reported about, with what an application does on it.
 *
 * @param name the connection's name
 * @param connection the connection
 * @param declarer compares with the server
 * @param topology streams, consumers and schedules
 * @param mode what is done about those that differ
 * @param listeners the listeners on this connection
 * @param deadLetters where dead letters are and how they are redriven, or {@code null} if
 * the application keeps none or in its own way
 * @param others what else needs permissions
 */
record ReportedConnection(String name, Connection connection, TopologyDeclarer declarer, Topology topology,
		TopologyMode mode, List<ListenerDefinition> listeners, @Nullable RedriveLane deadLetters,
		List<OtherPermissions> others) {
}
