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

package io.github.jetstreamspring.topology;

import java.util.ArrayList;
import java.util.List;

import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * What a server has when it had nothing before and everything is declared.
 *
 * @param name the stream's name
 * @param stream the stream, or {@code null} if somebody else declares it
 * @param consumers its consumers
 */
record Target(String name, @Nullable StreamConfiguration stream, List<ConsumerConfiguration> consumers) {

	static List<Target> all(Topology topology) {
		List<Target> all = new ArrayList<>();
		for (StreamDefinition definition : topology.streams()) {
			DeclaredStream declared = new DeclaredStream(definition.name(),
					definition.settings().orElse(StreamSettings.DEFAULTS));
			StreamConfiguration stream = ScheduledStream.of(declared, null).target(null);
			all.add(new Target(definition.name(), stream, consumers(stream, definition.consumers())));
		}
		for (String foreign : topology.foreignStreams()) {
			StreamConfiguration unknown = StreamConfiguration.builder().name(foreign).build();
			all.add(new Target(foreign, null, consumers(unknown, topology.consumers(foreign))));
		}
		return all;
	}

	private static List<ConsumerConfiguration> consumers(StreamConfiguration stream,
			List<ConsumerDefinition> definitions) {
		List<ConsumerConfiguration> consumers = new ArrayList<>();
		for (ConsumerDefinition definition : definitions) {
			consumers.add(new DeclaredConsumer(stream.getName(), definition.name(),
					definition.settings().orElse(ScheduledStream.filters(stream)).orElse(ConsumerSettings.DEFAULTS))
				.target(null));
		}
		return consumers;
	}

}
