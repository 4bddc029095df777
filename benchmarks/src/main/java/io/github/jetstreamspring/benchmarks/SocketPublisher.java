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

package io.github.jetstreamspring.benchmarks;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;

import org.jspecify.annotations.Nullable;

/**
 * A socket, and no client: sends what a publisher would have to send, and counts what
 * comes back. Nothing can be faster, so this tells how much is left for a client to gain.
 */
final class SocketPublisher implements Publisher {

	private static final int BUFFER_SIZE = 64 * 1024;

	private static final String CONNECT = "CONNECT {\"verbose\":false,\"headers\":true,\"no_responders\":true}\r\n";

	private static final String PONG = "PONG\r\n";

	// As many digits for each message, and with those of the run as many as the client's
	private static final int FIRST_ID = 1_000_000_000;

	private final Socket socket;

	private final BufferedReader in;

	// Written to with whole commands only, so that those of two threads don't mix
	private final OutputStream out;

	private final String payload;

	// As many reply subjects as messages in flight, like the template
	private final int window;

	private final Semaphore permits;

	private volatile Confirmed confirmed = new Confirmed(0);

	private long sent;

	SocketPublisher(PublishCase publishCase, String url) throws IOException {
		this.payload = new String(Payload.create(0, 0, publishCase.size()), StandardCharsets.ISO_8859_1);
		this.window = Math.max(1, publishCase.window());
		this.permits = new Semaphore(this.window);
		URI server = URI.create(url);
		this.socket = new Socket(server.getHost(), server.getPort());
		this.socket.setTcpNoDelay(true);
		this.in = new BufferedReader(new InputStreamReader(this.socket.getInputStream(), StandardCharsets.ISO_8859_1),
				BUFFER_SIZE);
		this.out = new BufferedOutputStream(this.socket.getOutputStream(), BUFFER_SIZE);
		write(CONNECT + "SUB reply.* 1\r\n");
		Thread reader = new Thread(this::read, "socket");
		reader.setDaemon(true);
		reader.start();
	}

	@Override
	public void run(int messages) throws Exception {
		Confirmed current = new Confirmed(messages);
		this.confirmed = current;
		String run = Long.toString(System.nanoTime(), Character.MAX_RADIX);
		for (int number = 0; number < messages; number++) {
			if (!this.permits.tryAcquire()) {
				this.out.flush();
				this.permits.acquire();
			}
			String headers = "NATS/1.0\r\nNats-Msg-Id:" + run + (FIRST_ID + number) + "\r\n\r\n";
			write("HPUB " + Queue.SUBJECT + " reply." + this.sent++ % this.window + " " + headers.length() + " "
					+ (headers.length() + this.payload.length()) + "\r\n" + headers + this.payload + "\r\n");
		}
		this.out.flush();
		current.await();
	}

	private void read() {
		try {
			for (String line = this.in.readLine(); line != null; line = this.in.readLine()) {
				if (line.startsWith("MSG")) {
					this.permits.release();
					this.confirmed.one(null, failure(this.in.readLine()));
				}
				else if (line.startsWith("PING")) {
					write(PONG);
					this.out.flush();
				}
				else if (line.startsWith("-ERR")) {
					throw new IOException(line);
				}
			}
		}
		catch (IOException ex) {
			this.confirmed.one(null, ex);
		}
	}

	private static @Nullable Throwable failure(String answer) {
		return answer.contains("\"error\"") ? new IllegalStateException(answer) : null;
	}

	private void write(String commands) throws IOException {
		this.out.write(commands.getBytes(StandardCharsets.ISO_8859_1));
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
