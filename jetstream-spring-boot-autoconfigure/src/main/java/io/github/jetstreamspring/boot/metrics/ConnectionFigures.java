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

package io.github.jetstreamspring.boot.metrics;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerStatus;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.github.jetstreamspring.topology.Topology;
import io.nats.client.Connection;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;

/**
 * What the servers of all connections say, each of which is asked on its own.
 */
final class ConnectionFigures {

	/**
	 * What the connection without a name is called in tags.
	 */
	static final String DEFAULT_CONNECTION = "default";

	private final JetStreamListeners listeners;

	private final BeanFactory beanFactory;

	private final Map<String, ServerFigures> figures = new ConcurrentHashMap<>();

	ConnectionFigures(JetStreamListeners listeners, BeanFactory beanFactory) {
		this.listeners = listeners;
		this.beanFactory = beanFactory;
	}

	/**
	 * Returns the names of all connections, as tags have them.
	 */
	Set<String> names() {
		Set<String> names = new TreeSet<>(this.listeners.connections());
		names.add(DEFAULT_CONNECTION);
		return names;
	}

	static String tag(@Nullable String connection) {
		return (connection != null) ? connection : DEFAULT_CONNECTION;
	}

	/**
	 * Returns what the server of a connection says.
	 * @param connection the connection's name, as tags have it
	 */
	ServerFigures of(String connection) {
		return this.figures.computeIfAbsent(connection, (name) -> new ServerFigures(bean(name, Connection.class),
				() -> namesOn(name), topology(name).deadLetterSubjects()));
	}

	private Topology topology(String connection) {
		return bean(connection, Topology.class);
	}

	/**
	 * Returns what publishes on a connection.
	 * @return the template, or {@code null} if there is none, or several
	 */
	@Nullable JetStreamTemplate template(String connection) {
		ObjectProvider<JetStreamTemplate> common = this.beanFactory.getBeanProvider(JetStreamTemplate.class);
		return connection.equals(DEFAULT_CONNECTION) ? common.getIfUnique() : bean(connection, JetStreamTemplate.class);
	}

	private <T> T bean(String connection, Class<T> type) {
		return connection.equals(DEFAULT_CONNECTION) ? this.beanFactory.getBean(type)
				: BeanFactoryAnnotationUtils.qualifiedBeanOfType(this.beanFactory, type, connection);
	}

	/**
	 * Returns the streams of a connection: those that are declared, and those of
	 * listeners, whose consumers are of interest.
	 */
	Map<String, Set<String>> namesOn(String connection) {
		Map<String, Set<String>> names = new TreeMap<>();
		for (StreamDefinition stream : topology(connection).streams()) {
			names.computeIfAbsent(stream.name(), (name) -> new TreeSet<>());
		}
		for (ListenerStatus listener : this.listeners.statuses()) {
			if (isOn(connection, listener.id())) {
				names.computeIfAbsent(listener.stream(), (name) -> new TreeSet<>()).add(listener.consumer());
			}
		}
		return names;
	}

	private boolean isOn(String connection, String listener) {
		try {
			return Objects.equals(tag(this.listeners.connection(listener)), connection);
		}
		catch (IllegalArgumentException ex) {
			// It has gone with its bean just now
			return false;
		}
	}

}
