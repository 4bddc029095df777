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

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * TLS settings.
 *
 * @param bundle Name of the SSL bundle for TLS, and for mutual TLS if it has a key.
 * @param verifyHostname Whether a server's certificate must be for the host that is
 * connected to.
 * @param handshakeFirst Whether TLS begins before the server says anything, which its
 * option handshake_first demands.
 * @since 0.1.0
 */
public record SslProperties(@Nullable String bundle, @DefaultValue("true") boolean verifyHostname,
		boolean handshakeFirst) {

	// What is said of the components, for when none of them is set
	static final SslProperties DEFAULTS = new SslProperties(null, true, false);

}
