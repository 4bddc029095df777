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
package io.github.jetstreamspring.boot.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.springframework.util.StreamUtils;

/**
 * A reverse proxy that has an application below a prefix, and sends on what comes as it
 * comes.
 */
final class PrefixProxy implements AutoCloseable {

	private static final Set<String> OWN = Set.of("connection", "content-length", "host", "transfer-encoding",
			"upgrade", "http2-settings", "expect");

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final HttpServer server;

	private final String prefix;

	private final int target;

	PrefixProxy(String prefix, int target) throws IOException {
		this.prefix = prefix;
		this.target = target;
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setExecutor(this.threads);
		this.server.createContext(prefix, this::handle);
		this.server.start();
	}

	String address() {
		return "http://localhost:%d%s".formatted(this.server.getAddress().getPort(), this.prefix);
	}

	private void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			HttpResponse<InputStream> response = this.client.send(request(exchange), BodyHandlers.ofInputStream());
			response.headers().map().forEach((name, values) -> {
				if (!OWN.contains(name.toLowerCase()) && !name.startsWith(":")) {
					exchange.getResponseHeaders().put(name, values);
				}
			});
			boolean empty = response.statusCode() == 304 || response.statusCode() == 204;
			exchange.sendResponseHeaders(response.statusCode(), empty ? -1 : 0);
			try (InputStream body = response.body()) {
				if (!empty) {
					sendOn(body, exchange.getResponseBody());
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private HttpRequest request(HttpExchange exchange) throws IOException {
		URI uri = exchange.getRequestURI();
		String below = uri.getRawPath().substring(this.prefix.length());
		HttpRequest.Builder request = HttpRequest
			.newBuilder(URI.create("http://localhost:%d%s%s".formatted(this.target, below,
					(uri.getRawQuery() != null) ? "?" + uri.getRawQuery() : "")))
			.method(exchange.getRequestMethod(),
					BodyPublishers.ofByteArray(StreamUtils.copyToByteArray(exchange.getRequestBody())));
		exchange.getRequestHeaders().forEach((name, values) -> {
			if (!OWN.contains(name.toLowerCase())) {
				values.forEach((value) -> request.header(name, value));
			}
		});
		return request.header("X-Forwarded-Prefix", this.prefix)
			.header("X-Forwarded-Proto", "http")
			.header("X-Forwarded-Host", exchange.getRequestHeaders().getFirst("Host"))
			.build();
	}

	private static void sendOn(InputStream body, OutputStream browser) {
		byte[] buffer = new byte[8192];
		try {
			for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
				browser.write(buffer, 0, read);
				browser.flush();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("One of both has gone", ex);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

}
