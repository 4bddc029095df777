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
package io.github.jetstreamspring.boot.autoconfigure;

import java.security.SecureRandom;
import java.util.function.Supplier;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * An {@link SSLContext} whose sockets come from a {@link SecureSocketFactory}. A context
 * is all that the client can be given, and it asks it for sockets at each connection.
 */
final class SecureContext extends SSLContext {

	private SecureContext(SSLContext context, Supplier<SSLSocketFactory> sockets) {
		super(new Spi(context, sockets), context.getProvider(), context.getProtocol());
	}

	/**
	 * Creates a context that doesn't change.
	 * @param context the context with keys and trusted certificates
	 * @param names the names to find in certificates, or {@code null} not to look
	 * @return the context
	 */
	static SSLContext of(SSLContext context, @Nullable ServerNames names) {
		SSLSocketFactory sockets = new SecureSocketFactory(context.getSocketFactory(), names, SslOptions.NONE);
		return new SecureContext(context, () -> sockets);
	}

	/**
	 * Creates a context of a bundle that may be reloaded.
	 * @param bundle gives the bundle as it is at the moment
	 * @param names the names to find in certificates, or {@code null} not to look
	 * @return the context
	 */
	static SSLContext of(Supplier<@Nullable SslBundle> bundle, @Nullable ServerNames names) {
		ReloadedSockets sockets = new ReloadedSockets(bundle, names);
		return new SecureContext(sockets.context(), sockets);
	}

	private static final class Spi extends SSLContextSpi {

		private final SSLContext context;

		private final Supplier<SSLSocketFactory> sockets;

		Spi(SSLContext context, Supplier<SSLSocketFactory> sockets) {
			this.context = context;
			this.sockets = sockets;
		}

		@Override
		protected void engineInit(KeyManager @Nullable [] keyManagers, TrustManager @Nullable [] trustManagers,
				@Nullable SecureRandom random) {
			throw new UnsupportedOperationException("Initialized already");
		}

		@Override
		protected SSLSocketFactory engineGetSocketFactory() {
			return this.sockets.get();
		}

		@Override
		protected SSLServerSocketFactory engineGetServerSocketFactory() {
			return this.context.getServerSocketFactory();
		}

		@Override
		protected SSLEngine engineCreateSSLEngine() {
			return this.context.createSSLEngine();
		}

		@Override
		protected SSLEngine engineCreateSSLEngine(String host, int port) {
			return this.context.createSSLEngine(host, port);
		}

		@Override
		protected SSLSessionContext engineGetServerSessionContext() {
			return this.context.getServerSessionContext();
		}

		@Override
		protected SSLSessionContext engineGetClientSessionContext() {
			return this.context.getClientSessionContext();
		}

	}

}
