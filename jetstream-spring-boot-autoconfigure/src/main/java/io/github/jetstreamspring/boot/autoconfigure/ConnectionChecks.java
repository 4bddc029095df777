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
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;

/**
 * Checks where a connection goes and how it authenticates.
 */
final class ConnectionChecks {

	private static final Set<String> SCHEMES = Set.of("nats", "tls", "opentls", "ws", "wss");

	private static final int MAX_PORT = 65535;

	private ConnectionChecks() {
	}

	static void check(PropertyChecks checks, List<String> servers, @Nullable String username, @Nullable String password,
			@Nullable String token, @Nullable String nkeySeed, @Nullable Resource credentials, SslProperties ssl) {
		checks.check("servers", !servers.isEmpty() && areServers(servers),
				"each server must be host:port or a URL such as nats://localhost:4222 or tls://nats.example.com:4222"
						+ ", with a port from 1 to 65535; other characters than letters and digits in a password must be percent-encoded");
		checks.check("password", (username == null) == (password == null),
				"username and password must be set together");
		int ways = Collections
			.frequency(List.of(username != null, token != null, nkeySeed != null, credentials != null), true);
		checks.check("username", ways <= 1,
				"only one of username and password, token, nkey-seed and credentials can be set");
		checks.check("nkey-seed", nkeySeed == null || nkeySeed.startsWith("S"),
				"it must be a seed, which starts with S");
		checks.check("ssl.handshake-first", !ssl.handshakeFirst() || ssl.bundle() != null || areSecure(servers),
				"it needs TLS: set ssl.bundle, or tls:// in servers");
	}

	private static boolean areSecure(List<String> servers) {
		return servers.stream().anyMatch((server) -> server.startsWith("tls://") || server.startsWith("wss://"));
	}

	private static boolean areServers(List<String> servers) {
		for (String server : servers) {
			if (!isServer(server)) {
				return false;
			}
		}
		return true;
	}

	private static boolean isServer(String server) {
		try {
			URI uri = URI.create(server.contains("://") ? server : "nats://" + server);
			String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
			// Only web sockets have a path; with others it was meant to be something else
			return uri.getHost() != null && uri.getPort() != 0 && uri.getPort() <= MAX_PORT && SCHEMES.contains(scheme)
					&& (scheme.startsWith("ws") || List.of("", "/").contains(uri.getPath()));
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

}
