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

package io.github.jetstreamspring.boot.console;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamAutoConfiguration;
import io.github.jetstreamspring.boot.operations.DeadLetterRequests;
import io.github.jetstreamspring.boot.operations.MessageRequests;
import io.github.jetstreamspring.boot.operations.Operations;
import io.github.jetstreamspring.boot.operations.OtherPermissions;
import io.github.jetstreamspring.deadletter.PayloadRedactor;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.nats.client.Connection;
import jakarta.servlet.Servlet;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the console.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = JetStreamAutoConfiguration.class)
@ConditionalOnWebApplication
@ConditionalOnBean({ Connection.class, JetStreamListeners.class, TopologyDeclarer.class })
@ConditionalOnBooleanProperty(name = "jetstream.console.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ConsoleProperties.class)
public final class JetStreamConsoleAutoConfiguration {

	private static final String APPLICATION = "spring.application.name";

	JetStreamConsoleAutoConfiguration() {
	}

	@Bean
	static DeliveryHistory jetStreamConsoleHistory(ObjectProvider<JetStreamListeners> listeners) {
		// They are made with it
		return new DeliveryHistory(() -> listeners.getObject().ids());
	}

	@Bean
	Activity jetStreamConsoleActivity() {
		return new Activity();
	}

	@Bean
	Operations jetStreamConsoleOperations(JetStreamListeners listeners, ApplicationEventPublisher events,
			Environment environment, ListableBeanFactory beanFactory) {
		return Operations.of(listeners, events, environment, beanFactory);
	}

	@Bean
	DeadLetterRequests jetStreamConsoleDeadLetters(JetStreamListeners listeners, ApplicationEventPublisher events,
			ListableBeanFactory beanFactory, ObjectProvider<PayloadRedactor> redactors) {
		return DeadLetterRequests.of(listeners, events, beanFactory, redactors.getIfAvailable());
	}

	@Bean
	MessageRequests jetStreamConsoleMessages(JetStreamListeners listeners, ApplicationEventPublisher events,
			ListableBeanFactory beanFactory, ObjectProvider<PayloadRedactor> redactors) {
		return MessageRequests.of(listeners, events, beanFactory, redactors.getIfAvailable());
	}

	@Bean
	BulkTasks jetStreamConsoleTasks(DeadLetterRequests deadLetters) {
		return new BulkTasks(deadLetters);
	}

	@Bean
	Snapshot jetStreamConsoleSnapshot(Operations operations, Activity activity, BulkTasks tasks) {
		return new Snapshot(operations, activity, tasks);
	}

	@Bean
	LiveUpdates jetStreamConsoleLiveUpdates(Snapshot snapshot) {
		return new LiveUpdates(snapshot);
	}

	@Bean
	FleetSummary jetStreamConsoleFleetSummary(Connection connection, JetStreamListeners listeners,
			DeliveryHistory history) {
		return new FleetSummary(connection, listeners, history);
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "jetstream.console.fleet.enabled", matchIfMissing = true)
	FleetMember jetStreamConsoleFleetMember(Connection connection, Environment environment, FleetSummary summary) {
		return new FleetMember(connection, FleetSubject.of(environment.getProperty(APPLICATION)), summary);
	}

	// Inboxes of others, where answers go
	@Bean
	@ConditionalOnBooleanProperty(name = "jetstream.console.fleet.enabled", matchIfMissing = true)
	OtherPermissions jetStreamConsolePermissions(Connection connection, Environment environment) {
		Set<String> subject = Set.of(FleetSubject.of(environment.getProperty(APPLICATION)));
		return new OtherPermissions(Stream.concat(subject.stream(), Stream.of(FleetSubject.inboxes(connection) + ">"))
			.collect(Collectors.toCollection(LinkedHashSet::new)), subject);
	}

	@Bean
	Fleet jetStreamConsoleFleet(Connection connection, ConsoleProperties properties, Environment environment,
			FleetSummary summary, DeliveryHistory history) {
		return new Fleet(connection, FleetSubject.of(environment.getProperty(APPLICATION)),
				properties.fleet().enabled(), summary, history);
	}

	@Bean
	ConsoleHandler jetStreamConsoleHandler(ConsoleProperties properties, Operations operations,
			DeadLetterRequests deadLetters, MessageRequests messages, Environment environment, BulkTasks tasks,
			Snapshot snapshot, DeliveryHistory history, Activity activity, Fleet fleet) {
		RequestCheck check = new RequestCheck(properties.access() == ConsoleProperties.Access.UNRESTRICTED,
				ConsoleSwitch.isForSignedIn(properties, environment), properties.allowedHosts());
		return new ConsoleHandler(check, new StaticFiles(),
				new ConsoleApi(properties, environment.getProperty(APPLICATION), operations, deadLetters, messages,
						tasks, snapshot, history, activity, fleet));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.SERVLET)
	@ConditionalOnClass({ Servlet.class, DispatcherServlet.class })
	static class ServletConfiguration {

		@Bean
		org.springframework.web.servlet.function.RouterFunction<ServerResponse> jetStreamConsole(
				ConsoleProperties properties, ConsoleHandler handler, LiveUpdates live, Environment environment,
				ListableBeanFactory beanFactory) {
			return !ConsolePort.isManagement(environment) && ConsoleSwitch.isOn(properties, environment, beanFactory)
					? new ServletConsole(new ConsolePath(properties.path()), handler, live)
					: (request) -> Optional.empty();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	@ConditionalOnClass(RouterFunction.class)
	static class ReactiveConfiguration {

		@Bean
		RouterFunction<org.springframework.web.reactive.function.server.ServerResponse> jetStreamConsole(
				ConsoleProperties properties, ConsoleHandler handler, LiveUpdates live, Environment environment,
				ListableBeanFactory beanFactory) {
			return !ConsolePort.isManagement(environment) && ConsoleSwitch.isOn(properties, environment, beanFactory)
					? new ReactiveConsole(new ConsolePath(properties.path()), handler, live)
					: (request) -> reactor.core.publisher.Mono.empty();
		}

	}

}
