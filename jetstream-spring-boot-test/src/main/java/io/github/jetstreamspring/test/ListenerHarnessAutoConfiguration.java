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

package io.github.jetstreamspring.test;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.github.jetstreamspring.annotation.EnableJetStream;
import io.github.jetstreamspring.boot.autoconfigure.JetStreamAutoConfiguration;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.listener.HandledMessages;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.messaging.MessageConverterLookup;
import io.github.jetstreamspring.publisher.PayloadWriter;
import io.github.jetstreamspring.offline.OfflineConnection;
import io.github.jetstreamspring.topology.Topology;
import io.nats.client.Connection;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for tests without a server: a
 * {@link ListenerHarness}, and connections that record what is published.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = JetStreamAutoConfiguration.class,
		afterName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
				"org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration" })
@ConditionalOnProperty(name = "jetstream.enabled", havingValue = "false")
@EnableJetStream
@Import(NamedRecordingRegistrar.class)
public final class ListenerHarnessAutoConfiguration {

	static final String SERVER = "jetStreamRecordingServer";

	ListenerHarnessAutoConfiguration() {
	}

	@Bean(SERVER)
	RecordingServer jetStreamRecordingServer(ConfigurableListableBeanFactory beanFactory) {
		return new RecordingServer(() -> topologies(beanFactory), () -> MessageConverterLookup.find(beanFactory));
	}

	private static Collection<Topology> topologies(ConfigurableListableBeanFactory beanFactory) {
		return BeanFactoryUtils.beansOfTypeIncludingAncestors(beanFactory, Topology.class).values();
	}

	@Bean
	@ConditionalOnMissingBean
	Connection jetStreamRecordingConnection(RecordingServer server) {
		return OfflineConnection.to(server);
	}

	// Where a message goes that is given up on is what its dead letter says
	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnProperty(name = "jetstream.dead-letter.enabled", matchIfMissing = true)
	DeadLetterHandler jetStreamRecordingDeadLetterHandler() {
		return deadLetterHandler();
	}

	static DeadLetterHandler deadLetterHandler() {
		return (deadLetter) -> CompletableFuture.completedFuture(null);
	}

	// For listeners that handle messages once, in a test without their database
	@Bean
	@ConditionalOnMissingBean(type = { "io.github.jetstreamspring.listener.HandledMessages",
			"org.springframework.transaction.PlatformTransactionManager" })
	HandledMessages jetStreamForgottenMessages() {
		return (listener, messages, handler) -> {
			handler.handle();
			return Set.of();
		};
	}

	@Bean
	WireFormat jetStreamWireFormat(ConfigurableListableBeanFactory beanFactory) {
		return new WireFormat(() -> MessageConverterLookup.find(beanFactory), () -> PayloadWriter.of(beanFactory));
	}

	@Bean
	ListenerHarness jetStreamListenerHarness(JetStreamListeners listeners, WireFormat wireFormat,
			RecordingServer server, ConfigurableListableBeanFactory beanFactory) {
		return new ListenerHarness(new HarnessListeners(listeners, beanFactory), wireFormat, server);
	}

}
