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
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between a client and a server, and can swallow what they send without a word, as
 * a network does that is cut.
 */
final class TcpProxy implements AutoCloseable {

	private final ServerSocket listening;

	private final int target;

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private volatile Link link = new Link();

	private volatile boolean losingNaks;

	private TcpProxy(int target) throws IOException {
		this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.target = target;
		start(this::accept);
	}

	static TcpProxy to(int port) throws IOException {
		return new TcpProxy(port);
	}

	String url() {
		return "nats://127.0.0.1:" + port();
	}

	int port() {
		return this.listening.getLocalPort();
	}

	/**
	 * Swallows everything, on present and new connections.
	 */
	void cut() {
		this.link.cut = true;
	}

	/**
	 * Lets new connections through. Those from before stay dead.
	 */
	void restore() {
		this.link = new Link();
	}

	/**
	 * Has no message given back any more: the server is told that it is still at work.
	 */
	void loseNaks() {
		this.losingNaks = true;
	}

	private static byte[] lost(byte[] sent, int length) {
		String text = new String(sent, 0, length, StandardCharsets.ISO_8859_1);
		return text.replace("-NAK", "+WPI").getBytes(StandardCharsets.ISO_8859_1);
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.listening.accept();
			Link current = this.link;
			Socket server = new Socket(InetAddress.getLoopbackAddress(), this.target);
			this.sockets.addAll(List.of(client, server));
			start(() -> pump(client, server, current, true));
			start(() -> pump(server, client, current, false));
		}
	}

	private void pump(Socket from, Socket to, Link link, boolean naks) throws IOException {
		byte[] buffer = new byte[8192];
		try (from; to) {
			InputStream input = from.getInputStream();
			OutputStream output = to.getOutputStream();
			for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
				if (!link.cut) {
					output.write((naks && this.losingNaks) ? lost(buffer, length) : buffer, 0, length);
				}
			}
		}
	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// The connection or the proxy is closed
			}
		}, "tcp-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.listening.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	private static final class Link {

		private volatile boolean cut;

	}

	@FunctionalInterface
	private interface Task {

		void run() throws IOException;

	}

}
