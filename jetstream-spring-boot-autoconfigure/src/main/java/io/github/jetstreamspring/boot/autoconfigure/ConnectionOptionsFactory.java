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
import java.security.NoSuchAlgorithmException;
import java.util.List;

import javax.net.ssl.SSLContext;

import io.github.jetstreamspring.wire.GuardedConnections;
import io.github.jetstreamspring.wire.GuardedDataPort;
import io.nats.client.AuthHandler;
import io.nats.client.Nats;
import io.nats.client.Options;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.io.Resource;
import org.springframework.util.StringUtils;

/**
 * Makes the options of the connection from the connection details, the properties and
 * customizers.
 */
final class ConnectionOptionsFactory {

	private static final Log logger = LogFactory.getLog(ConnectionOptionsFactory.class);

	private final JetStreamConnectionDetails details;

	private final JetStreamProperties properties;

	private final @Nullable String applicationName;

	private final List<ConnectionOptionsCustomizer> customizers;

	// There are options for each attempt to connect
	private volatile boolean told;

	ConnectionOptionsFactory(JetStreamConnectionDetails details, JetStreamProperties properties,
			@Nullable String applicationName, List<ConnectionOptionsCustomizer> customizers) {
		this.details = details;
		this.properties = properties;
		this.applicationName = applicationName;
		this.customizers = customizers;
	}

	List<String> servers() {
		return this.details.getServers();
	}

	Options create(ConnectionEventLogger logger) {
		ConnectionProperties connection = this.properties.connection();
		Options.Builder options = Options.builder()
			.servers(servers().toArray(new String[0]))
			.connectionTimeout(connection.connectTimeout())
			.reconnectWait(connection.reconnectWait())
			.maxReconnects(connection.maxReconnects())
			.pingInterval(connection.pingInterval())
			// Waiting requests are flushed together, which is a good deal faster
			.dontForceFlushOnRequest()
			.connectionListener(logger.connectionListener())
			.errorListener(logger);
		String name = StringUtils.hasText(this.properties.connectionName()) ? this.properties.connectionName()
				: this.applicationName;
		if (StringUtils.hasText(name)) {
			options.connectionName(name);
		}
		authenticate(options);
		secure(options);
		for (ConnectionOptionsCustomizer customizer : this.customizers) {
			customizer.customize(options);
		}
		Options built = options.build();
		logger.uses(new UsedCredentials(this.details, built.getAuthHandler()));
		return guarded(new Options.Builder(built).serverPool(new GatedServerPool(built.getServerPool())).build());
	}

	// Otherwise a message of another client whose headers aren't ASCII deafens it
	private Options guarded(Options options) {
		if (GuardedConnections.canGuard(options)) {
			return GuardedConnections.guarded(options);
		}
		if (!this.told) {
			this.told = true;
			logger.warn(
					"A ConnectionOptionsCustomizer has set the data port %s. It has to see to it that the client can read what other clients send, or extend %s"
						.formatted(options.getDataPortType(), GuardedDataPort.class.getName()));
		}
		return options;
	}

	private void authenticate(Options.Builder options) {
		String username = this.details.getUsername();
		String password = this.details.getPassword();
		if (username != null && password != null) {
			options.userInfo(username.toCharArray(), password.toCharArray());
		}
		String token = this.details.getToken();
		if (token != null) {
			options.token(token.toCharArray());
		}
		String nkeySeed = this.details.getNkeySeed();
		if (nkeySeed != null) {
			options.authHandler(nkey(nkeySeed));
		}
		Resource credentials = this.details.getCredentials();
		if (credentials != null) {
			options.authHandler(credentials(credentials));
		}
	}

	private static AuthHandler nkey(String seed) {
		AuthHandler handler = Nats.staticCredentials(null, seed.toCharArray());
		return checked(handler, handler, JetStreamConnectionException.NKEY_SEED);
	}

	private static AuthHandler credentials(Resource resource) {
		try {
			return checked(Nats.staticCredentials(resource.getContentAsByteArray()), new FileCredentials(resource),
					resource.getDescription());
		}
		catch (JetStreamConnectionException ex) {
			throw ex;
		}
		catch (IOException | RuntimeException ex) {
			throw new JetStreamConnectionException(JetStreamConnectionException.Reason.CREDENTIALS_UNREADABLE,
					resource.getDescription(), ex);
		}
	}

	// The client would only notice while it connects, and take the server to be down. The
	// cause is left out, as it can quote the seed.
	private static AuthHandler checked(AuthHandler first, AuthHandler handler, String where) {
		try {
			if (first.getID() != null && first.sign(new byte[1]) != null) {
				return handler;
			}
		}
		catch (RuntimeException ex) {
			// Reported below
		}
		throw new JetStreamConnectionException(JetStreamConnectionException.Reason.CREDENTIALS_UNREADABLE, where, null);
	}

	private void secure(Options.Builder options) {
		try {
			SslBundle bundle = this.details.getSslBundle();
			boolean verify = this.properties.ssl().verifyHostname();
			ServerNames names = verify ? new ServerNames(servers()) : null;
			SSLContext context = (bundle != null) ? SecureContext.of(this.details::getSslBundle, names)
					: defaultContext(names);
			if (context != null) {
				options.sslContext(context);
				if (this.properties.ssl().handshakeFirst()) {
					options.tlsFirst();
				}
				if (verify) {
					// In the other modes the client resolves names before it connects,
					// and the address is all that the certificate could be checked for
					options.hostnameResolveMode(Options.HostnameResolveMode.HappyEyeballs);
				}
			}
		}
		catch (RuntimeException | NoSuchAlgorithmException ex) {
			throw new JetStreamConnectionException(JetStreamConnectionException.Reason.SSL_BUNDLE_UNUSABLE,
					String.valueOf(this.properties.ssl().bundle()), ex);
		}
	}

	// What the client takes by itself for these URLs, but without checking names
	private @Nullable SSLContext defaultContext(@Nullable ServerNames names) throws NoSuchAlgorithmException {
		List<String> servers = servers();
		boolean secure = hasScheme(servers, "tls", "wss") && !hasScheme(servers, "opentls");
		return secure ? SecureContext.of(SSLContext.getDefault(), names) : null;
	}

	private static boolean hasScheme(List<String> servers, String... schemes) {
		for (String server : servers) {
			for (String scheme : schemes) {
				if (StringUtils.startsWithIgnoreCase(server, scheme + "://")) {
					return true;
				}
			}
		}
		return false;
	}

}
