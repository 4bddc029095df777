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

package io.github.jetstreamspring.topology;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;

import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;

/**
 * A server to declare topologies on, which notes what is written to it.
 */
final class TopologyServer implements AutoCloseable {

	private final EmbeddedNatsServer server;

	private final Connection connection;

	private final JetStreamManagement management;

	private final List<String> writes = Collections.synchronizedList(new ArrayList<>());

	private final JetStreamManagement noting;

	TopologyServer(EmbeddedNatsServer server) {
		this.server = server;
		try {
			this.connection = TestConnections.connect(this.server.url());
			this.management = this.connection.jetStreamManagement();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		this.noting = noting(this.management);
	}

	List<TopologyResult> declare(StreamDefinition... definitions) {
		return declare(TopologyMode.UPDATE, definitions);
	}

	List<TopologyResult> declare(TopologyMode mode, StreamDefinition... definitions) {
		return declare(mode, new Topology(List.of(definitions)));
	}

	List<TopologyResult> declare(TopologyMode mode, Topology topology) {
		this.writes.clear();
		return declarer(this.noting, mode).declare(topology);
	}

	/**
	 * Declares a topology as if the server was of another version.
	 */
	List<TopologyResult> declareOn(String version, Topology topology) {
		this.writes.clear();
		return new TopologyDeclarer(this.noting, () -> version, TopologyMode.UPDATE).declare(topology);
	}

	TopologyDeclarer declarer(JetStreamManagement management, TopologyMode mode) {
		return new TopologyDeclarer(management, this::version, mode).onStandAloneServer(() -> true);
	}

	/**
	 * Returns the requests of the last declaration that were not reads.
	 */
	List<String> writes() {
		return List.copyOf(this.writes);
	}

	JetStreamManagement management() {
		return this.management;
	}

	Connection connection() {
		return this.connection;
	}

	String version() {
		return this.connection.getServerInfo().getVersion();
	}

	boolean knows(String version) {
		return !ServerVersion.of(version()).isOlderThan(ServerVersion.of(version));
	}

	StreamConfiguration stream(String stream) {
		return call(() -> this.management.getStreamInfo(stream).getConfiguration());
	}

	ConsumerConfiguration consumer(String stream, String consumer) {
		return call(() -> this.management.getConsumerInfo(stream, consumer).getConsumerConfiguration());
	}

	static <T> T call(Callable<T> call) {
		try {
			return call.call();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		call(() -> {
			this.connection.close();
			TestStreams.deleteAll(this.server);
			return true;
		});
	}

	private JetStreamManagement noting(JetStreamManagement management) {
		return (JetStreamManagement) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { JetStreamManagement.class }, (proxy, method, arguments) -> {
					if (!method.getName().startsWith("get")) {
						this.writes.add(method.getName());
					}
					try {
						return method.invoke(management, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

}
