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

import java.util.List;

/**
 * What changes definitions before they are merged. Each definition of a stream is
 * changed, so that the customizers have the last word without being a conflict.
 *
 * @param streams change streams, one after the other
 * @param consumers change consumers, one after the other
 */
record TopologyCustomizers(List<StreamConfigurationCustomizer> streams,
		List<ConsumerConfigurationCustomizer> consumers) {

	TopologyCustomizers {
		streams = List.copyOf(streams);
		consumers = List.copyOf(consumers);
	}

	StreamDefinition customize(StreamDefinition definition) {
		if (this.streams.isEmpty()) {
			return definition;
		}
		StreamDefinition.Builder builder = definition.toBuilder();
		this.streams.forEach((customizer) -> customizer.customize(builder));
		return builder.build();
	}

	ConsumerDefinition customize(String stream, ConsumerDefinition definition) {
		if (this.consumers.isEmpty()) {
			return definition;
		}
		ConsumerDefinition.Builder builder = definition.toBuilder();
		this.consumers.forEach((customizer) -> customizer.customize(stream, builder));
		return builder.build();
	}

}
