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

package io.github.jetstreamspring.annotation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import io.github.jetstreamspring.annotation.handler.ArgumentFactory;
import io.github.jetstreamspring.annotation.handler.HandlerFactory;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.annotation.handler.ProblemCollector;
import io.github.jetstreamspring.messaging.SimilarNames;
import io.github.jetstreamspring.publisher.JetStreamOperations;
import io.github.jetstreamspring.topology.Topology;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.StringValueResolver;

/**
 * Finds what belongs to the connections that listeners name: the beans with the
 * connection's name as their qualifier.
 */
final class ConnectionScopes {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Set<String> names;

	private final StringValueResolver resolver;

	private final ArgumentFactory arguments;

	private final Map<String, ConnectionScope> scopes = new HashMap<>();

	ConnectionScopes(ConfigurableListableBeanFactory beanFactory, Set<String> names, StringValueResolver resolver,
			ArgumentFactory arguments) {
		this.beanFactory = beanFactory;
		this.names = names;
		this.resolver = resolver;
		this.arguments = arguments;
	}

	/**
	 * Returns what a listener is made with.
	 * @param name the name of its connection, empty for the default one
	 * @param problems takes what is wrong with the name
	 * @return the scope, or nothing if there is no such connection
	 */
	Optional<ConnectionScope> find(String name, ProblemCollector problems) {
		if (!name.isEmpty() && !this.names.contains(name)) {
			problems.add(
					"there is no connection '%s'; %s%s".formatted(name,
							this.names.isEmpty() ? "there is the default one only"
									: "the connections are %s and the default one".formatted(new TreeSet<>(this.names)),
							SimilarNames.question(name, this.names)),
					"Correct the name, or configure the connection: jetstream.connections.%s.servers.".formatted(name));
			return Optional.empty();
		}
		return Optional.of(this.scopes.computeIfAbsent(name, this::create));
	}

	private ConnectionScope create(String key) {
		String name = key.isEmpty() ? null : key;
		return new ConnectionScope(name, new ConsumerLookup(topology(name), name),
				new HandlerFactory(this.arguments, this.resolver, () -> operations(name)), () -> deadLetters(name));
	}

	private @Nullable JetStreamOperations operations(@Nullable String connection) {
		return (connection != null) ? qualified(JetStreamOperations.class, connection)
				: this.beanFactory.getBeanProvider(JetStreamOperations.class).getIfUnique();
	}

	private @Nullable DeadLetters deadLetters(@Nullable String connection) {
		return (connection != null) ? qualified(DeadLetters.class, connection)
				: this.beanFactory.getBeanProvider(DeadLetters.class).getIfUnique();
	}

	private Topology topology(@Nullable String connection) {
		Topology topology = (connection != null) ? qualified(Topology.class, connection)
				: this.beanFactory.getBeanProvider(Topology.class).getIfAvailable();
		return (topology != null) ? topology : new Topology(List.of());
	}

	private <T> @Nullable T qualified(Class<T> type, String connection) {
		try {
			return BeanFactoryAnnotationUtils.qualifiedBeanOfType(this.beanFactory, type, connection);
		}
		catch (NoSuchBeanDefinitionException ex) {
			return null;
		}
	}

}
