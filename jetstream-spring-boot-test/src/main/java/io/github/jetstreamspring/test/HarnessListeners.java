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

package io.github.jetstreamspring.test;

import java.util.List;

import io.github.jetstreamspring.listener.DetachedListener;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerDefinition;
import io.github.jetstreamspring.test.ListenerHarness.HarnessListener;
import io.github.jetstreamspring.topology.ConsumerDefinition;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.github.jetstreamspring.topology.Topology;
import io.nats.client.api.ConsumerConfiguration;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;

/**
 * Finds the listeners of an application, with the consumers that it would declare.
 */
final class HarnessListeners {

	private final JetStreamListeners listeners;

	private final BeanFactory beanFactory;

	HarnessListeners(JetStreamListeners listeners, BeanFactory beanFactory) {
		this.listeners = listeners;
		this.beanFactory = beanFactory;
	}

	HarnessListener find(String id) {
		ListenerDefinition definition = this.listeners.definition(id);
		String stream = definition.stream();
		Topology topology = topology(this.listeners.connection(id));
		ConsumerDefinition consumer = topology.consumer(stream, definition.consumer());
		ConsumerConfiguration configuration = (consumer != null) ? consumer.toConfiguration()
				: ConsumerConfiguration.builder().build();
		return new HarnessListener(id, DetachedListener.of(this.listeners, id, configuration),
				new SubjectFilters(subjects(topology, stream, consumer)));
	}

	private Topology topology(@Nullable String connection) {
		return (connection != null)
				? BeanFactoryAnnotationUtils.qualifiedBeanOfType(this.beanFactory, Topology.class, connection)
				: this.beanFactory.getBean(Topology.class);
	}

	private static List<String> subjects(Topology topology, String stream, @Nullable ConsumerDefinition consumer) {
		List<String> filters = (consumer != null) ? consumer.filterSubjects() : null;
		if (filters != null && !filters.isEmpty()) {
			return filters;
		}
		return topology.streams()
			.stream()
			.filter((definition) -> definition.name().equals(stream))
			.map(StreamDefinition::toConfiguration)
			.findFirst()
			.map((configuration) -> List.copyOf(configuration.getSubjects()))
			.orElse(List.of());
	}

}
