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

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.messaging.SigningKey;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.github.jetstreamspring.publisher.PublisherOptions;
import io.github.jetstreamspring.topology.ConsumerConfigurationCustomizer;
import io.github.jetstreamspring.topology.ScheduleDefinition;
import io.github.jetstreamspring.topology.StreamConfigurationCustomizer;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.github.jetstreamspring.topology.TopologyMode;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Options;
import io.nats.client.api.ServerInfo;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.StringUtils;

/**
 * Makes what belongs to one connection, be it the default one or a named one.
 */
final class ConnectionParts {

	private static final Log logger = LogFactory.getLog(ConnectionParts.class);

	private final JetStreamProperties properties;

	private final @Nullable String name;

	private ConnectionParts(JetStreamProperties properties, @Nullable String name) {
		this.properties = properties;
		this.name = name;
	}

	static ConnectionParts ofDefault(JetStreamProperties properties) {
		return new ConnectionParts(properties, null);
	}

	static ConnectionParts of(JetStreamProperties properties, String name) {
		return new ConnectionParts(properties.of(name), name);
	}

	/**
	 * Returns the properties as if this connection was the only one.
	 */
	JetStreamProperties properties() {
		return this.properties;
	}

	Connection connect(JetStreamConnectionDetails details, @Nullable String applicationName,
			List<ConnectionOptionsCustomizer> customizers, ApplicationContext context) {
		ConnectionOptionsFactory optionsFactory = new ConnectionOptionsFactory(details, this.properties,
				applicationName, customizers);
		Connection connection = connect(
				new JetStreamConnector(optionsFactory, this.properties.connection().startupTimeout(), this.name));
		if (connection.getOptions().getErrorListener() instanceof ConnectionEventLogger events) {
			events.onGivenUp(() -> breakLiveness(context));
		}
		return connection;
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
	private static void breakLiveness(ApplicationContext context) {
		if (context instanceof ConfigurableApplicationContext configurable && configurable.isActive()) {
			AvailabilityChangeEvent.publish(context, LivenessState.BROKEN);
		}
	}

	JetStreamTemplate template(Connection connection, MessageConverter messageConverter,
			List<PublishObserver> observers, DeclaredStreams declaredStreams) {
		PublisherProperties publisher = this.properties.publisher();
		JetStreamTemplate template = new JetStreamTemplate(connection, messageConverter,
				new PublisherOptions(publisher.timeout(), publisher.maxInFlight()), all(observers),
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
		TopologyMode mode = this.properties.topology().mode();
		return mode == TopologyMode.UPDATE || mode == TopologyMode.CREATE;
	}

	private static PublishObserver all(List<PublishObserver> observers) {
		return (subject, time, result,
				failure) -> observers.forEach((observer) -> Guard.run(logger,
						() -> "An observer failed after a message to subject " + subject,
						() -> observer.published(subject, time, result, failure)));
	}

	Topology topology(Collection<StreamDefinition> definitions, Collection<ScheduleDefinition> schedules,
			List<StreamConfigurationCustomizer> streamCustomizers,
			List<ConsumerConfigurationCustomizer> consumerCustomizers) {
		List<StreamDefinition> all = Stream
			.concat(this.properties.streams()
				.entrySet()
				.stream()
				.map((stream) -> stream.getValue().toDefinition(stream.getKey())), definitions.stream())
			.toList();
		Topology topology = new Topology(all, streamCustomizers, consumerCustomizers);
		if (this.properties.deadLetter().enabled()) {
			DeadLetterProperties deadLetter = this.properties.deadLetter();
			topology.addDefaults(deadLetterStream(deadLetter));
			topology.addDeadLetters(deadLetter.stream(), deadLetter.subjectPrefix());
		}
		this.properties.schedules().forEach((name, schedule) -> topology.addSchedule(schedule.toDefinition(name)));
		schedules.forEach(topology::addSchedule);
		return topology;
	}

	private static StreamDefinition deadLetterStream(DeadLetterProperties properties) {
		return StreamDefinition.limits(properties.stream())
			.description("Messages that were given up on")
			.subjects(properties.subjectPrefix() + ".>")
			.maxAge(properties.maxAge())
			.build();
	}

	TopologyDeclarer declarer(JetStreamManagement management, Connection connection, @Nullable String applicationName) {
		return new TopologyDeclarer(management, () -> connection.getServerInfo().getVersion(),
				this.properties.topology().mode(), this.name)
			.ownedBy(applicationName)
			.signingWith(signingKey())
			.on(connection)
			.onStandAloneServer(() -> isStandAlone(connection.getServerInfo()));
	}

	// A server without JetStream of its own uses that of others, such as a cluster's
	private static boolean isStandAlone(ServerInfo server) {
		return server.isJetStreamAvailable() && !StringUtils.hasText(server.getCluster());
	}

	TopologyRecovery recovery(TopologyDeclarer declarer, Topology topology) {
		return new TopologyRecovery(declarer, topology, this.properties.topology().mode());
	}

	DeadLetterHandler deadLetterHandler(JetStreamTemplate template, TopologyDeclarer declarer, Topology topology) {
		DeadLetterProperties deadLetter = this.properties.deadLetter();
		return new RecoveringDeadLetterHandler(
				DeadLetterHandler.publishing(template, deadLetter.stream(), deadLetter.subjectPrefix()),
				() -> recovery(declarer, topology).recover(deadLetter.stream()));
	}

}
