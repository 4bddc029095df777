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

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerSettings;
import io.github.jetstreamspring.messaging.MessageConverterLookup;
import io.github.jetstreamspring.messaging.SimilarNames;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.util.StringValueResolver;
import org.springframework.validation.Validator;

/**
 * Makes listeners of annotated methods.
 */
final class ListenerRegistrar {

	private static final Log logger = LogFactory.getLog(ListenerRegistrar.class);

	private final ConfigurableListableBeanFactory beanFactory;

	ListenerRegistrar(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Registers the listeners of an application.
	 * @param methods the annotated methods
	 * @throws ListenerConfigurationException if one of them can't be set up; it names all
	 */
	void registerAll(List<ListenerMethod> methods) {
		ListenerSettings settings = settings();
		Set<String> ids = register(methods, settings);
		Set<String> unused = new TreeSet<>(settings.ids());
		unused.removeAll(ids);
		if (!unused.isEmpty()) {
			logger.warn("There are settings for listeners that don't exist: %s; the listeners are %s"
				.formatted(unused.stream().map((id) -> id + SimilarNames.question(id, ids)).toList(), ids));
		}
	}

	void register(List<ListenerMethod> methods) {
		register(methods, settings());
	}

	private Set<String> register(List<ListenerMethod> methods, ListenerSettings settings) {
		if (methods.isEmpty()) {
			return Set.of();
		}
		JetStreamListeners listeners = this.beanFactory.getBean(JetStreamListeners.class);
		StringValueResolver resolver = new EmbeddedValueResolver(this.beanFactory);
		ArgumentFactory arguments = arguments();
		ConnectionScopes connections = new ConnectionScopes(this.beanFactory, listeners.connections(), resolver,
				arguments);
		ListenerDefinitionReader reader = new ListenerDefinitionReader(resolver, connections, settings,
				new OrderKeyFactory(arguments));
		List<ConnectedListener> found = methods.stream().map(reader::read).flatMap(Optional::stream).toList();
		if (!reader.problems().isEmpty()) {
			throw new ListenerConfigurationException(reader.problems());
		}
		found.forEach((listener) -> listeners.register(listener.definition(), listener.connection()));
		return found.stream().map(ConnectedListener::id).collect(Collectors.toCollection(TreeSet::new));
	}

	private ArgumentFactory arguments() {
		return new ArgumentFactory(this.beanFactory, MessageConverterLookup.find(this.beanFactory),
				this.beanFactory.getBeanProvider(Validator.class).getIfUnique());
	}

	private ListenerSettings settings() {
		return this.beanFactory.getBeanProvider(ListenerSettings.class).getIfAvailable(() -> ListenerSettings.NONE);
	}

}
