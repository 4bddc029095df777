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

import java.io.IOException;
import java.util.List;

import io.github.jetstreamspring.listener.ConsumerRecovery;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.messaging.MessageConverterLookup;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.github.jetstreamspring.topology.ConsumerConfigurationCustomizer;
import io.github.jetstreamspring.topology.ScheduleDefinition;
import io.github.jetstreamspring.topology.StreamConfigurationCustomizer;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.github.jetstreamspring.topology.TopologyInitializer;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;

/**
 * The factory of the beans of named connections. {@link NamedConnectionRegistrar} says
 * which ones there are and what they are made of.
 */
final class NamedConnections {

	private final JetStreamProperties properties;

	private final QualifiedBeans beans;

	private final ConfigurableListableBeanFactory beanFactory;

	private final ApplicationContext context;

	NamedConnections(JetStreamProperties properties, ConfigurableListableBeanFactory beanFactory,
			ApplicationContext context) {
		this.properties = properties;
		this.beans = new QualifiedBeans(beanFactory);
		this.beanFactory = beanFactory;
		this.context = context;
	}

	JetStreamConnectionDetails details(String name) {
		return new PropertiesJetStreamConnectionDetails(parts(name).properties(),
				this.beanFactory.getBeanProvider(SslBundles.class).getIfAvailable());
	}

	Connection connection(String name, JetStreamConnectionDetails details) {
		Connection connection = parts(name).connect(details, applicationName(),
				this.beans.commonAndOf(name, ConnectionOptionsCustomizer.class), this.context);
		return ConnectionCloser.register(connection, NamedConnectionBeans.name(name, Connection.class),
				this.beanFactory);
	}

	JetStreamManagement management(Connection connection) throws IOException {
		return connection.jetStreamManagement();
	}

	JetStreamTemplate template(String name, Connection connection) {
		return parts(name).template(connection, MessageConverterLookup.find(this.beanFactory),
				this.beans.commonAndOf(name, PublishObserver.class), this.beanFactory.getBean(DeclaredStreams.class));
	}

	Topology topology(String name) {
		List<StreamDefinition> definitions = this.beans.of(name, StreamDefinition.class);
		return parts(name).topology(definitions, this.beans.of(name, ScheduleDefinition.class),
				this.beans.commonAndOf(name, StreamConfigurationCustomizer.class),
				this.beans.commonAndOf(name, ConsumerConfigurationCustomizer.class));
	}

	TopologyDeclarer declarer(String name, JetStreamManagement management, Connection connection) {
		return parts(name).declarer(management, connection, applicationName());
	}

	TopologyInitializer initializer(TopologyDeclarer declarer, Topology topology) {
		return new TopologyInitializer(declarer, topology);
	}

	ConsumerRecovery recovery(String name, TopologyDeclarer declarer, Topology topology) {
		return parts(name).recovery(declarer, topology);
	}

	DeadLetterHandler deadLetterHandler(String name, JetStreamTemplate template, TopologyDeclarer declarer,
			Topology topology) {
		return parts(name).deadLetterHandler(template, declarer, topology);
	}

	private @Nullable String applicationName() {
		return this.context.getEnvironment().getProperty("spring.application.name");
	}

	private ConnectionParts parts(String name) {
		return ConnectionParts.of(this.properties, name);
	}

}
