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
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A network between clients and a server that can be cut, cut one way, or slow.
 */
final class TcpProxy implements AutoCloseable {

	private static final int BUFFER = 8192;

	private final ServerSocket listening;

	private final int target;

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private volatile Network network = Network.SOUND;

	private TcpProxy(int target) throws IOException {
		this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.target = target;
		start(this::accept);
	}

	static TcpProxy to(int port) throws IOException {
		return new TcpProxy(port);
	}

	String url() {
		return "nats://127.0.0.1:" + this.listening.getLocalPort();
	}

	/**
	 * Makes the network another one, for present and new connections.
	 */
	void become(Network next) {
		this.network = next;
	}

	/**
	 * Breaks all connections.
	 */
	void reset() throws IOException {
		for (Socket socket : this.sockets) {
			socket.close();
		}
		this.sockets.clear();
	}

	private void accept() throws Exception {
		while (true) {
			Socket client = this.listening.accept();
			try {
				Socket server = new Socket(InetAddress.getLoopbackAddress(), this.target);
				client.setTcpNoDelay(true);
				server.setTcpNoDelay(true);
				this.sockets.addAll(List.of(client, server));
				start(() -> pump(client, server, false));
				start(() -> pump(server, client, true));
			}
			catch (IOException ex) {
				// The server is down
				client.close();
			}
		}
	}

	private void pump(Socket from, Socket to, boolean answers) throws Exception {
		byte[] buffer = new byte[BUFFER];
		boolean torn = false;
		try (from; to) {
			InputStream input = from.getInputStream();
			OutputStream output = to.getOutputStream();
			for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
				Network current = this.network;
				if (current.delayMillis > 0) {
					TimeUnit.MILLISECONDS.sleep(current.delayMillis);
				}
				// What has lost something never gets through again, as with TCP
				torn |= current.cut || (answers && current.answersCut);
				if (!torn) {
					output.write(buffer, 0, length);
				}
			}
		}
	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (Exception ex) {
				// The connection or the proxy is closed
			}
		}, "tcp-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.listening.close();
		reset();
	}

	/**
	 * How the network is.
	 */
	enum Network {

		/**
		 * As it should be.
		 */
		SOUND(false, false, 0),

		/**
		 * Swallows everything without a word.
		 */
		CUT(true, false, 0),

		/**
		 * Swallows what the server says.
		 */
		ANSWERS_CUT(false, true, 0),

		/**
		 * Takes its time.
		 */
		SLOW(false, false, 50);

		private final boolean cut;

		private final boolean answersCut;

		private final long delayMillis;

		Network(boolean cut, boolean answersCut, long delayMillis) {
			this.cut = cut;
			this.answersCut = answersCut;
			this.delayMillis = delayMillis;
		}

	}

	@FunctionalInterface
	private interface Task {

		void run() throws Exception;

	}

}
