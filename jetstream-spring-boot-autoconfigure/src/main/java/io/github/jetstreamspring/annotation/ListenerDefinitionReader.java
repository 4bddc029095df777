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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.github.jetstreamspring.annotation.handler.TargetMethod;
import io.github.jetstreamspring.annotation.handler.OrderKeyFactory;
import io.github.jetstreamspring.annotation.handler.ProblemCollector;
import io.github.jetstreamspring.annotation.handler.HandlerFactory;
import io.github.jetstreamspring.listener.DeliveryInterceptor;
import io.github.jetstreamspring.listener.ListenerDefinition;
import io.github.jetstreamspring.listener.ListenerErrorHandler;
import io.github.jetstreamspring.listener.ListenerHandler;
import io.github.jetstreamspring.listener.ListenerOptions;
import io.github.jetstreamspring.listener.ListenerSettings;
import io.github.jetstreamspring.listener.OrderKey;
import io.github.jetstreamspring.listener.RetryPolicy;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.ExceptionTypeFilter;
import org.springframework.util.StringUtils;

/**
 * Reads listener definitions from annotated methods, and collects what is wrong with
 * them.
 */
final class ListenerDefinitionReader {

	private final ConnectionScopes connections;

	private final ListenerSettings settings;

	private final OrderKeyFactory orderKeys;

	private final OnceCheck once;

	private final ConfigurableListableBeanFactory beanFactory;

	private final Map<String, String> methodsById = new HashMap<>();

	private final List<ListenerProblem> problems = new ArrayList<>();

	ListenerDefinitionReader(ConnectionScopes connections, ListenerSettings settings, OrderKeyFactory orderKeys,
			OnceCheck once, ConfigurableListableBeanFactory beanFactory, Set<String> taken) {
		this.connections = connections;
		this.settings = settings;
		this.orderKeys = orderKeys;
		this.once = once;
		this.beanFactory = beanFactory;
		for (String id : taken) {
			this.methodsById.put(id, "it has been registered before");
		}
	}

	/**
	 * Returns what is wrong with the methods read so far.
	 * @return the problems
	 */
	List<ListenerProblem> problems() {
		return this.problems;
	}

	/**
	 * Reads a definition.
	 * @param declaration the annotated method or class
	 * @return the definition, or nothing if there are problems with it
	 */
	Optional<ConnectedListener> read(ListenerDeclaration declaration) {
		int before = this.problems.size();
		ProblemCollector collector = (description, fix) -> this.problems
			.add(new ListenerProblem(declaration.toString(), declaration.listener(), description, fix));
		BeanExpressions expressions = new BeanExpressions(this.beanFactory, declaration.bean()::current);
		ListenerAttributes attributes = new ListenerAttributes(declaration.annotation(), expressions, collector);
		String consumer = attributes.consumer();
		String id = StringUtils.hasText(attributes.id()) ? attributes.id() : consumer;
		ListenerOptions annotated = attributes.options();
		ListenerOptions options = this.settings.options(id, annotated);
		Map<String, String> sources = this.settings.sources(id, annotated);
		NamedBeans beans = new NamedBeans(this.beanFactory, options, sources, collector);
		MessageConverter converter = beans.converter();
		String policyName = this.settings.retryPolicy(id, annotated);
		RetryPolicy policy = beans.retryPolicy(policyName);
		checkRetry(id, collector);
		Optional<ConnectionScope> connection = this.connections.find(attributes.connection(), collector);
		ClassHandlerReader classHandlers = (declaration instanceof ListenerClass type)
				? new ClassHandlerReader(type, expressions, this.problems) : null;
		TargetMethod target = (declaration instanceof ListenerMethod method) ? method.target() : null;
		List<DeliveryInterceptor> interceptors = beans.interceptors();
		ListenerErrorHandler errorHandler = beans.errorHandler();
		Optional<ListenerHandler> handler = Optional.empty();
		if (connection.isPresent()) {
			HandlerFactory common = connection.get().handlers().with(expressions);
			HandlerFactory handlers = (converter != null) ? common.with(converter) : common;
			if (classHandlers != null) {
				handler = classHandlers.read(handlers, attributes.batch());
			}
			else if (target != null) {
				handler = handlers.create(declaration.bean(), target, attributes.batch(), collector);
			}
		}
		Optional<OrderKey> orderKey = ((converter != null) ? this.orderKeys.with(converter) : this.orderKeys)
			.create(attributes.orderedBy(), target, attributes.batch(), collector);
		if (consumer.isEmpty()) {
			collector.add("it names no consumer", "Name the durable consumer: @JetStreamListener(\"order-worker\").");
			return Optional.empty();
		}
		checkUnique(id, declaration, collector);
		this.once.check(id, options, declaration, collector);
		boolean deadLetters = DeadLetterListeners.isOne(declaration.annotation());
		if (deadLetters) {
			handler = handler.flatMap(
					(of) -> HandlerFactory.ofDeadLetters(of, connection.orElseThrow().deadLetters().get(), collector));
		}
		Optional<String> stream = Optional.empty();
		if (connection.isPresent()) {
			ConsumerLookup consumers = connection.get().consumers();
			stream = deadLetters
					? Optional.of(consumers.deadLetters(attributes.stream(), consumer, attributes.subjects()))
					: consumers.stream(attributes.stream(), consumer, attributes.subjects(),
							Boolean.TRUE.equals(options.exclusive()), collector);
		}
		if (classHandlers != null && stream.isPresent()) {
			classHandlers.checkSubjects(
					connection.orElseThrow().consumers().subjects(stream.get(), consumer, attributes.subjects()));
		}
		if (this.problems.size() > before) {
			return Optional.empty();
		}
		ExceptionTypeFilter retryable = new ExceptionTypeFilter(List.of(declaration.annotation().retryFor()),
				List.of(declaration.annotation().noRetryFor()));
		try {
			ListenerDefinition definition = ListenerDefinition
				.of(id, stream.orElseThrow(), consumer, options, retryable, handler.orElseThrow())
				.sources(sources)
				.interceptors(interceptors)
				.errorHandler(errorHandler);
			definition = (policy != null) ? definition.retryPolicy(policy) : definition;
			return Optional
				.of(new ConnectedListener((orderKey.isPresent()) ? definition.orderedBy(orderKey.get()) : definition,
						connection.orElseThrow().name(), declaration.bean(), policyName));
		}
		catch (IllegalArgumentException ex) {
			collector.add("a setting is out of its range: " + ex.getMessage(),
					"Correct it under jetstream.listeners.%s or in the annotation.".formatted(id));
			return Optional.empty();
		}
	}

	/**
	 * Adds a method that is a handler of a class that is no listener.
	 * @param bean the bean
	 * @param method the method
	 */
	void addUnheard(ListenerBean bean, Method method) {
		this.problems.add(new ListenerProblem(ListenerMethod.describe(method), bean.type().getSimpleName(),
				"the method has @JetStreamHandler, but its class is no listener",
				"Annotate the class with @JetStreamListener(\"<consumer>\"), or the method instead of @JetStreamHandler."));
	}

	private void checkRetry(String id, ProblemCollector collector) {
		for (String prefix : this.settings.contradictions(id)) {
			collector.add("%1$s.retry.policy names a bean, and something else below %1$s.retry is what that bean says"
				.formatted(prefix), "Remove one of them. Only schedule-after goes with a policy.");
		}
	}

	private void checkUnique(String id, ListenerDeclaration declaration, ProblemCollector collector) {
		String other = this.methodsById.putIfAbsent(id, declaration.toString());
		if (other != null) {
			collector.add("there is another listener with the id '%s': %s".formatted(id, other),
					"Give one of them an id of its own: @JetStreamListener(id = \"%s-2\", ...).".formatted(id));
		}
	}

}
