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

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;

/**
 * Properties of a further connection. They are those that the default connection has
 * below {@code jetstream}, with the same defaults.
 *
 * @param servers Servers to connect to, as host:port or URL.
 * @param connectionName Name of the connection, shown in the server's monitoring; the
 * application's name unless it is set.
 * @param username User name to authenticate with.
 * @param password Password to authenticate with.
 * @param token Token to authenticate with.
 * @param nkeySeed Seed of the NKey to authenticate with.
 * @param credentials Credentials file to authenticate with.
 * @param ssl TLS settings.
 * @param connection Settings of the connection.
 * @param topology How streams and consumers are declared.
 * @param streams Streams to declare, by their names.
 * @param schedules Recurring jobs to declare, by their names.
 * @param deadLetter What is done with messages that are given up on.
 * @param publisher Settings of publishers.
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public record NamedConnectionProperties(@DefaultValue("nats://localhost:4222") List<String> servers,
		@Nullable String connectionName, @Nullable String username, @Nullable String password, @Nullable String token,
		@Nullable String nkeySeed, @Nullable Resource credentials, SslProperties ssl, ConnectionProperties connection,
		TopologyProperties topology, @DefaultValue Map<String, StreamProperties> streams,
		@DefaultValue Map<String, ScheduleProperties> schedules, DeadLetterProperties deadLetter,
		PublisherProperties publisher) {

	/**
	 * Checks the values. Groups that are left out have their defaults.
	 */
	public NamedConnectionProperties {
		ssl = Objects.requireNonNullElse(ssl, SslProperties.DEFAULTS);
		connection = Objects.requireNonNullElse(connection, ConnectionProperties.DEFAULTS);
		topology = Objects.requireNonNullElse(topology, TopologyProperties.DEFAULTS);
		deadLetter = Objects.requireNonNullElse(deadLetter, DeadLetterProperties.DEFAULTS);
		publisher = Objects.requireNonNullElse(publisher, PublisherProperties.DEFAULTS);
		PropertyChecks checks = new PropertyChecks();
		ConnectionChecks.check(checks, servers, username, password, token, nkeySeed, credentials, ssl);
		checks.throwIfAny();
	}

	/**
	 * Leaves out what is secret.
	 */
	@Override
	public String toString() {
		return "[servers=" + this.servers.stream().map(ServerUrls::masked).toList() + ", streams="
				+ this.streams.keySet() + "]";
	}

}
