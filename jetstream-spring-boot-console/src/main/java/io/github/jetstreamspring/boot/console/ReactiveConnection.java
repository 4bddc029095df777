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

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.ClassUtils;

/**
 * The connection that a request has come by. On Reactor Netty, forwarded headers replace
 * what the request itself says of it, and anybody can send them; and the server takes a
 * hundred writes ahead of a page that doesn't read.
 */
final class ReactiveConnection {

	private static final boolean NETTY = ClassUtils.isPresent("reactor.netty.http.server.HttpServerRequest",
			ReactiveConnection.class.getClassLoader());

	private final @Nullable AbstractServerHttpRequest received;

	private final boolean netty;

	private ReactiveConnection(@Nullable AbstractServerHttpRequest received) {
		this.received = received;
		this.netty = NETTY && received != null && Netty.isRequest(received.getNativeRequest());
	}

	/**
	 * Returns the connection of a request.
	 * @param request the request, perhaps changed by a filter
	 */
	static ReactiveConnection of(ServerHttpRequest request) {
		ServerHttpRequest received = request;
		while (received instanceof ServerHttpRequestDecorator decorator) {
			received = decorator.getDelegate();
		}
		return new ReactiveConnection((received instanceof AbstractServerHttpRequest found) ? found : null);
	}

	/**
	 * Returns the address of this machine that was called.
	 * @return the address, or {@code null} if nobody knows it for certain
	 */
	@Nullable InetSocketAddress localAddress() {
		if (this.received == null) {
			return null;
		}
		return this.netty ? Netty.localAddress(this.received.getNativeRequest()) : this.received.getLocalAddress();
	}

	/**
	 * Returns whether something is still to be written. Other servers than Netty take
	 * nothing more then.
	 */
	boolean isBehind() {
		return this.netty && this.received != null && Netty.isBehind(this.received.getNativeRequest());
	}

	/**
	 * Ends the connection, whatever is still to be written. Other servers than Netty do
	 * so by themselves when nothing can be written for a while.
	 */
	void drop() {
		if (this.netty && this.received != null) {
			Netty.drop(this.received.getNativeRequest());
		}
	}

	/**
	 * Knows Reactor Netty, which needs not be there.
	 */
	private static final class Netty {

		private static boolean isRequest(Object request) {
			return request instanceof HttpServerRequest;
		}

		private static @Nullable InetSocketAddress localAddress(Object request) {
			return (((HttpServerRequest) request).connectionHostAddress() instanceof InetSocketAddress address)
					? address : null;
		}

		private static boolean isBehind(Object request) {
			AtomicBoolean behind = new AtomicBoolean();
			((HttpServerRequest) request)
				.withConnection((connection) -> behind.set(!connection.channel().isWritable()));
			return behind.get();
		}

		private static void drop(Object request) {
			((HttpServerRequest) request).withConnection(Connection::dispose);
		}

	}

}
