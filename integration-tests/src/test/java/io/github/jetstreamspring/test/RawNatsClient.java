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

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Speaks NATS over a bare socket, and so sends and reads what no Java client would:
 * subjects and header blocks are bytes.
 */
public final class RawNatsClient implements Closeable {

	private final Socket socket;

	private final DataInputStream in;

	private final OutputStream out;

	private int inbox;

	/**
	 * Connects.
	 * @param url the server's URL
	 */
	public RawNatsClient(String url) throws IOException {
		URI uri = URI.create(url);
		this.socket = new Socket(uri.getHost(), uri.getPort());
		this.socket.setSoTimeout(10_000);
		this.socket.setTcpNoDelay(true);
		this.in = new DataInputStream(new BufferedInputStream(this.socket.getInputStream()));
		this.out = this.socket.getOutputStream();
		line();
		send("CONNECT {\"verbose\":false,\"headers\":true,\"no_responders\":true%s}\r\nPING\r\n".formatted(login(uri)));
		await("PONG");
		send("SUB _raw.* 1\r\n");
	}

	private static String login(URI uri) {
		String[] login = (uri.getUserInfo() != null) ? uri.getUserInfo().split(":") : new String[0];
		return (login.length == 2) ? ",\"user\":\"%s\",\"pass\":\"%s\"".formatted(login[0], login[1]) : "";
	}

	/**
	 * Publishes without waiting.
	 * @param headers the header block, {@code null} for none
	 */
	public void publish(byte[] subject, byte @Nullable [] headers, byte[] payload) throws IOException {
		this.out.write(message(subject, "", headers, payload));
		this.out.flush();
	}

	/**
	 * Has a stream store a message.
	 * @param headers the header block, {@code null} for none
	 * @return the stream's answer
	 */
	public String store(byte[] subject, byte @Nullable [] headers, byte[] payload) throws IOException {
		return new String(request(subject, headers, payload).payload(), StandardCharsets.UTF_8);
	}

	/**
	 * Returns the last message of a stream on a subject, with the bytes of its headers as
	 * they are stored.
	 */
	public Received stored(String stream, String subject) throws IOException {
		return toMessage(find(stream, "{\"last_by_subj\":\"%s\"}".formatted(subject)));
	}

	/**
	 * Returns a message of a stream, with the bytes of its headers as they are stored.
	 */
	public Received stored(String stream, long sequence) throws IOException {
		return toMessage(find(stream, "{\"seq\":%d}".formatted(sequence)));
	}

	private static Received toMessage(JsonNode answer) throws IOException {
		JsonNode message = answer.path("message");
		if (message.isMissingNode()) {
			throw new IOException(answer.toString());
		}
		return new Received(message.path("subject").asString(), base64(message, "hdrs"), base64(message, "data"));
	}

	/**
	 * Returns whether a stream has a message on a subject.
	 */
	public boolean isStored(String stream, String subject) throws IOException {
		return !find(stream, "{\"last_by_subj\":\"%s\"}".formatted(subject)).path("message").isMissingNode();
	}

	private JsonNode find(String stream, String query) throws IOException {
		return JsonMapper.shared()
			.readTree(request(bytes("$JS.API.STREAM.MSG.GET." + stream), null, bytes(query)).payload());
	}

	private static byte[] base64(JsonNode message, String name) {
		return Base64.getDecoder().decode(message.path(name).asString(""));
	}

	private Received request(byte[] subject, byte @Nullable [] headers, byte[] payload) throws IOException {
		String reply = "_raw." + this.inbox++;
		this.out.write(message(subject, reply + " ", headers, payload));
		this.out.flush();
		Received answer = receive();
		while (!answer.subject().equals(reply)) {
			answer = receive();
		}
		return answer;
	}

	/**
	 * Subscribes.
	 */
	public void subscribe(String subject) throws IOException {
		send("SUB " + subject + " 2\r\nPING\r\n");
		await("PONG");
	}

	/**
	 * Returns the next message, with the bytes of its headers as they came.
	 */
	public Received receive() throws IOException {
		String[] words = line().split(" ");
		while (!words[0].endsWith("MSG")) {
			if (words[0].equals("PING")) {
				send("PONG\r\n");
			}
			if (words[0].equals("-ERR")) {
				throw new IOException(String.join(" ", words));
			}
			words = line().split(" ");
		}
		int total = Integer.parseInt(words[words.length - 1]);
		int headers = words[0].equals("HMSG") ? Integer.parseInt(words[words.length - 2]) : 0;
		byte[] block = new byte[headers];
		this.in.readFully(block);
		byte[] payload = new byte[total - headers];
		this.in.readFully(payload);
		line();
		return new Received(words[1], block, payload);
	}

	private void await(String answer) throws IOException {
		String line = line();
		while (!line.equals(answer)) {
			if (line.startsWith("-ERR")) {
				throw new IOException(line);
			}
			line = line();
		}
	}

	private static byte[] message(byte[] subject, String reply, byte @Nullable [] headers, byte[] payload) {
		ByteArrayOutputStream message = new ByteArrayOutputStream();
		message.writeBytes(bytes((headers != null) ? "HPUB " : "PUB "));
		message.writeBytes(subject);
		message.writeBytes(bytes(" " + reply));
		if (headers != null) {
			message.writeBytes(bytes(headers.length + " " + (headers.length + payload.length) + "\r\n"));
			message.writeBytes(headers);
		}
		else {
			message.writeBytes(bytes(payload.length + "\r\n"));
		}
		message.writeBytes(payload);
		message.writeBytes(bytes("\r\n"));
		return message.toByteArray();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private void send(String text) throws IOException {
		this.out.write(bytes(text));
		this.out.flush();
	}

	private String line() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		int last = -1;
		for (int next = this.in.read(); last != '\r' || next != '\n'; next = this.in.read()) {
			if (next < 0) {
				throw new EOFException(line.toString(StandardCharsets.UTF_8));
			}
			line.write(next);
			last = next;
		}
		return line.toString(StandardCharsets.UTF_8).stripTrailing();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * A message as it came.
	 *
	 * @param subject the subject
	 * @param headers the header block, empty if there was none
	 * @param payload the payload
	 */
	public record Received(String subject, byte[] headers, byte[] payload) {

		/**
		 * Returns the header block as text.
		 */
		public String headerText() {
			return new String(this.headers, StandardCharsets.UTF_8);
		}

		/**
		 * Returns the first value of a header, without blanks around it.
		 */
		public @Nullable String header(String name) {
			return headerText().lines()
				.filter((line) -> line.startsWith(name + ":"))
				.map((line) -> line.substring(name.length() + 1).strip())
				.findFirst()
				.orElse(null);
		}

	}

}
