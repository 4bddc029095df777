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
import java.time.Duration;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for JetStream: the connection, the
 * topology, publishers and listeners.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SslAutoConfiguration.class,
		afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnClass(Connection.class)
@EnableConfigurationProperties(JetStreamProperties.class)
@Import({ TopologyConfiguration.class, TopologyReportConfiguration.class, PublisherConfiguration.class,
		ListenersConfiguration.class, OnceConfiguration.class, NamedConnectionRegistrar.class })
public final class JetStreamAutoConfiguration {

	JetStreamAutoConfiguration() {
	}

	@Bean
	static ConfigurationPropertiesBindHandlerAdvisor jetStreamBindHandlerAdvisor(Environment environment) {
		SpelledNames names = SpelledNames.tellApart(environment);
		return (handler) -> new CollectingBindHandler(handler, names);
	}

	@Bean
	PropertyWarnings jetStreamPropertyWarnings(JetStreamProperties properties, Environment environment) {
		return new PropertyWarnings(properties,
				Binder.get(environment)
					.bind(PropertyWarnings.PHASE_TIMEOUT, Duration.class)
					.orElse(Duration.ofSeconds(30)));
	}

	@Bean
	ConnectionBeans jetStreamConnectionBeans(JetStreamProperties properties,
			ConfigurableListableBeanFactory beanFactory, ApplicationContext context) {
		return new ConnectionBeans(null, properties, beanFactory, context);
	}

	@Bean
	ConnectionLifecycle jetStreamConnectionLifecycle(ApplicationContext context) {
		return new ConnectionLifecycle(context);
	}

	@Bean
	@ConditionalOnMissingBean(JetStreamConnectionDetails.class)
	PropertiesJetStreamConnectionDetails jetStreamConnectionDetails(ConnectionBeans beans) {
		return beans.details();
	}

	@Bean(name = ConnectionBeans.DEFAULT_BEAN_NAME, destroyMethod = "")
	@ConditionalOnMissingBean
	Connection natsConnection(ConnectionBeans beans, JetStreamConnectionDetails details) {
		return beans.connection(details);
	}

	@Bean
	@ConditionalOnMissingBean
	JetStreamManagement jetStreamManagement(ConnectionBeans beans, Connection connection) throws IOException {
		return beans.management(connection);
	}

}
