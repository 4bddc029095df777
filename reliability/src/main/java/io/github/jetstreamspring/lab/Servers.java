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

package io.github.jetstreamspring.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * One server, or a cluster whose servers reach each other through networks that can be
 * disturbed, and which can be replaced by newer ones.
 */
final class Servers implements AutoCloseable {

	// The lab itself may do all; the application what a scenario says
	private static final String LOGIN = "lab:lab@";

	private static final String ALL = "publish: \">\", subscribe: \">\"";

	private static final String PROBE = "probe";

	private static final int STARTS = 3;

	private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

	private static final long PAUSE_MILLIS = 100;

	private final ServerPlan plan;

	private final Path permissions;

	private final List<Node> nodes = new ArrayList<>();

	private final Routes routes;

	private Servers(ServerPlan plan, Path folder) throws Exception {
		this.plan = plan;
		this.permissions = folder.resolve("permissions.conf");
		this.routes = new Routes(plan.count());
		write(ALL);
		for (int i = 0; i < plan.count(); i++) {
			this.nodes.add(new Node(i, folder.resolve("n" + i)));
		}
	}

	static Servers start(ServerPlan plan, Path folder) throws Exception {
		for (int attempt = 1;; attempt++) {
			Servers servers = new Servers(plan, Files.createDirectory(folder.resolve("servers-" + attempt)));
			try {
				for (Node node : servers.nodes) {
					node.start(plan.old() ? OldServer.path() : null);
				}
				servers.awaitReplicas();
				return servers;
			}
			catch (JetStreamApiException | IOException ex) {
				servers.close();
				// Servers of 2.10 that start together don't always find each other
				if (attempt == STARTS) {
					throw ex;
				}
			}
			catch (Throwable ex) {
				servers.close();
				throw ex;
			}
		}
	}

	// The servers of a cluster take a while until they know each other
	private void awaitReplicas() throws Exception {
		Connection connection = Nats.connect(Options.builder()
			.servers(urls().toArray(String[]::new))
			.connectionTimeout(Duration.ofSeconds(5))
			.build());
		try {
			JetStreamManagement management = connection.jetStreamManagement();
			long deadline = System.nanoTime() + PATIENCE_NANOS;
			while (!canStore(management, System.nanoTime() - deadline > 0)) {
				TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
			}
			management.deleteStream(PROBE);
		}
		finally {
			connection.close();
		}
	}

	private boolean canStore(JetStreamManagement management, boolean last) throws IOException, JetStreamApiException {
		try {
			management.addStream(StreamConfiguration.builder().name(PROBE).replicas(replicas()).build());
			return true;
		}
		catch (JetStreamApiException | IOException ex) {
			if (last) {
				throw ex;
			}
			return false;
		}
	}

	List<EmbeddedNatsServer> all() {
		return IntStream.range(0, replicas()).mapToObj(this::get).toList();
	}

	EmbeddedNatsServer first() {
		return get(0);
	}

	EmbeddedNatsServer get(int index) {
		EmbeddedNatsServer server = this.nodes.get(index).server;
		if (server == null) {
			throw new IllegalStateException("Server " + index + " isn't started");
		}
		return server;
	}

	SmallDisk disk(int index) {
		SmallDisk disk = this.nodes.get(index).disk;
		if (disk == null) {
			throw new IllegalStateException("Server " + index + " has no disk of its own");
		}
		return disk;
	}

	/**
	 * Returns the addresses for the lab itself.
	 */
	List<String> urls() {
		return all().stream().map((server) -> "nats://" + login() + "127.0.0.1:" + server.port()).toList();
	}

	private String login() {
		return this.plan.users() ? LOGIN : "";
	}

	int replicas() {
		return this.plan.count();
	}

	/**
	 * Cuts a server off from the others, or lets them reach it again.
	 */
	void isolate(int index, TcpProxy.Network network) throws IOException {
		this.routes.become(index, network);
	}

	/**
	 * Replaces a server by one of the newest version, with the same data.
	 */
	void upgrade(int index) throws Exception {
		this.nodes.get(index).start(null);
	}

	/**
	 * Changes what the application may do.
	 * @param text the permissions, {@code null} for everything
	 */
	void permit(@Nullable String text) throws Exception {
		write((text != null) ? text : ALL);
		for (EmbeddedNatsServer server : all()) {
			new ProcessBuilder("kill", "-HUP", Long.toString(server.pid())).start().waitFor(5, TimeUnit.SECONDS);
		}
	}

	private void write(String text) throws IOException {
		Files.writeString(this.permissions, "permissions { " + text + " }\n");
	}

	@Override
	public void close() {
		for (Node node : this.nodes) {
			node.close();
		}
		this.routes.close();
	}

	/**
	 * A server and what it keeps when it is replaced.
	 */
	private final class Node {

		private final int index;

		private final Path store;

		private final @Nullable SmallDisk disk;

		private @Nullable EmbeddedNatsServer server;

		private Node(int index, Path store) throws Exception {
			this.index = index;
			this.store = store;
			this.disk = Servers.this.plan.smallDisk() ? SmallDisk.mount(store) : null;
		}

		private void start(@Nullable Path program) {
			EmbeddedNatsServer before = this.server;
			EmbeddedNatsServer.Builder builder = EmbeddedNatsServer.builder()
				.storeDirectory(this.store)
				.config(Servers.this.plan.lines().toArray(String[]::new));
			if (program != null) {
				builder.executable(program);
			}
			if (before != null) {
				before.close();
				builder.port(before.port());
			}
			if (Servers.this.plan.count() > 1) {
				builder.config("server_name: \"n" + this.index + "\"", Servers.this.routes.configuration(this.index));
			}
			if (Servers.this.plan.users()) {
				// Relative to the configuration, which is in a folder of its own
				Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
				Path relative = temporary.relativize(Servers.this.permissions.toAbsolutePath());
				builder.config("authorization { users: [ { user: lab, password: lab }, { user: app, password: app",
						"include \"../" + relative + "\"", "} ] }");
			}
			this.server = builder.start();
		}

		private void close() {
			if (this.server != null) {
				this.server.close();
			}
			if (this.disk != null) {
				this.disk.close();
			}
		}

	}

	/**
	 * The networks between the servers: one from each to each other.
	 */
	private static final class Routes implements AutoCloseable {

		private final List<Integer> ports = new ArrayList<>();

		// The one from i to j is at i * count + j
		private final List<TcpProxy> proxies = new ArrayList<>();

		private final int count;

		private Routes(int count) throws IOException {
			this.count = count;
			List<ServerSocket> sockets = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
			}
			for (ServerSocket socket : sockets) {
				this.ports.add(socket.getLocalPort());
				socket.close();
			}
			for (int i = 0; i < count * count; i++) {
				this.proxies.add(TcpProxy.to(this.ports.get(i % count)));
			}
		}

		private String configuration(int from) {
			List<String> urls = new ArrayList<>();
			for (int to = 0; to < this.count; to++) {
				if (to != from) {
					urls.add("\"" + proxy(from, to).url() + "\"");
				}
			}
			// Nobody is told of a way around the networks
			return "cluster { name: \"lab-%d\", listen: \"127.0.0.1:%d\", advertise: \"127.0.0.1:1\", no_advertise: true, routes: %s }"
				.formatted(this.ports.get(0), this.ports.get(from), urls);
		}

		private TcpProxy proxy(int from, int to) {
			return this.proxies.get(from * this.count + to);
		}

		private void become(int index, TcpProxy.Network network) throws IOException {
			for (int other = 0; other < this.count; other++) {
				for (TcpProxy proxy : List.of(proxy(index, other), proxy(other, index))) {
					proxy.become(network);
					if (network == TcpProxy.Network.SOUND) {
						proxy.reset();
					}
				}
			}
		}

		@Override
		public void close() {
			for (TcpProxy proxy : this.proxies) {
				try {
					proxy.close();
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}
		}

	}

}
