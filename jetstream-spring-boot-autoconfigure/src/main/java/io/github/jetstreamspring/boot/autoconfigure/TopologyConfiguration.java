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
import java.util.stream.Stream;

import io.github.jetstreamspring.listener.ConsumerRecovery;
import io.github.jetstreamspring.topology.ScheduleDefinition;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.github.jetstreamspring.topology.TopologyInitializer;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.RetentionPolicy;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Declares the streams, consumers and schedules of the properties, of beans and of
 * listeners.
 */
@Configuration(proxyBeanMethods = false)
class TopologyConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Topology jetStreamTopology(JetStreamProperties properties, ObjectProvider<StreamDefinition> definitions,
			ObjectProvider<ScheduleDefinition> schedules) {
		List<StreamDefinition> all = Stream
			.concat(properties.streams()
				.entrySet()
				.stream()
				.map((stream) -> stream.getValue().toDefinition(stream.getKey())), definitions.orderedStream())
			.toList();
		Topology topology = new Topology(all);
		if (properties.deadLetter().enabled()) {
			topology.addDefaults(deadLetterStream(properties.deadLetter()));
		}
		properties.schedules().forEach((name, schedule) -> topology.addSchedule(schedule.toDefinition(name)));
		schedules.orderedStream().forEach(topology::addSchedule);
		return topology;
	}

	private static StreamDefinition deadLetterStream(DeadLetterProperties properties) {
		return StreamDefinition.named(properties.stream())
			.description("Messages that were given up on")
			.subjects(properties.subjectPrefix() + ".>")
			.retention(RetentionPolicy.Limits)
			.maxAge(properties.maxAge())
			.build();
	}

	@Bean
	@ConditionalOnMissingBean
	TopologyDeclarer jetStreamTopologyDeclarer(JetStreamManagement management, Connection connection,
			JetStreamProperties properties, Environment environment) {
		return new TopologyDeclarer(management, () -> connection.getServerInfo().getVersion(),
				properties.topology().mode())
			.ownedBy(environment.getProperty("spring.application.name"));
	}

	@Bean
	@ConditionalOnMissingBean
	TopologyInitializer jetStreamTopologyInitializer(TopologyDeclarer declarer, Topology topology) {
		return new TopologyInitializer(declarer, topology);
	}

	@Bean
	@ConditionalOnMissingBean
	ConsumerRecovery jetStreamConsumerRecovery(TopologyDeclarer declarer, Topology topology,
			JetStreamProperties properties) {
		return new TopologyRecovery(declarer, topology, properties.topology().mode());
	}

}
