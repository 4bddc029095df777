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

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;

/**
 * Properties for JetStream.
 *
 * @param servers Servers to connect to, as host:port or URL.
 * @param connectionName Name of the connection, shown in the server's monitoring. Default
 * is the application's name.
 * @param username User name to authenticate with.
 * @param password Password to authenticate with.
 * @param token Token to authenticate with.
 * @param nkeySeed Seed of the NKey to authenticate with.
 * @param credentials Credentials file to authenticate with, which holds a JWT and the
 * seed of its NKey.
 * @param ssl TLS settings.
 * @param connection Settings of the connection.
 * @param topology How streams and consumers are declared.
 * @param streams Streams to declare, by their names.
 * @param schedules Recurring jobs to declare, by their names.
 * @param listener Settings of all listeners.
 * @param listeners Settings of single listeners, by their ids.
 * @param deadLetter What is done with messages that are given up on.
 * @param publisher Settings of publishers.
 * @since 0.1.0
 */
@ConfigurationProperties("jetstream")
public record JetStreamProperties(@DefaultValue("nats://localhost:4222") List<String> servers,
		@Nullable String connectionName, @Nullable String username, @Nullable String password, @Nullable String token,
		@Nullable String nkeySeed, @Nullable Resource credentials,
		@NestedConfigurationProperty @DefaultValue SslProperties ssl,
		@NestedConfigurationProperty @DefaultValue ConnectionProperties connection,
		@NestedConfigurationProperty @DefaultValue TopologyProperties topology,
		@DefaultValue Map<String, StreamProperties> streams, @DefaultValue Map<String, ScheduleProperties> schedules,
		@NestedConfigurationProperty @DefaultValue ListenerProperties listener,
		@DefaultValue Map<String, ListenerProperties> listeners,
		@NestedConfigurationProperty @DefaultValue DeadLetterProperties deadLetter,
		@NestedConfigurationProperty @DefaultValue PublisherProperties publisher) {

	private static final Set<String> SCHEMES = Set.of("nats", "tls", "opentls", "ws", "wss");

	/**
	 * Checks the values.
	 */
	public JetStreamProperties {
		PropertyChecks checks = new PropertyChecks();
		checks.check("servers", !servers.isEmpty() && servers.stream().allMatch(JetStreamProperties::isServer),
				"each server must be host:port or a URL such as nats://localhost:4222 or tls://nats.example.com:4222"
						+ "; other characters than letters and digits in a password must be percent-encoded");
		checks.check("password", (username == null) == (password == null),
				"username and password must be set together");
		long ways = List.of(username != null, token != null, nkeySeed != null, credentials != null)
			.stream()
			.filter(Boolean::booleanValue)
			.count();
		checks.check("username", ways <= 1,
				"only one of username and password, token, nkey-seed and credentials can be set");
		checks.check("nkey-seed", nkeySeed == null || nkeySeed.startsWith("S"),
				"it must be a seed, which starts with S");
		checks.throwIfAny();
	}

	private static boolean isServer(String server) {
		try {
			URI uri = URI.create(server.contains("://") ? server : "nats://" + server);
			String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
			// Only web sockets have a path; with others it was meant to be something else
			return uri.getHost() != null && SCHEMES.contains(scheme)
					&& (scheme.startsWith("ws") || List.of("", "/").contains(uri.getPath()));
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/**
	 * Leaves out what is secret.
	 */
	@Override
	public String toString() {
		return "JetStreamProperties[servers=" + this.servers.stream().map(ServerUrls::masked).toList() + ", streams="
				+ this.streams.keySet() + ", listeners=" + this.listeners.keySet() + "]";
	}

}
