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

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.StreamConfiguration;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Several real nats-servers that replicate streams and consumers, for tests of what
 * happens when one of them fails.
 * <p>
 * Methods can be called from any thread.
 *
 * @since 0.1.0
 * @see EmbeddedNats#servers()
 */
public final class EmbeddedNatsCluster implements AutoCloseable {

	private static final int ATTEMPTS = 5;

	private static final int STARTS = 3;

	private static final String PROBE = "embedded-nats-cluster";

	private static final int UNAVAILABLE = 503;

	private static final int NO_SUITABLE_PEERS = 10005;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final long POLL_MILLIS = 20;

	private final List<EmbeddedNatsServer> servers;

	private EmbeddedNatsCluster(List<EmbeddedNatsServer> servers) {
		this.servers = servers;
	}

	/**
	 * Starts three servers and waits until JetStream is available.
	 * @return the running servers
	 * @throws IllegalStateException if there is no nats-server program, or they don't
	 * start
	 */
	public static EmbeddedNatsCluster start() {
		return start(NatsServerExecutable.find(null).path(), 3, List.of());
	}

	static EmbeddedNatsCluster start(Path executable, int size, List<String> config) {
		for (int attempt = 1;; attempt++) {
			EmbeddedNatsCluster cluster = new EmbeddedNatsCluster(launch(executable, size, config));
			try {
				cluster.ask((management) -> isReady(management, size));
				return cluster;
			}
			catch (RuntimeException ex) {
				cluster.close();
				// Servers of 2.10 that start together don't always find each other
				if (attempt == STARTS || Thread.currentThread().isInterrupted()) {
					throw ex;
				}
			}
		}
	}

	// The first leader may not know all servers yet, and finds no place for replicas then
	private static @Nullable Boolean isReady(JetStreamManagement management, int size)
			throws IOException, JetStreamApiException {
		management.getAccountStatistics();
		try {
			management.addStream(StreamConfiguration.builder().name(PROBE).replicas(size).build());
		}
		catch (JetStreamApiException ex) {
			return (ex.getErrorCode() == UNAVAILABLE || ex.getApiErrorCode() == NO_SUITABLE_PEERS) ? null : true;
		}
		management.deleteStream(PROBE);
		return true;
	}

	private static List<EmbeddedNatsServer> launch(Path executable, int size, List<String> config) {
		for (int attempt = 1;; attempt++) {
			List<EmbeddedNatsServer> started = new ArrayList<>();
			try {
				launch(executable, size, config, started);
				return started;
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

	private static void launch(Path executable, int size, List<String> config, List<EmbeddedNatsServer> started) {
		List<Integer> ports = freePorts(size);
		String routes = ports.stream()
			.map((port) -> "\"nats://127.0.0.1:" + port + "\"")
			.collect(Collectors.joining(", ", "[", "]"));
		// Another cluster that has got one of these ports must not be taken for this one
		String name = "test-" + UUID.randomUUID();
		for (int i = 0; i < size; i++) {
			started.add(EmbeddedNatsServer.builder()
				.executable(executable)
				.config("server_name: \"n" + i + "\"",
						"cluster { name: \"" + name + "\", listen: \"127.0.0.1:" + ports.get(i) + "\", routes: "
								+ routes + " }")
				.config(config.toArray(String[]::new))
				.start());
		}
	}

	private static List<Integer> freePorts(int count) {
		List<ServerSocket> sockets = new ArrayList<>();
		try {
			for (int i = 0; i < count; i++) {
				sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
			}
			List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
			for (ServerSocket socket : sockets) {
				socket.close();
			}
			return ports;
		}
		catch (IOException ex) {
			throw new IllegalStateException("There are no free ports for a cluster", ex);
		}
	}

	/**
	 * Returns the URLs that clients connect to.
	 * @return one URL for each server, in order
	 */
	public List<String> urls() {
		return this.servers.stream().map(EmbeddedNatsServer::url).toList();
	}

	/**
	 * Returns a server.
	 * @param index its number, from 0
	 * @return the server
	 */
	public EmbeddedNatsServer server(int index) {
		return this.servers.get(index);
	}

	/**
	 * Returns the server that leads a stream: the one that stores its messages first, and
	 * whose end has another one elected.
	 * @param stream the stream's name
	 * @return the server
	 * @throws IllegalStateException if the stream has no leader for half a minute, or
	 * there is no such stream
	 */
	public EmbeddedNatsServer leaderOf(String stream) {
		String leader = ask((management) -> {
			ClusterInfo cluster = management.getStreamInfo(stream).getClusterInfo();
			return (cluster != null) ? cluster.getLeader() : null;
		});
		return server(Integer.parseInt(leader.substring(1)));
	}

	/**
	 * Stops the servers and deletes their files.
	 */
	@Override
	public void close() {
		this.servers.forEach(EmbeddedNatsServer::close);
	}

	private <T> T ask(Question<T> question) {
		Options options = Options.builder()
			.servers(urls().toArray(String[]::new))
			.connectionTimeout(Duration.ofSeconds(2))
			.build();
		try {
			Connection connection = Nats.connect(options);
			try {
				return await(question, connection);
			}
			finally {
				connection.close();
			}
		}
		catch (IOException ex) {
			throw noAnswer(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for the cluster", ex);
		}
	}

	private <T> T await(Question<T> question, Connection connection) throws InterruptedException {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (true) {
			Exception failure = null;
			try {
				T answer = question.ask(connection.jetStreamManagement());
				if (answer != null) {
					return answer;
				}
			}
			catch (IOException | JetStreamApiException ex) {
				failure = ex;
			}
			if (System.nanoTime() - deadline > 0) {
				throw noAnswer(failure);
			}
			TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
		}
	}

	private IllegalStateException noAnswer(@Nullable Exception cause) {
		return new IllegalStateException(
				"The cluster " + urls() + " doesn't answer" + ((cause != null) ? ": " + cause.getMessage() : ""),
				cause);
	}

	@Override
	public String toString() {
		return "EmbeddedNatsCluster" + urls();
	}

	private interface Question<T> {

		@Nullable T ask(JetStreamManagement management) throws IOException, JetStreamApiException;

	}

}
