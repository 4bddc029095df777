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
import io.github.jetstreamspring.boot.operations.Operations;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.nats.client.Connection;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

class JetStreamEndpointAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(JetStreamAutoConfiguration.class, JetStreamEndpointAutoConfiguration.class))
		.withPropertyValues("jetstream.enabled=false", "management.endpoints.web.exposure.include=jetstream");

	@Test
	void whenItIsExposedThenThereIsAnEndpoint() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(JetStreamEndpoint.class));
	}

	@Test
	void whenItIsNotExposedThenThereIsNone() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).hasSingleBean(JetStreamListeners.class)
				.doesNotHaveBean(JetStreamEndpoint.class));
	}

	@Test
	void whenNobodyHasAccessThenThereIsNone() {
		this.contextRunner.withPropertyValues("management.endpoint.jetstream.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(JetStreamEndpoint.class));
	}

	@Test
	void whenActuatorIsMissingThenThereIsNone() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(JetStreamListeners.class)
				.doesNotHaveBean(JetStreamEndpoint.class));
	}

	@Test
	void whenTheApplicationHasOneOfItsOwnThenThatIsUsed() {
		this.contextRunner.withUserConfiguration(OwnEndpoint.class)
			.run((context) -> assertThat(context).hasSingleBean(JetStreamEndpoint.class).hasBean("ownEndpoint"));
	}

	@Test
	void whenThereIsNoServerThenItSaysSo() {
		this.contextRunner.run((context) -> assertThat(context.getBean(JetStreamEndpoint.class).all())
			.extractingByKey("connections", MAP)
			.extractingByKey("default", MAP)
			.containsKeys("status", "streams", "schedules")
			.doesNotContainEntry("status", Connection.Status.CONNECTED.name()));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnEndpoint {

		@Bean
		JetStreamEndpoint ownEndpoint(JetStreamListeners listeners, Environment environment, BeanFactory beanFactory) {
			return new JetStreamEndpoint(Operations.of(listeners, (event) -> {
			}, environment, beanFactory));
		}

	}

}
