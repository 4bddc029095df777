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

package io.github.jetstreamspring.boot.testcontainers;

import java.util.List;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamConnectionDetails;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.Container;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;

/**
 * {@link ContainerConnectionDetailsFactory} to create {@link JetStreamConnectionDetails}
 * from a {@link ServiceConnection @ServiceConnection}-annotated container of the
 * {@code nats} image, or of another image when the annotation says {@code "nats"}.
 */
class NatsContainerConnectionDetailsFactory
		extends ContainerConnectionDetailsFactory<Container<?>, JetStreamConnectionDetails> {

	private static final int CLIENT_PORT = 4222;

	NatsContainerConnectionDetailsFactory() {
		super("nats");
	}

	@Override
	protected JetStreamConnectionDetails getContainerConnectionDetails(ContainerConnectionSource<Container<?>> source) {
		return new NatsContainerConnectionDetails(source);
	}

	/**
	 * {@link JetStreamConnectionDetails} backed by a {@link ContainerConnectionSource}.
	 */
	private static final class NatsContainerConnectionDetails extends ContainerConnectionDetails<Container<?>>
			implements JetStreamConnectionDetails {

		private NatsContainerConnectionDetails(ContainerConnectionSource<Container<?>> source) {
			super(source);
		}

		@Override
		public List<String> getServers() {
			String scheme = (getSslBundle() != null) ? "tls" : "nats";
			return List.of(scheme + "://" + getContainer().getHost() + ":" + getContainer().getMappedPort(CLIENT_PORT));
		}

		@Override
		public @Nullable String getUsername() {
			return getContainer().getEnvMap().get("NATS_USER");
		}

		@Override
		public @Nullable String getPassword() {
			return getContainer().getEnvMap().get("NATS_PASSWORD");
		}

		@Override
		public @Nullable SslBundle getSslBundle() {
			return super.getSslBundle();
		}

	}

}
