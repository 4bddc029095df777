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

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslOptions;

/**
 * Makes sockets that check whether the server's certificate is for its host, and that use
 * the protocols and ciphers of an SSL bundle. The client sets neither.
 */
final class SecureSocketFactory extends SSLSocketFactory {

	private final SSLSocketFactory delegate;

	private final @Nullable ServerNames names;

	private final SslOptions options;

	/**
	 * Creates a factory.
	 * @param delegate makes the sockets
	 * @param names the names to find in certificates, or {@code null} not to look
	 * @param options the protocols and ciphers
	 */
	SecureSocketFactory(SSLSocketFactory delegate, @Nullable ServerNames names, SslOptions options) {
		this.delegate = delegate;
		this.names = names;
		this.options = options;
	}

	@Override
	public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
		String name = (this.names != null) ? this.names.of(host) : host;
		return secure(this.delegate.createSocket(socket, name, port, autoClose));
	}

	@Override
	public Socket createSocket(String host, int port) throws IOException {
		return secure(this.delegate.createSocket(host, port));
	}

	@Override
	public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
		return secure(this.delegate.createSocket(host, port, localHost, localPort));
	}

	@Override
	public Socket createSocket(InetAddress host, int port) throws IOException {
		return secure(this.delegate.createSocket(host, port));
	}

	@Override
	public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
			throws IOException {
		return secure(this.delegate.createSocket(address, port, localAddress, localPort));
	}

	private Socket secure(Socket socket) {
		if (socket instanceof SSLSocket secure) {
			SSLParameters parameters = secure.getSSLParameters();
			if (this.names != null) {
				parameters.setEndpointIdentificationAlgorithm("HTTPS");
			}
			if (this.options.getCiphers() != null) {
				parameters.setCipherSuites(this.options.getCiphers());
			}
			if (this.options.getEnabledProtocols() != null) {
				parameters.setProtocols(this.options.getEnabledProtocols());
			}
			secure.setSSLParameters(parameters);
		}
		return socket;
	}

	@Override
	public String[] getDefaultCipherSuites() {
		return this.delegate.getDefaultCipherSuites();
	}

	@Override
	public String[] getSupportedCipherSuites() {
		return this.delegate.getSupportedCipherSuites();
	}

}
