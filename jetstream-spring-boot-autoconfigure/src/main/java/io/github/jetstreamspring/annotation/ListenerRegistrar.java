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

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

import io.github.jetstreamspring.annotation.handler.ArgumentFactory;
import io.github.jetstreamspring.annotation.handler.OrderKeyFactory;
import io.github.jetstreamspring.listener.JetStreamListenerConfigurer;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerDefinition;
import io.github.jetstreamspring.listener.ListenerSettings;
import io.github.jetstreamspring.messaging.MessageConverterLookup;
import io.github.jetstreamspring.messaging.SimilarNames;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.util.StringValueResolver;
import org.springframework.validation.Validator;

/**
 * Makes listeners of annotated methods.
 */
final class ListenerRegistrar {

	private static final Log logger = LogFactory.getLog(ListenerRegistrar.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final ListenerAnnotations annotations;

	// Also those that are just being registered
	private final Queue<Registered> registered = new ConcurrentLinkedQueue<>();

	private final Set<String> namedPolicies = ConcurrentHashMap.newKeySet();

	// Kept, as a bean factory that is being closed gives nothing away
	private volatile @Nullable JetStreamListeners listeners;

	ListenerRegistrar(ConfigurableListableBeanFactory beanFactory, ListenerAnnotations annotations) {
		this.beanFactory = beanFactory;
		this.annotations = annotations;
	}

	/**
	 * Registers the listeners of an application.
	 * @param beans the beans with annotated methods
	 * @param problems what is known to be wrong with others
	 * @throws ListenerConfigurationException if one of them can't be set up; it names all
	 */
	void registerAll(List<ListenerBean> beans, List<ListenerProblem> problems) {
		ListenerSettings settings = settings();
		register(beans, problems, settings);
		Set<String> ids = new TreeSet<>(registerOthers());
		for (Registered known : this.registered) {
			ids.add(known.definition().id());
		}
		Set<String> unused = new TreeSet<>(settings.ids());
		unused.removeAll(ids);
		if (!unused.isEmpty()) {
			logger.warn(
					"There are settings for listeners that don't exist: %s; the listeners are %s. Those for messages that are received by hand have the name of their consumer"
						.formatted(unused.stream().map((id) -> id + SimilarNames.question(id, ids)).toList(), ids));
		}
	}

	/**
	 * Has those listeners registered that are made in code.
	 * @return the ids of all listeners, as far as there are such
	 */
	private Set<String> registerOthers() {
		// Not those of a parent, which have done it there
		List<JetStreamListenerConfigurer> configurers = new ArrayList<>(
				this.beanFactory.getBeansOfType(JetStreamListenerConfigurer.class).values());
		if (configurers.isEmpty()) {
			return Set.of();
		}
		AnnotationAwareOrderComparator.sort(configurers);
		JetStreamListeners all = this.beanFactory.getBean(JetStreamListeners.class);
		configurers.forEach((configurer) -> configurer.configure(all));
		return all.ids();
	}

	/**
	 * Registers the listeners of a bean that is made after the application has started.
	 * They take the place of those of another object of the same bean.
	 * @param bean the bean, or {@code null} if it can't have listeners
	 * @param problems what is known to be wrong with it
	 * @throws ListenerConfigurationException if one of them can't be set up; it names all
	 */
	void register(@Nullable ListenerBean bean, List<ListenerProblem> problems) {
		if (bean != null) {
			unregister((known) -> known.isSame(bean));
		}
		register((bean != null) ? List.of(bean) : List.of(), problems, settings());
		if (bean != null) {
			logger.info("Bean '%s' (%s) was made after the start, and its listeners get messages from now on"
				.formatted(bean.name(), bean.type().getName()));
		}
	}

	/**
	 * Stops and forgets the listeners of a bean that is destroyed.
	 * @param object the bean, without its proxy
	 */
	void unregister(Object object) {
		unregister((ListenerBean known) -> known.isMadeOf(object));
	}

	private void unregister(Predicate<ListenerBean> which) {
		JetStreamListeners current = this.listeners;
		if (current != null) {
			for (Registered known : this.registered) {
				if (which.test(known.bean()) && this.registered.remove(known)) {
					current.unregister(known.definition());
				}
			}
		}
	}

	private void register(List<ListenerBean> beans, List<ListenerProblem> problems, ListenerSettings settings) {
		if (beans.isEmpty()) {
			throwIfAny(problems);
			return;
		}
		JetStreamListeners listeners = this.beanFactory.getBean(JetStreamListeners.class);
		this.listeners = listeners;
		StringValueResolver resolver = new EmbeddedValueResolver(this.beanFactory);
		ArgumentFactory arguments = arguments();
		ConnectionScopes connections = new ConnectionScopes(this.beanFactory, listeners.connections(), resolver,
				arguments);
		ListenerDefinitionReader reader = new ListenerDefinitionReader(connections, settings,
				new OrderKeyFactory(arguments), new OnceCheck(listeners), this.beanFactory, listeners.ids());
		List<ListenerDeclaration> declarations = new ArrayList<>();
		for (ListenerBean bean : beans) {
			declarations.addAll(declarations(bean, reader));
		}
		// First of all, as a method may take what others have the types below of
		for (ListenerDeclaration declaration : declarations) {
			if (declaration instanceof ListenerClass) {
				declaration.methods().forEach(arguments::learn);
			}
		}
		List<ConnectedListener> found = read(declarations, reader);
		List<ListenerProblem> all = new ArrayList<>(problems);
		all.addAll(reader.problems());
		throwIfAny(all);
		for (ConnectedListener listener : found) {
			if (listener.retryPolicy() != null) {
				this.namedPolicies.add(listener.retryPolicy());
			}
		}
		RetryPolicyBean retryPolicy = RetryPolicyBean.of(this.beanFactory, settings, this.namedPolicies);
		for (ConnectedListener listener : found) {
			register(listener, retryPolicy.applyTo(listener.definition(), listener.retryPolicy()), listeners);
		}
	}

	private static List<ConnectedListener> read(List<ListenerDeclaration> declarations,
			ListenerDefinitionReader reader) {
		List<ConnectedListener> found = new ArrayList<>();
		for (ListenerDeclaration declaration : declarations) {
			reader.read(declaration).ifPresent(found::add);
		}
		return found;
	}

	private void register(ConnectedListener listener, ListenerDefinition definition, JetStreamListeners listeners) {
		this.registered.add(new Registered(listener.bean(), definition));
		try {
			listeners.register(definition, listener.connection());
		}
		catch (RuntimeException ex) {
			// It can't be started, and must not be in the way of the next attempt
			unregister((bean) -> bean == listener.bean());
			throw ex;
		}
	}

	private List<ListenerDeclaration> declarations(ListenerBean bean, ListenerDefinitionReader reader) {
		if (this.annotations.ofClass(bean.type()).isEmpty()) {
			for (Method method : this.annotations.handlersOf(bean.type()).keySet()) {
				reader.addUnheard(bean, method);
			}
		}
		return ListenerDeclaration.of(bean, this.annotations);
	}

	private static void throwIfAny(List<ListenerProblem> problems) {
		if (!problems.isEmpty()) {
			throw new ListenerConfigurationException(problems);
		}
	}

	private ArgumentFactory arguments() {
		return new ArgumentFactory(this.beanFactory, MessageConverterLookup.find(this.beanFactory),
				this.beanFactory.getBeanProvider(Validator.class).getIfUnique());
	}

	private ListenerSettings settings() {
		ListenerSettings settings = this.beanFactory.getBeanProvider(ListenerSettings.class).getIfAvailable();
		return (settings != null) ? settings : ListenerSettings.NONE;
	}

	/**
	 * A listener of a bean. It is no record, whose comparison would have to be generated
	 * when the application starts.
	 */
	private static final class Registered {

		private final ListenerBean bean;

		// Somebody else may have registered another one with its id
		private final ListenerDefinition definition;

		Registered(ListenerBean bean, ListenerDefinition definition) {
			this.bean = bean;
			this.definition = definition;
		}

		ListenerBean bean() {
			return this.bean;
		}

		ListenerDefinition definition() {
			return this.definition;
		}

	}

}
