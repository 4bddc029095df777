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

import java.util.List;

import io.github.jetstreamspring.listener.ConsumerRecovery;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.github.jetstreamspring.topology.TopologyInitializer;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * The bean definitions of one named connection. Its name is their qualifier, and without
 * it they are not injected, so that everything else in the application goes on to get the
 * beans of the default connection.
 */
final class NamedConnectionBeans {

	private final BeanDefinitionRegistry registry;

	private final QualifiedBeans existing;

	private final String connection;

	NamedConnectionBeans(BeanDefinitionRegistry registry, ConfigurableListableBeanFactory beanFactory,
			String connection) {
		this.registry = registry;
		this.existing = new QualifiedBeans(beanFactory);
		this.connection = connection;
	}

	void register(boolean deadLetters) {
		Object details = bean(JetStreamConnectionDetails.class, "details", this.connection);
		Object natsConnection = bean(Connection.class, "connection", this.connection, details);
		Object management = bean(JetStreamManagement.class, "management", natsConnection);
		Object template = bean(JetStreamTemplate.class, "template", this.connection, natsConnection);
		Object topology = bean(Topology.class, "topology", this.connection);
		Object declarer = bean(TopologyDeclarer.class, "declarer", this.connection, management, natsConnection);
		bean(TopologyInitializer.class, "initializer", declarer, topology);
		bean(ConsumerRecovery.class, "recovery", this.connection, declarer, topology);
		if (deadLetters) {
			bean(DeadLetterHandler.class, "deadLetterHandler", this.connection, template, declarer, topology);
		}
	}

	/**
	 * Registers a bean, unless the application has its own.
	 * @return a reference to the bean
	 */
	private RuntimeBeanReference bean(Class<?> type, String factoryMethod, Object... arguments) {
		List<String> own = this.existing.names(this.connection, type);
		if (!own.isEmpty()) {
			return new RuntimeBeanReference(own.get(0));
		}
		String name = name(this.connection, type);
		this.registry.registerBeanDefinition(name, definition(type, factoryMethod, arguments));
		return new RuntimeBeanReference(name);
	}

	static String name(String connection, Class<?> type) {
		return "jetstream.connections." + connection + "." + type.getSimpleName();
	}

	private RootBeanDefinition definition(Class<?> type, String factoryMethod, Object... arguments) {
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setTargetType(type);
		definition.setFactoryBeanName(NamedConnectionsConfiguration.FACTORY);
		definition.setFactoryMethodName(factoryMethod);
		for (int i = 0; i < arguments.length; i++) {
			definition.getConstructorArgumentValues().addIndexedArgumentValue(i, arguments[i]);
		}
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, this.connection));
		definition.setDefaultCandidate(false);
		if (type != Connection.class) {
			definition.setDestroyMethodName(AbstractBeanDefinition.INFER_METHOD);
		}
		return definition;
	}

}
