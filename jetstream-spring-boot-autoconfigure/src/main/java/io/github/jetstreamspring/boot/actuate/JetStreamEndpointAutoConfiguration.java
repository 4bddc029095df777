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

package io.github.jetstreamspring.boot.actuate;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamAutoConfiguration;
import io.github.jetstreamspring.boot.operations.MessageRequests;
import io.github.jetstreamspring.boot.operations.Operations;
import io.github.jetstreamspring.deadletter.PayloadRedactor;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.nats.client.Connection;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the endpoints that show
 * connections, listeners and messages.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = JetStreamAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean({ Connection.class, JetStreamListeners.class, TopologyDeclarer.class })
public final class JetStreamEndpointAutoConfiguration {

	JetStreamEndpointAutoConfiguration() {
	}

	@Bean
	static EndpointAdvisor jetStreamEndpointAdvisor() {
		return new EndpointAdvisor(JetStreamEndpoint.ID, JetStreamMessagesEndpoint.ID);
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	@ConditionalOnAvailableEndpoint
	JetStreamEndpoint jetStreamEndpoint(JetStreamListeners listeners, ApplicationEventPublisher events,
			Environment environment, BeanFactory beanFactory) {
		return new JetStreamEndpoint(Operations.of(listeners, events, environment, beanFactory));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnAvailableEndpoint(JetStreamMessagesEndpoint.class)
	@EnableConfigurationProperties(JetStreamMessagesEndpointProperties.class)
	static class MessagesConfiguration {

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		JetStreamMessagesEndpoint jetStreamMessagesEndpoint(JetStreamListeners listeners,
				ObjectProvider<PayloadRedactor> redactors, JetStreamMessagesEndpointProperties properties,
				ApplicationEventPublisher events, BeanFactory beanFactory) {
			return new JetStreamMessagesEndpoint(
					MessageRequests.of(listeners, events, beanFactory, redactors.getIfAvailable()),
					properties.showValues(), properties.roles());
		}

	}

}
