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

package io.github.jetstreamspring.boot.console;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Where the console is, on whatever kind of web server.
 *
 * @param path the path below that of the application
 */
record ConsolePath(String path) {

	/**
	 * The path of live updates, below that of the console.
	 */
	static final String LIVE = "/api/live";

	/**
	 * How long a page gets updates. Its browser connects again by itself, and one that is
	 * gone without a word holds no place for ever.
	 */
	static final Duration LIVE_TIME = Duration.ofMinutes(10);

	/**
	 * Returns what is below the console's path.
	 * @param requested the path of a request, below that of the application
	 * @return the rest, or {@code null} if it isn't for the console
	 */
	@Nullable String below(String requested) {
		if (!requested.startsWith(this.path)) {
			return null;
		}
		String rest = requested.substring(this.path.length());
		return (rest.isEmpty() || rest.startsWith("/")) ? rest : null;
	}

	/**
	 * Returns where a request without the slash at the end is sent: a relative address,
	 * as a proxy may know the path by another beginning.
	 */
	String withSlash() {
		return this.path.substring(this.path.lastIndexOf('/') + 1) + "/";
	}

	/**
	 * Returns whether one end of a connection is on this machine alone, so far as anybody
	 * knows. A request may say of the other end what it likes, where the application
	 * believes in forwarded headers.
	 */
	static boolean isLoopback(@Nullable InetSocketAddress end) {
		InetAddress address = (end != null) ? end.getAddress() : null;
		return address == null || address.isLoopbackAddress();
	}

}
