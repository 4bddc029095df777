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

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.io.Resource;

/**
 * Details required to connect to NATS servers. A bean of this type takes precedence over
 * the {@code jetstream.*} properties it covers, or those of a named connection if it has
 * the connection's name as its qualifier and is no default candidate.
 *
 * @since 0.1.0
 */
public interface JetStreamConnectionDetails extends ConnectionDetails {

	/**
	 * Returns the servers to connect to.
	 * @return URLs such as {@code nats://localhost:4222}, at least one
	 */
	List<String> getServers();

	/**
	 * Returns the user name.
	 * @return the user name, or {@code null}
	 */
	default @Nullable String getUsername() {
		return null;
	}

	/**
	 * Returns the password.
	 * @return the password, or {@code null}
	 */
	default @Nullable String getPassword() {
		return null;
	}

	/**
	 * Returns the token.
	 * @return the token, or {@code null}
	 */
	default @Nullable String getToken() {
		return null;
	}

	/**
	 * Returns the seed of the NKey to authenticate with.
	 * @return the seed, or {@code null}
	 */
	default @Nullable String getNkeySeed() {
		return null;
	}

	/**
	 * Returns the credentials file, which holds a JWT and the seed of its NKey.
	 * @return the file, or {@code null}
	 */
	default @Nullable Resource getCredentials() {
		return null;
	}

	/**
	 * Returns the SSL bundle for TLS, and for mutual TLS if it has a key.
	 * @return the bundle, or {@code null} to connect without one
	 */
	default @Nullable SslBundle getSslBundle() {
		return null;
	}

}
