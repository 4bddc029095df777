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

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.listener.ConsumerRecovery;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.listener.JetStreamReceiver;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.github.jetstreamspring.topology.TopologyInitializer;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers the beans of named connections, each of which has {@link ConnectionBeans} of
 * its own that make the others. The connection's name is their qualifier, and without it
 * they are not injected, so that everything else in the application goes on to get the
 * beans of the default connection.
 * <p>
 * It comes after the application's own beans, which replace them where they have the
 * connection's name as their qualifier. A child context uses those of its parent, as it
 * does with the default connection.
 */
class NamedConnectionRegistrar implements ImportBeanDefinitionRegistrar {

	private static final List<Class<?>> TYPES = List.of(JetStreamConnectionDetails.class, Connection.class,
			JetStreamManagement.class, JetStreamTemplate.class, Topology.class, TopologyDeclarer.class,
			TopologyInitializer.class, ConsumerRecovery.class, JetStreamReceiver.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	NamedConnectionRegistrar(BeanFactory beanFactory, Environment environment) {
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
		this.environment = environment;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		for (Map.Entry<String, Boolean> entry : ConnectionNames.in(this.environment).entrySet()) {
			String connection = entry.getKey();
			boolean deadLetters = entry.getValue();
			List<Class<?>> missing = Stream
				.concat(TYPES.stream(),
						deadLetters ? Stream.of(DeadLetterHandler.class, DeadLetters.class) : Stream.empty())
				.filter((type) -> names(connection, type).isEmpty())
				.toList();
			if (!missing.isEmpty()) {
				registry.registerBeanDefinition(name(connection, ConnectionBeans.class), factory(connection));
			}
			missing.forEach(
					(type) -> registry.registerBeanDefinition(name(connection, type), definition(connection, type)));
		}
	}

	/**
	 * Returns the name of a bean.
	 * @param connection the name of the connection
	 * @param type the type of the bean
	 * @return the name, unless the application has a bean of its own instead
	 */
	static String name(String connection, Class<?> type) {
		return "jetstream.connections." + connection + "." + type.getSimpleName();
	}

	private List<String> names(String connection, Class<?> type) {
		return new QualifiedBeans(this.beanFactory, connection).names(type);
	}

	private static RootBeanDefinition factory(String connection) {
		RootBeanDefinition definition = new RootBeanDefinition(ConnectionBeans.class);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, connection);
		definition.setAutowireMode(AbstractBeanDefinition.AUTOWIRE_CONSTRUCTOR);
		return forConnection(connection, definition);
	}

	// By the names of a bean and a method, as an instance supplier is nothing that could
	// be
	// processed ahead of time
	private RootBeanDefinition definition(String connection, Class<?> type) {
		Method method = method(type);
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setTargetType(type);
		definition.setFactoryBeanName(name(connection, ConnectionBeans.class));
		definition.setFactoryMethodName(method.getName());
		for (int i = 0; i < method.getParameterCount(); i++) {
			definition.getConstructorArgumentValues()
				.addIndexedArgumentValue(i, reference(connection, method.getParameterTypes()[i]));
		}
		// Of a connection the end is that of its ConnectionCloser; none at all would mean
		// its method close
		definition.setDestroyMethodName((type != Connection.class) ? AbstractBeanDefinition.INFER_METHOD : "");
		return forConnection(connection, definition);
	}

	private RuntimeBeanReference reference(String connection, Class<?> type) {
		List<String> names = names(connection, type);
		return new RuntimeBeanReference(names.isEmpty() ? name(connection, type) : names.get(0));
	}

	private static Method method(Class<?> type) {
		return Arrays.stream(ConnectionBeans.class.getDeclaredMethods())
			.filter((method) -> !Modifier.isPrivate(method.getModifiers())
					&& type.isAssignableFrom(method.getReturnType()))
			.findFirst()
			.orElseThrow();
	}

	private static RootBeanDefinition forConnection(String connection, RootBeanDefinition definition) {
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, connection));
		definition.setDefaultCandidate(false);
		return definition;
	}

}
