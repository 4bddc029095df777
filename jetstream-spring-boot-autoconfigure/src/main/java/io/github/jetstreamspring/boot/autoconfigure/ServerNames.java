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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The names that servers must have in their certificates.
 * <p>
 * A server that another one told the client about is mostly known by its address only,
 * which certificates seldom hold. It has to have the name that was connected to last, as
 * in the Go client.
 */
final class ServerNames {

	private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[?[0-9a-fA-F.]*:.*");

	private final Set<String> configured = new HashSet<>();

	private volatile @Nullable String last;

	ServerNames(List<String> servers) {
		for (String server : servers) {
			String host = host(server);
			this.configured.add(host);
			if (this.last == null && !isAddress(host)) {
				this.last = host;
			}
		}
	}

	/**
	 * Returns the name that the certificate must be for.
	 * @param host the host that is connected to
	 * @return the name or address
	 */
	String of(String host) {
		if (!isAddress(host)) {
			this.last = host;
			return host;
		}
		String name = this.last;
		return (name == null || this.configured.contains(host)) ? host : name;
	}

	private static boolean isAddress(String host) {
		return ADDRESS.matcher(host).matches();
	}

	private static String host(String server) {
		String host = URI.create(server.contains("://") ? server : "nats://" + server).getHost();
		return (host != null) ? host : server;
	}

}
