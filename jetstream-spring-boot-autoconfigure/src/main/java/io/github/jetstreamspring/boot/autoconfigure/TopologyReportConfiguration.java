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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.github.jetstreamspring.topology.TopologyReport;

import org.springframework.beans.factory.ObjectProvider;
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
	TopologyReportRunner jetStreamTopologyReportRunner(TopologyDeclarer declarer, Topology topology,
			JetStreamProperties properties, ApplicationContext context, ObjectProvider<LoggingSystem> loggingSystem,
			ConfigurableListableBeanFactory beanFactory) {
		Map<String, Supplier<TopologyReport>> reports = new LinkedHashMap<>();
		reports.put(JetStreamProperties.DEFAULT_CONNECTION, () -> declarer.report(topology));
		ConnectionNames.in(context.getEnvironment()).keySet().forEach((name) -> {
			QualifiedBeans named = new QualifiedBeans(beanFactory, name);
			reports.put(name, () -> named.get(TopologyDeclarer.class).report(named.get(Topology.class)));
		});
		return new TopologyReportRunner(properties.topology().report(), reports, context.getClass(),
				loggingSystem.getIfAvailable());
	}

}
