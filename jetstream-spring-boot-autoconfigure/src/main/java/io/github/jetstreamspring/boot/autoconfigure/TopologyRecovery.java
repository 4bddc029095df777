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

import io.github.jetstreamspring.listener.ConsumerRecovery;
import io.github.jetstreamspring.topology.ConsumerDefinition;
import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.github.jetstreamspring.topology.TopologyMode;
import org.jspecify.annotations.Nullable;

/**
 * Declares the topology of a consumer again, if it is this application's to declare and
 * the mode allows creating what is missing.
 */
final class TopologyRecovery implements ConsumerRecovery {

	private final TopologyDeclarer declarer;

	private final Topology topology;

	private final TopologyMode mode;

	TopologyRecovery(TopologyDeclarer declarer, Topology topology, TopologyMode mode) {
		this.declarer = declarer;
		this.topology = topology;
		this.mode = mode;
	}

	// One after the other: when a stream is gone, all its listeners miss it at once
	@Override
	public synchronized void recover(String stream, String consumer) {
		ConsumerDefinition definition = this.topology.consumer(stream, consumer);
		if (definition == null || this.mode == TopologyMode.VALIDATE || this.mode == TopologyMode.NONE) {
			return;
		}
		this.declarer.declare(this.topology.part(stream, definition));
	}

	@Override
	public @Nullable List<String> filterSubjects(String stream, String consumer) {
		ConsumerDefinition definition = this.topology.consumer(stream, consumer);
		return (definition != null) ? definition.filterSubjects() : null;
	}

	/**
	 * Declares a stream and its consumers again, if they are this application's.
	 * @param stream the stream's name
	 */
	synchronized void recover(String stream) {
		if (this.mode != TopologyMode.VALIDATE && this.mode != TopologyMode.NONE) {
			this.declarer.declare(this.topology.part(stream));
		}
	}

}
