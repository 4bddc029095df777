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

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.nats.client.Connection;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;

/**
 * The beans of a connection, so far as an endpoint needs them.
 *
 * @param name the connection's name, or {@code null} for the one without a name
 * @param connection the connection
 * @param topology the streams, consumers and schedules
 * @param declarer compares them with the server
 */
record ConnectionParts(@Nullable String name, Connection connection, Topology topology, TopologyDeclarer declarer) {

	/**
	 * Returns the connections, by their names.
	 */
	static Map<String, ConnectionParts> all(JetStreamListeners listeners, BeanFactory beanFactory) {
		Map<String, ConnectionParts> all = new LinkedHashMap<>();
		all.put(Description.DEFAULT_CONNECTION, of(null, beanFactory));
		listeners.connections().forEach((name) -> all.put(name, of(name, beanFactory)));
		return all;
	}

	/**
	 * Returns another bean of the connection, {@code null} if it has none.
	 */
	<T> @Nullable T find(Class<T> type, BeanFactory beanFactory) {
		try {
			return bean(this.name, type, beanFactory);
		}
		catch (NoSuchBeanDefinitionException ex) {
			return null;
		}
	}

	private static ConnectionParts of(@Nullable String name, BeanFactory beanFactory) {
		return new ConnectionParts(name, bean(name, Connection.class, beanFactory),
				bean(name, Topology.class, beanFactory), bean(name, TopologyDeclarer.class, beanFactory));
	}

	private static <T> T bean(@Nullable String name, Class<T> type, BeanFactory beanFactory) {
		return (name == null) ? beanFactory.getBean(type)
				: BeanFactoryAnnotationUtils.qualifiedBeanOfType(beanFactory, type, name);
	}

}
