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
import java.util.Map;
import java.util.Objects;

import io.github.jetstreamspring.listener.ListenerOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;
import org.springframework.util.Assert;

/**
 * Properties for JetStream.
 *
 * @param enabled Whether JetStream is used. If it isn't, the application starts without a
 * server, no listener runs, and publishing fails.
 * @param servers Servers to connect to, as host:port or URL.
 * @param connectionName Name of the connection, shown in the server's monitoring. Default
 * is the application's name.
 * @param username User name to authenticate with.
 * @param password Password to authenticate with.
 * @param token Token to authenticate with.
 * @param nkeySeed Seed of the NKey to authenticate with.
 * @param credentials Credentials file to authenticate with, which holds a JWT and the
 * seed of its NKey.
 * @param signingKey Secret text with which messages are signed that wait for a far
 * attempt, so that nobody else can have written what they carry about themselves, and
 * with which the subjects of delayed and recurring jobs are made, so that nobody else can
 * guess them. The same for all instances of the application. Without it, who may look at
 * a stream can do both.
 * @param ssl TLS settings.
 * @param connection Settings of the connection.
 * @param topology How streams and consumers are declared.
 * @param streams Streams to declare, by their names.
 * @param schedules Recurring jobs to declare, by their names.
 * @param listener Settings of all listeners.
 * @param listeners Settings of single listeners, by their ids.
 * @param deadLetter What is done with messages that are given up on.
 * @param publisher Settings of publishers.
 * @param once What listeners need that handle each message once.
 * @param observation Settings of observations.
 * @param logContext What the log is told about the message that is being handled.
 * @param messaging What messages say of their payloads.
 * @param connections Further connections, by their names.
 * @since 0.1.0
 */
@ConfigurationProperties("jetstream")
public record JetStreamProperties(@DefaultValue("true") boolean enabled,
		@DefaultValue("nats://localhost:4222") List<String> servers, @Nullable String connectionName,
		@Nullable String username, @Nullable String password, @Nullable String token, @Nullable String nkeySeed,
		@Nullable Resource credentials, @Nullable String signingKey, @NestedConfigurationProperty SslProperties ssl,
		@NestedConfigurationProperty ConnectionProperties connection,
		@NestedConfigurationProperty TopologyProperties topology, @DefaultValue Map<String, StreamProperties> streams,
		@DefaultValue Map<String, ScheduleProperties> schedules, @NestedConfigurationProperty ListenerOptions listener,
		@DefaultValue Map<String, ListenerOptions> listeners,
		@NestedConfigurationProperty DeadLetterProperties deadLetter,
		@NestedConfigurationProperty PublisherProperties publisher, @NestedConfigurationProperty OnceProperties once,
		Observation observation, LogContext logContext, @NestedConfigurationProperty MessagingProperties messaging,
		@DefaultValue Map<String, NamedConnectionProperties> connections) {

	/**
	 * What the connection without a name is called where it needs one.
	 */
	static final String DEFAULT_CONNECTION = "default";

	/**
	 * Checks the values. Groups that are left out have their defaults, which aren't
	 * bound: that would convert each of them from text when the application starts.
	 */
	public JetStreamProperties {
		ssl = Objects.requireNonNullElse(ssl, SslProperties.DEFAULTS);
		connection = Objects.requireNonNullElse(connection, ConnectionProperties.DEFAULTS);
		topology = Objects.requireNonNullElse(topology, TopologyProperties.DEFAULTS);
		listener = Objects.requireNonNullElse(listener, ListenerOptions.NONE);
		deadLetter = Objects.requireNonNullElse(deadLetter, DeadLetterProperties.DEFAULTS);
		publisher = Objects.requireNonNullElse(publisher, PublisherProperties.DEFAULTS);
		once = Objects.requireNonNullElse(once, OnceProperties.DEFAULTS);
		observation = Objects.requireNonNullElse(observation, Observation.DEFAULTS);
		logContext = Objects.requireNonNullElse(logContext, LogContext.DEFAULTS);
		messaging = Objects.requireNonNullElse(messaging, MessagingProperties.DEFAULTS);
		PropertyChecks checks = new PropertyChecks();
		ConnectionChecks.check(checks, servers, username, password, token, nkeySeed, credentials, ssl);
		checks.check("connections." + DEFAULT_CONNECTION, !connections.containsKey(DEFAULT_CONNECTION),
				"the default connection is configured below jetstream; give this one another name");
		checks.check("signing-key", signingKey == null || !signingKey.isBlank(), "it must not be blank");
		checks.throwIfAny();
	}

	/**
	 * Returns the properties as if a named connection was the only one.
	 * @param name the name of the connection
	 * @return the same settings of listeners, and everything else as the connection has
	 * it
	 */
	JetStreamProperties of(String name) {
		NamedConnectionProperties named = this.connections.get(name);
		Assert.state(named != null, () -> "There is no connection '%s'".formatted(name));
		return new JetStreamProperties(this.enabled, named.servers(), named.connectionName(), named.username(),
				named.password(), named.token(), named.nkeySeed(), named.credentials(), this.signingKey, named.ssl(),
				named.connection(), named.topology(), named.streams(), named.schedules(), this.listener, this.listeners,
				named.deadLetter(), named.publisher(), this.once, this.observation, this.logContext, this.messaging,
				Map.of());
	}

	/**
	 * Leaves out what is secret.
	 */
	@Override
	public String toString() {
		return "JetStreamProperties[servers=" + this.servers.stream().map(ServerUrls::masked).toList() + ", streams="
				+ this.streams.keySet() + ", listeners=" + this.listeners.keySet() + ", connections=" + this.connections
				+ "]";
	}

	/**
	 * Properties of observations: traces and timers.
	 *
	 * @param enabled Whether to observe publishing and the runs of handlers, for traces
	 * and timers, if there is a registry of observations.
	 * @since 0.1.0
	 */
	public record Observation(@DefaultValue("true") boolean enabled) {

		static final Observation DEFAULTS = new Observation(true);

	}

	/**
	 * Properties of what the log is told.
	 *
	 * @param enabled Whether to tell the log which message is being handled, by entries
	 * of SLF4J's MDC.
	 * @since 0.1.0
	 */
	public record LogContext(@DefaultValue("true") boolean enabled) {

		static final LogContext DEFAULTS = new LogContext(true);

	}

}
