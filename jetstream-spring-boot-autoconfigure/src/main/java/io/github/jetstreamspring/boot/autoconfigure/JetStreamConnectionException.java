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

import org.jspecify.annotations.Nullable;

/**
 * The first connection could not be made.
 */
final class JetStreamConnectionException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private static final String KEYS = "jetstream.";

	static final String NKEY_SEED = KEYS + "nkey-seed";

	// Of all connections, whichever this one is
	private static final String WITHOUT_SERVER = " Tests that need no server set jetstream.enabled to false, and call listeners by the ListenerHarness of jetstream-spring-boot-test; its @EmbeddedNats starts a server for those that need one.";

	private final Reason reason;

	private final String where;

	private final @Nullable String connection;

	/**
	 * Creates an exception.
	 * @param reason why
	 * @param where the servers or the file concerned, without secrets
	 * @param cause the cause, or {@code null}
	 */
	JetStreamConnectionException(Reason reason, String where, @Nullable Throwable cause) {
		this(reason, where, cause, null);
	}

	private JetStreamConnectionException(Reason reason, String where, @Nullable Throwable cause,
			@Nullable String connection) {
		super(describe(reason, where, connection), cause);
		this.reason = reason;
		this.where = where;
		this.connection = connection;
	}

	/**
	 * Returns the same for a named connection, with its keys.
	 */
	JetStreamConnectionException of(String name) {
		return new JetStreamConnectionException(this.reason, this.where, getCause(), name);
	}

	String description() {
		return describe(this.reason, this.where, this.connection);
	}

	String action() {
		String action = keysOf(this.connection, this.reason.action);
		return (this.reason == Reason.SERVER_DOWN) ? action + WITHOUT_SERVER : action;
	}

	private static String describe(Reason reason, String where, @Nullable String connection) {
		String description = reason.describe(where.equals(NKEY_SEED) ? keysOf(connection, where) : where);
		return (connection != null) ? "Connection '" + connection + "': " + description : description;
	}

	static String keysOf(@Nullable String connection, String text) {
		return (connection != null) ? text.replace(KEYS, KEYS + "connections." + connection + ".") : text;
	}

	Reason reason() {
		return this.reason;
	}

	/**
	 * Why a connection could not be made, and what to do.
	 */
	enum Reason {

		/**
		 * No server answers.
		 */
		SERVER_DOWN("No NATS server answers at %s.", """
				Start one, for example with 'docker run -p 4222:4222 nats:latest -js', or correct jetstream.servers. \
				jetstream.connection.startup-timeout says how long start-up waits for it."""),

		/**
		 * The server doesn't accept the credentials.
		 */
		CREDENTIALS_REFUSED("The NATS server at %s refused the credentials.", """
				Set jetstream.username and jetstream.password, or jetstream.token, jetstream.nkey-seed or \
				jetstream.credentials, to what the server's configuration asks for."""),

		/**
		 * The credentials can't be read.
		 */
		CREDENTIALS_UNREADABLE("The credentials can't be read from %s.",
				"Correct it: jetstream.credentials must be a file with a JWT and the seed of its NKey, as 'nsc generate creds' makes it, and jetstream.nkey-seed the seed of a user."),

		/**
		 * The SSL bundle is missing or can't be read.
		 */
		SSL_BUNDLE_UNUSABLE("The SSL bundle '%s' can't be used.",
				"Correct jetstream.ssl.bundle, or define the bundle under spring.ssl.bundle."),

		/**
		 * TLS doesn't come about.
		 */
		TLS_FAILED("TLS to the NATS server at %s can't be set up.",
				"""
						When the server demands TLS, set jetstream.ssl.bundle to an SSL bundle that trusts its certificate, and \
						has a key if it demands one. When it has no TLS, remove jetstream.ssl.bundle and use nats:// instead of \
						tls:// in jetstream.servers."""),

		/**
		 * The server's certificate is for another host.
		 */
		TLS_WRONG_HOST("The certificate of the NATS server at %s is not for that host.", """
				Use a host name or address in jetstream.servers that is among the certificate's subject alternative \
				names, or give the server a certificate that has this one. To connect to whoever has a certificate \
				that the SSL bundle trusts, set jetstream.ssl.verify-hostname to false."""),

		/**
		 * The server has JetStream switched off.
		 */
		JETSTREAM_OFF("The NATS server at %s is up, but JetStream is switched off.",
				"""
						Switch it on: start the server with '-js', or add 'jetstream {}' to its configuration. With accounts, it \
						must be switched on for the account of these credentials too."""),

		/**
		 * The user of the connection may not ask JetStream, or not hear its answers.
		 */
		JETSTREAM_FORBIDDEN("JetStream can't be used at %s.",
				"""
						Allow it in the permissions of that user: answers come there. Where inboxes have another prefix, set it \
						by a ConnectionOptionsCustomizer."""),

		/**
		 * JetStream doesn't answer.
		 */
		JETSTREAM_SILENT("The NATS server at %s is up, but JetStream does not answer.", """
				In a cluster, see whether it has a leader ('nats server report jetstream'). Otherwise see whether the \
				credentials may publish to $JS.API.INFO."""),

		/**
		 * Start-up was interrupted.
		 */
		INTERRUPTED("Start-up was interrupted while it waited for the NATS server at %s.",
				"Start the application again. It waits for the server as long as jetstream.connection.startup-timeout says.");

		private final String description;

		private final String action;

		Reason(String description, String action) {
			this.description = description;
			this.action = action;
		}

		private String describe(String where) {
			return this.description.formatted(where);
		}

	}

}
