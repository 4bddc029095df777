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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.listener.ConsumerRecovery;
import io.github.jetstreamspring.annotation.ReceiverFactory;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.JetStreamReceiver;
import io.github.jetstreamspring.messaging.SigningKey;
import io.github.jetstreamspring.offline.OfflineConnection;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PayloadWriter;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.github.jetstreamspring.publisher.PublisherOptions;
import io.github.jetstreamspring.topology.ConsumerConfigurationCustomizer;
import io.github.jetstreamspring.topology.ScheduleDefinition;
import io.github.jetstreamspring.topology.StreamConfigurationCustomizer;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.github.jetstreamspring.topology.TopologyInitializer;
import io.github.jetstreamspring.topology.TopologyMode;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Options;
import io.nats.client.api.ServerInfo;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.StringUtils;

/**
 * Makes the beans of one connection, be it the default one or a named one. Each of its
 * methods that isn't private makes one bean, of the beans of the same connection that it
 * takes.
 */
final class ConnectionBeans {

	static final String DEFAULT_BEAN_NAME = "natsConnection";

	private static final String SWITCHED_OFF = "JetStream is switched off, as jetstream.enabled is false. Set it to true, or leave it out, to use a server";

	private final @Nullable String name;

	// As if this connection was the only one
	private final JetStreamProperties properties;

	private final QualifiedBeans beans;

	private final ConfigurableListableBeanFactory beanFactory;

	private final ApplicationContext context;

	ConnectionBeans(@Nullable String name, JetStreamProperties properties, ConfigurableListableBeanFactory beanFactory,
			ApplicationContext context) {
		this.name = name;
		this.properties = (name != null) ? properties.of(name) : properties;
		this.beans = new QualifiedBeans(beanFactory, name);
		this.beanFactory = beanFactory;
		this.context = context;
	}

	PropertiesJetStreamConnectionDetails details() {
		return new PropertiesJetStreamConnectionDetails(this.properties,
				this.beanFactory.getBeanProvider(SslBundles.class).getIfAvailable());
	}

	Connection connection(JetStreamConnectionDetails details) {
		if (!this.properties.enabled()) {
			return OfflineConnection.refusing((method) -> new JetStreamException(SWITCHED_OFF, null));
		}
		ConnectionOptionsFactory optionsFactory = new ConnectionOptionsFactory(details, this.properties,
				applicationName(), this.beans.commonAndOwn(ConnectionOptionsCustomizer.class));
		Connection connection = connect(
				new JetStreamConnector(optionsFactory, this.properties.connection().startupTimeout(), this.name));
		if (connection.getOptions().getErrorListener() instanceof ConnectionEventLogger events) {
			events.onGivenUp(this::breakLiveness);
		}
		this.beanFactory.getBean(ConnectionLifecycle.class)
			.add(connection, this.name, this.properties.connection().startupTimeout());
		return ConnectionCloser.register(connection,
				(this.name != null) ? NamedConnectionRegistrar.name(this.name, Connection.class) : DEFAULT_BEAN_NAME,
				this.beanFactory);
	}

	private Connection connect(JetStreamConnector connector) {
		try {
			return connector.connect();
		}
		catch (JetStreamConnectionException ex) {
			throw (this.name != null) ? ex.of(this.name) : ex;
		}
	}

	// Nothing but a restart helps, and that is what platforms do then
	private void breakLiveness() {
		if (this.context instanceof ConfigurableApplicationContext configurable && configurable.isActive()) {
			AvailabilityChangeEvent.publish(this.context, LivenessState.BROKEN);
		}
	}

	JetStreamManagement management(Connection connection) throws IOException {
		return connection.jetStreamManagement();
	}

	JetStreamTemplate template(Connection connection) {
		PublisherProperties publisher = this.properties.publisher();
		DeclaredStreams declaredStreams = this.beanFactory.getBean(DeclaredStreams.class);
		PayloadWriter payloads = PayloadWriter.of(this.beanFactory);
		JetStreamTemplate template = new JetStreamTemplate(connection, payloads,
				new PublisherOptions(publisher.timeout(), publisher.maxInFlight()),
				PublishObserver.of(this.beans.commonAndOwn(PublishObserver.class)),
				() -> declaredStreams.isRunning() || !declaresStreams(), signingKey());
		Options options = connection.getOptions();
		if (options != null && options.getErrorListener() instanceof ConnectionEventLogger events) {
			events.onError(template::serverReported);
		}
		return template;
	}

	private @Nullable SigningKey signingKey() {
		String secret = this.properties.signingKey();
		return (secret != null) ? SigningKey.of(secret) : null;
	}

	private boolean declaresStreams() {
		TopologyMode mode = mode();
		return mode == TopologyMode.UPDATE || mode == TopologyMode.CREATE;
	}

	private TopologyMode mode() {
		return this.properties.enabled() ? this.properties.topology().mode() : TopologyMode.NONE;
	}

	Topology topology() {
		List<StreamDefinition> streams = new ArrayList<>();
		for (Map.Entry<String, StreamProperties> stream : this.properties.streams().entrySet()) {
			streams.add(stream.getValue().toDefinition(stream.getKey()));
		}
		streams.addAll(this.beans.own(StreamDefinition.class));
		Topology topology = new Topology(streams, this.beans.commonAndOwn(StreamConfigurationCustomizer.class),
				this.beans.commonAndOwn(ConsumerConfigurationCustomizer.class));
		if (this.properties.deadLetter().enabled()) {
			DeadLetterProperties deadLetter = this.properties.deadLetter();
			if (hasOwnDeadLetterHandler()) {
				topology.addDefaultsIfUsed(deadLetterStream(deadLetter));
			}
			else {
				topology.addDefaults(deadLetterStream(deadLetter));
				topology.addDeadLetters(deadLetter.stream(), deadLetter.subjectPrefix());
			}
		}
		for (Map.Entry<String, ScheduleProperties> schedule : this.properties.schedules().entrySet()) {
			topology.addSchedule(schedule.getValue().toDefinition(schedule.getKey()));
		}
		for (ScheduleDefinition schedule : this.beans.own(ScheduleDefinition.class)) {
			topology.addSchedule(schedule);
		}
		return topology;
	}

	// Then dead letters go wherever that takes them
	private boolean hasOwnDeadLetterHandler() {
		List<String> names = this.beans.names(DeadLetterHandler.class);
		return !names.isEmpty() && !names
			.contains((this.name != null) ? NamedConnectionRegistrar.name(this.name, DeadLetterHandler.class)
					: ListenersConfiguration.DEAD_LETTER_HANDLER);
	}

	private static StreamDefinition deadLetterStream(DeadLetterProperties properties) {
		return StreamDefinition.limits(properties.stream())
			.subjects(properties.subjectPrefix() + ".>")
			.maxAge(properties.maxAge())
			.build();
	}

	TopologyDeclarer declarer(JetStreamManagement management, Connection connection) {
		return new TopologyDeclarer(management, () -> connection.getServerInfo().getVersion(), mode(), this.name)
			.ownedBy(applicationName())
			.signingWith(signingKey())
			.on(connection)
			.onStandAloneServer(() -> isStandAlone(connection.getServerInfo()));
	}

	// A server without JetStream of its own uses that of others, such as a cluster's
	private static boolean isStandAlone(ServerInfo server) {
		return server.isJetStreamAvailable() && !StringUtils.hasText(server.getCluster());
	}

	TopologyInitializer initializer(TopologyDeclarer declarer, Topology topology) {
		return new TopologyInitializer(declarer, topology);
	}

	ConsumerRecovery recovery(TopologyDeclarer declarer, Topology topology) {
		return topologyRecovery(declarer, topology);
	}

	private TopologyRecovery topologyRecovery(TopologyDeclarer declarer, Topology topology) {
		return new TopologyRecovery(declarer, topology, mode());
	}

	DeadLetterHandler deadLetterHandler(JetStreamTemplate template, TopologyDeclarer declarer, Topology topology) {
		DeadLetterProperties deadLetter = this.properties.deadLetter();
		return new RecoveringDeadLetterHandler(
				DeadLetterHandler.publishing(template, deadLetter.stream(), deadLetter.subjectPrefix()),
				() -> topologyRecovery(declarer, topology).recover(deadLetter.stream()));
	}

	JetStreamReceiver receiver() {
		return new ReceiverFactory(this.beanFactory).create(this.beanFactory.getBean(JetStreamListeners.class),
				this.name);
	}

	DeadLetters deadLetters(JetStreamTemplate template) {
		DeadLetterProperties deadLetter = this.properties.deadLetter();
		return DeadLetters.of(template, deadLetter.stream(), deadLetter.subjectPrefix(), signingKey(),
				declaresStreams());
	}

	private @Nullable String applicationName() {
		return this.context.getEnvironment().getProperty("spring.application.name");
	}

}
