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

package io.github.jetstreamspring.boot.docker.compose;

import java.util.List;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamConnectionDetails;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.ssl.SslBundle;

/**
 * Makes {@link JetStreamConnectionDetails} of a service of the {@code nats} image, or one
 * that is labelled {@code org.springframework.boot.service-connection: nats}. User and
 * password are those of its environment, {@code NATS_USER} and {@code NATS_PASSWORD}, to
 * which its command or its configuration file can refer.
 */
class NatsDockerComposeConnectionDetailsFactory
		extends DockerComposeConnectionDetailsFactory<JetStreamConnectionDetails> {

	private static final int CLIENT_PORT = 4222;

	NatsDockerComposeConnectionDetailsFactory() {
		super("nats");
	}

	@Override
	protected JetStreamConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
		return new NatsDockerComposeConnectionDetails(source.getRunningService());
	}

	/**
	 * {@link JetStreamConnectionDetails} of a {@link RunningService}.
	 */
	private static final class NatsDockerComposeConnectionDetails extends DockerComposeConnectionDetails
			implements JetStreamConnectionDetails {

		private final String server;

		private final @Nullable String username;

		private final @Nullable String password;

		private final @Nullable SslBundle sslBundle;

		private NatsDockerComposeConnectionDetails(RunningService service) {
			super(service);
			this.sslBundle = getSslBundle(service);
			this.server = "%s://%s:%d".formatted((this.sslBundle != null) ? "tls" : "nats", service.host(),
					service.ports().get(CLIENT_PORT));
			this.username = service.env().get("NATS_USER");
			this.password = service.env().get("NATS_PASSWORD");
		}

		@Override
		public List<String> getServers() {
			return List.of(this.server);
		}

		@Override
		public @Nullable String getUsername() {
			return this.username;
		}

		@Override
		public @Nullable String getPassword() {
			return this.password;
		}

		@Override
		public @Nullable SslBundle getSslBundle() {
			return this.sslBundle;
		}

	}

}
