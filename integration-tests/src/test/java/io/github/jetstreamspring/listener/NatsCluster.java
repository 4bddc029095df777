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

package io.github.jetstreamspring.listener;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.jetstreamspring.test.EmbeddedNatsServer;

/**
 * Three servers that replicate streams and consumers.
 */
public final class NatsCluster implements AutoCloseable {

	private static final int SIZE = 3;

	private static final int ATTEMPTS = 5;

	private final List<EmbeddedNatsServer> servers;

	private NatsCluster(List<EmbeddedNatsServer> servers) {
		this.servers = servers;
	}

	public static NatsCluster start() {
		for (int attempt = 1;; attempt++) {
			List<EmbeddedNatsServer> started = new ArrayList<>();
			try {
				start(started);
				return new NatsCluster(started);
			}
			catch (IllegalStateException ex) {
				// Somebody else may have taken a port for the routes
				started.forEach(EmbeddedNatsServer::close);
				if (attempt == ATTEMPTS) {
					throw ex;
				}
			}
		}
	}

	private static void start(List<EmbeddedNatsServer> started) {
		List<Integer> ports = freePorts();
		String routes = ports.stream()
			.map((port) -> "\"nats://127.0.0.1:" + port + "\"")
			.collect(Collectors.joining(", ", "[", "]"));
		// Another cluster that has got one of these ports must not be taken for this one
		String name = "test-" + UUID.randomUUID();
		for (int i = 0; i < SIZE; i++) {
			started.add(EmbeddedNatsServer.builder()
				.config("server_name: \"n" + i + "\"",
						"cluster { name: \"" + name + "\", listen: \"127.0.0.1:" + ports.get(i) + "\", routes: "
								+ routes + " }")
				.start());
		}
	}

	private static List<Integer> freePorts() {
		List<ServerSocket> sockets = new ArrayList<>();
		try {
			for (int i = 0; i < SIZE; i++) {
				sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
			}
			List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
			for (ServerSocket socket : sockets) {
				socket.close();
			}
			return ports;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public String[] urls() {
		return this.servers.stream().map(EmbeddedNatsServer::url).toArray(String[]::new);
	}

	/**
	 * Returns a server.
	 * @param name its name, as the server reports it
	 */
	public EmbeddedNatsServer server(String name) {
		return this.servers.get(Integer.parseInt(name.substring(1)));
	}

	public String nameOf(String url) {
		return IntStream.range(0, SIZE)
			.filter((i) -> this.servers.get(i).url().equals(url))
			.mapToObj((i) -> "n" + i)
			.findFirst()
			.orElseThrow();
	}

	@Override
	public void close() {
		this.servers.forEach(EmbeddedNatsServer::close);
	}

}
