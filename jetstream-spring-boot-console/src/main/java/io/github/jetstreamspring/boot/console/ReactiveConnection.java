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

import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.ClassUtils;

/**
 * The connection that a request has come by. On Reactor Netty, forwarded headers replace
 * what the request itself says of it, and anybody can send them.
 */
final class ReactiveConnection {

	private static final boolean NETTY = ClassUtils.isPresent("reactor.netty.http.server.HttpServerRequest",
			ReactiveConnection.class.getClassLoader());

	private ReactiveConnection() {
	}

	/**
	 * Returns the address of this machine that was called.
	 * @param request the request
	 * @return the address, or {@code null} if nobody knows it for certain
	 */
	static @Nullable InetSocketAddress localAddress(ServerHttpRequest request) {
		AbstractServerHttpRequest received = received(request);
		if (received == null) {
			return null;
		}
		Object connection = received.getNativeRequest();
		return (NETTY && Netty.isConnection(connection)) ? Netty.localAddress(connection) : received.getLocalAddress();
	}

	private static @Nullable AbstractServerHttpRequest received(ServerHttpRequest request) {
		ServerHttpRequest received = request;
		while (received instanceof ServerHttpRequestDecorator decorator) {
			received = decorator.getDelegate();
		}
		return (received instanceof AbstractServerHttpRequest found) ? found : null;
	}

	/**
	 * Knows Reactor Netty, which needs not be there.
	 */
	private static final class Netty {

		private static boolean isConnection(Object request) {
			return request instanceof HttpServerRequest;
		}

		private static @Nullable InetSocketAddress localAddress(Object request) {
			return (((HttpServerRequest) request).connectionHostAddress() instanceof InetSocketAddress address)
					? address : null;
		}

	}

}
