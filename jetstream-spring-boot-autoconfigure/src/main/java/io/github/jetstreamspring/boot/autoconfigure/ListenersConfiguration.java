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

import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

import io.github.jetstreamspring.annotation.EnableJetStream;
import io.github.jetstreamspring.listener.ConsumerRecovery;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.listener.DeliveryInterceptor;
import io.github.jetstreamspring.listener.DeliveryObserver;
import io.github.jetstreamspring.listener.HandledMessages;
import io.github.jetstreamspring.listener.JetStreamJobs;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.JetStreamListenersBuilder;
import io.github.jetstreamspring.listener.JetStreamReceiver;
import io.github.jetstreamspring.listener.ListenerSettings;
import io.github.jetstreamspring.messaging.RedriveLane;
import io.github.jetstreamspring.messaging.SigningKey;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.nats.client.Connection;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/**
 * Finds and runs listeners.
 */
@Configuration(proxyBeanMethods = false)
class ListenersConfiguration {

	static final String DEAD_LETTER_HANDLER = "jetStreamDeadLetterHandler";

	@Bean
	static UnknownTypeLazinessFilter jetStreamUnknownTypeLazinessFilter(BeanFactory beanFactory) {
		return new UnknownTypeLazinessFilter(beanFactory);
	}

	@Bean
	@ConditionalOnMissingBean
	ListenerSettings jetStreamListenerSettings(JetStreamProperties properties) {
		return new ListenerSettings(properties.listener(), properties.listeners());
	}

	@Bean(DEAD_LETTER_HANDLER)
	@ConditionalOnMissingBean
	@ConditionalOnProperty(name = "jetstream.dead-letter.enabled", matchIfMissing = true)
	DeadLetterHandler jetStreamDeadLetterHandler(ConnectionBeans beans, JetStreamTemplate template,
			ConfigurableListableBeanFactory beanFactory) {
		return beans.deadLetterHandler(template, beanFactory.getBeanProvider(TopologyDeclarer.class).getObject(),
				beanFactory.getBeanProvider(Topology.class).getObject());
	}

	// One for each context, so that the listeners of a child start and stop with it
	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	JetStreamListeners jetStreamListeners(Connection connection, ObjectProvider<DeadLetterHandler> deadLetterHandler,
			ObjectProvider<DeliveryObserver> observers, ObjectProvider<DeliveryInterceptor> interceptors,
			ObjectProvider<JetStreamTemplate> templates, ConsumerRecovery recovery,
			ObjectProvider<HandledMessages> handledMessages, Environment environment, JetStreamProperties properties,
			ConfigurableListableBeanFactory beanFactory) {
		JetStreamListenersBuilder builder = JetStreamListeners.builder(connection)
			.deadLetterHandler(deadLetterHandler.getIfAvailable())
			.longRetries(templates.getIfUnique())
			.signingKey((properties.signingKey() != null) ? SigningKey.of(properties.signingKey()) : null)
			.handledMessages(handledMessages.getIfUnique())
			.observer(DeliveryObserver.of(observers.orderedStream().toList()))
			.interceptors(interceptors.orderedStream().toList())
			.recovery(recovery)
			.threadFactories(threadFactories(environment))
			.startable(properties.enabled())
			.redriven(lane(properties.deadLetter()));
		for (String name : ConnectionNames.in(environment).keySet()) {
			add(builder, name, beanFactory, lane(properties.of(name).deadLetter()));
		}
		return builder.build();
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	JetStreamJobs jetStreamJobs(JetStreamListeners listeners) {
		return listeners.jobs();
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	JetStreamReceiver jetStreamReceiver(ConnectionBeans beans) {
		return beans.receiver();
	}

	private static void add(JetStreamListenersBuilder builder, String name, ConfigurableListableBeanFactory beanFactory,
			@Nullable RedriveLane lane) {
		QualifiedBeans beans = new QualifiedBeans(beanFactory, name);
		builder.connection(name, beans.get(Connection.class), beans.find(DeadLetterHandler.class),
				beans.get(ConsumerRecovery.class), beans.find(JetStreamTemplate.class), lane);
	}

	private static @Nullable RedriveLane lane(DeadLetterProperties properties) {
		return properties.enabled() ? new RedriveLane(properties.stream(), properties.subjectPrefix()) : null;
	}

	/**
	 * Finds listeners, unless there is nothing that they could listen to.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "jetstream.enabled", matchIfMissing = true)
	@EnableJetStream
	static class EnabledConfiguration {

	}

	private static @Nullable Function<String, ThreadFactory> threadFactories(Environment environment) {
		if (Threading.VIRTUAL.isActive(environment)) {
			return (prefix) -> new VirtualThreadTaskExecutor(prefix).getVirtualThreadFactory();
		}
		return null;
	}

}
