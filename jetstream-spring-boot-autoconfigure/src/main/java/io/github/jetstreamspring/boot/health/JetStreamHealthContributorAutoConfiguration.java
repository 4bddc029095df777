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

package io.github.jetstreamspring.boot.health;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamAutoConfiguration;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.nats.client.Connection;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for
 * {@link JetStreamHealthIndicator}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = JetStreamAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean({ Connection.class, JetStreamListeners.class })
@ConditionalOnEnabledHealthIndicator("jetstream")
public final class JetStreamHealthContributorAutoConfiguration {

	JetStreamHealthContributorAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(name = { "jetstreamHealthIndicator", "jetstreamHealthContributor" },
			search = SearchStrategy.CURRENT)
	HealthContributor jetstreamHealthIndicator(Connection connection, JetStreamListeners listeners,
			BeanFactory beanFactory, @Value("${jetstream.enabled:true}") boolean enabled) {
		HealthContributor indicator = indicator(enabled, () -> new JetStreamHealthIndicator(connection, listeners));
		if (listeners.connections().isEmpty()) {
			return indicator;
		}
		Map<String, HealthContributor> contributors = new LinkedHashMap<>();
		contributors.put("default", indicator);
		listeners.connections()
			.forEach(
					(name) -> contributors.put(name,
							indicator(enabled, () -> new JetStreamHealthIndicator(
									BeanFactoryAnnotationUtils.qualifiedBeanOfType(beanFactory, Connection.class, name),
									listeners, name))));
		return CompositeHealthContributor.fromMap(contributors);
	}

	// Without one, an application that has it in a health group would not start
	private static HealthIndicator indicator(boolean enabled, Supplier<HealthIndicator> indicator) {
		return enabled ? indicator.get() : () -> Health.unknown().withDetail("jetstream.enabled", false).build();
	}

}
