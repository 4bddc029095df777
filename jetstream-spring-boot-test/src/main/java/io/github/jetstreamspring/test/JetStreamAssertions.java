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

package io.github.jetstreamspring.test;

import io.nats.client.Connection;

/**
 * Assertions of what the streams of a server hold, for AssertJ. Each of them waits until
 * it is true, 5 seconds unless {@link JetStreamAssert#within within} says otherwise, so
 * that tests need not wait themselves.
 * <p>
 * The method has the name of AssertJ's own, and can be imported beside it.
 *
 * @since 0.1.0
 */
public final class JetStreamAssertions {

	private JetStreamAssertions() {
	}

	/**
	 * Begins assertions of a server.
	 * @param server the server; of a shared one the account that the test has
	 * @return the assertions
	 */
	public static JetStreamAssert assertThat(EmbeddedNatsServer server) {
		return new JetStreamAssert(StoredStreams.of(server::url));
	}

	/**
	 * Begins assertions of a cluster.
	 * @param cluster the cluster
	 * @return the assertions
	 */
	public static JetStreamAssert assertThat(EmbeddedNatsCluster cluster) {
		return new JetStreamAssert(StoredStreams.of(() -> String.join(",", cluster.urls())));
	}

	/**
	 * Begins assertions of whatever server a connection leads to, such as one in a
	 * container.
	 * @param connection the connection, such as that of the application
	 * @return the assertions
	 */
	public static JetStreamAssert assertThat(Connection connection) {
		return new JetStreamAssert(StoredStreams.of(connection));
	}

}
