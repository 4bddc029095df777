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

package io.github.jetstreamspring.wire;

import java.util.Set;

import io.nats.client.Options;

/**
 * Gives connections sockets on which the client can read whatever other clients send.
 *
 * @since 0.1.0
 */
public final class GuardedConnections {

	private static final Set<String> DATA_PORTS = Set.of(GuardedDataPort.class.getName(),
			GuardedDataPortWithWriteTimeout.class.getName());

	private GuardedConnections() {
	}

	/**
	 * Returns whether a connection has the client's own socket, which can be replaced by
	 * one that is guarded.
	 * @param options the options of the connection
	 * @return whether it has
	 */
	public static boolean canGuard(Options options) {
		return options.getDataPortType().equals(Options.DEFAULT_DATA_PORT_TYPE);
	}

	/**
	 * Returns options with a guarded socket, and otherwise the same.
	 * @param options the options of the connection, which has the client's own socket
	 * @return the options for a connection that is guarded
	 */
	public static Options guarded(Options options) {
		Class<?> type = (options.getSocketWriteTimeout() != null) ? GuardedDataPortWithWriteTimeout.class
				: GuardedDataPort.class;
		return new Options.Builder(options).dataPortType(type.getName()).build();
	}

	static boolean isGuarded(Options options) {
		String type = options.getDataPortType();
		return type != null && DATA_PORTS.contains(type);
	}

}
