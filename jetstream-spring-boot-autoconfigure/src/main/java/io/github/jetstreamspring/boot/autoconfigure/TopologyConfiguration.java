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

import io.github.jetstreamspring.listener.ConsumerRecovery;
import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.github.jetstreamspring.topology.TopologyInitializer;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Declares the streams, consumers and schedules of the properties, of beans and of
 * listeners. Methods have three parameters at most, here and in the other configurations:
 * each number beyond that costs the JVM a dozen classes.
 */
@Configuration(proxyBeanMethods = false)
class TopologyConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Topology jetStreamTopology(ConnectionBeans beans) {
		return beans.topology();
	}

	@Bean
	@ConditionalOnMissingBean
	TopologyDeclarer jetStreamTopologyDeclarer(ConnectionBeans beans, JetStreamManagement management,
			Connection connection) {
		return beans.declarer(management, connection);
	}

	@Bean
	@ConditionalOnMissingBean
	TopologyInitializer jetStreamTopologyInitializer(ConnectionBeans beans, TopologyDeclarer declarer,
			Topology topology) {
		return beans.initializer(declarer, topology);
	}

	@Bean
	TopologyCheck jetStreamTopologyCheck(TopologyDeclarer declarer, Topology topology,
			ConfigurableListableBeanFactory beanFactory) {
		List<Runnable> checks = new ArrayList<>();
		checks.add(() -> declarer.check(topology));
		for (String name : ConnectionNames.in(beanFactory.getBean(Environment.class)).keySet()) {
			QualifiedBeans named = new QualifiedBeans(beanFactory, name);
			checks.add(() -> named.get(TopologyDeclarer.class).check(named.get(Topology.class)));
		}
		return new TopologyCheck(checks);
	}

	@Bean
	@ConditionalOnMissingBean
	ConsumerRecovery jetStreamConsumerRecovery(ConnectionBeans beans, TopologyDeclarer declarer, Topology topology) {
		return beans.recovery(declarer, topology);
	}

}
