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

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.github.jetstreamspring.boot.operations.OtherPermissions;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.messaging.RedriveLane;
import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.nats.client.Connection;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Reports what differs on the server, instead of running the application.
 */
@Configuration(proxyBeanMethods = false)
class TopologyReportConfiguration {

	@Bean
	TopologyReportRunner jetStreamTopologyReportRunner(JetStreamProperties properties, ApplicationContext context,
			ConfigurableListableBeanFactory beanFactory) {
		return new TopologyReportRunner(properties.topology(), () -> connections(properties, context, beanFactory),
				context, beanFactory.getBeanProvider(LoggingSystem.class).getIfAvailable());
	}

	private static List<ReportedConnection> connections(JetStreamProperties properties, ApplicationContext context,
			ConfigurableListableBeanFactory beanFactory) {
		List<ReportedConnection> connections = new ArrayList<>();
		connections.add(connection(null, properties, beanFactory));
		ConnectionNames.in(context.getEnvironment())
			.keySet()
			.forEach((name) -> connections.add(connection(name, properties.of(name), beanFactory)));
		return connections;
	}

	private static ReportedConnection connection(@Nullable String name, JetStreamProperties properties,
			ConfigurableListableBeanFactory beanFactory) {
		QualifiedBeans beans = new QualifiedBeans(beanFactory, name);
		JetStreamListeners listeners = beanFactory.getBean(JetStreamListeners.class);
		// One of the application's own keeps them wherever it likes
		boolean keepsDeadLetters = beans.find(DeadLetterHandler.class) instanceof RecoveringDeadLetterHandler;
		return new ReportedConnection((name != null) ? name : JetStreamProperties.DEFAULT_CONNECTION,
				beans.get(Connection.class), beans.get(TopologyDeclarer.class), beans.get(Topology.class),
				properties.topology().mode(),
				listeners.ids()
					.stream()
					.filter((id) -> Objects.equals(listeners.connection(id), name))
					.map(listeners::definition)
					.toList(),
				keepsDeadLetters
						? new RedriveLane(properties.deadLetter().stream(), properties.deadLetter().subjectPrefix())
						: null,
				(name != null) ? List.of()
						: beanFactory.getBeanProvider(OtherPermissions.class).orderedStream().toList());
	}

}
