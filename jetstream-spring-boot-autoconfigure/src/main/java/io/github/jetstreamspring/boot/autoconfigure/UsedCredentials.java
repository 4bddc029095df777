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

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.nats.client.AuthHandler;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;

/**
 * Says which credentials a connection has shown, and by which keys they are set, without
 * telling them.
 */
final class UsedCredentials {

	private static final Pattern EXPIRY = Pattern.compile("\"exp\"\\s*:\\s*(\\d{1,12})\\b");

	private final JetStreamConnectionDetails details;

	private final @Nullable AuthHandler handler;

	UsedCredentials(JetStreamConnectionDetails details, @Nullable AuthHandler handler) {
		this.details = details;
		this.handler = handler;
	}

	/**
	 * Returns what was shown, with the keys of the default connection.
	 */
	String describe() {
		String shown = shown();
		return hasCertificate() ? shown + ", besides the certificate of the SSL bundle, if it has a key" : shown;
	}

	private String shown() {
		if (!(this.details instanceof PropertiesJetStreamConnectionDetails) && hasAny()) {
			return "those of a JetStreamConnectionDetails bean" + expiry();
		}
		Resource credentials = this.details.getCredentials();
		if (credentials != null) {
			return "those of jetstream.credentials, " + credentials.getDescription() + expiry();
		}
		if (this.details.getNkeySeed() != null) {
			return "those of jetstream.nkey-seed";
		}
		if (this.details.getToken() != null) {
			return "those of jetstream.token";
		}
		if (this.details.getUsername() != null) {
			return "those of jetstream.username and jetstream.password";
		}
		return this.details.getServers().stream().anyMatch((server) -> server.contains("@"))
				? "those in jetstream.servers"
				: "none, as jetstream.username, jetstream.token, jetstream.nkey-seed and jetstream.credentials are not set";
	}

	private boolean hasAny() {
		return this.details.getCredentials() != null || this.details.getNkeySeed() != null
				|| this.details.getToken() != null || this.details.getUsername() != null;
	}

	private boolean hasCertificate() {
		return this.details.getSslBundle() != null;
	}

	private String expiry() {
		Instant expiry = (this.handler != null) ? expiry(this.handler.getJWT()).orElse(null) : null;
		return (expiry != null && expiry.isBefore(Instant.now())) ? ", whose JWT expired at " + expiry : "";
	}

	private static Optional<Instant> expiry(char @Nullable [] jwt) {
		String[] parts = (jwt != null) ? new String(jwt).split("\\.") : new String[0];
		if (parts.length != 3) {
			return Optional.empty();
		}
		try {
			String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
			Matcher matcher = EXPIRY.matcher(claims);
			return matcher.find() ? Optional.of(Instant.ofEpochSecond(Long.parseLong(matcher.group(1))))
					: Optional.empty();
		}
		catch (IllegalArgumentException ex) {
			return Optional.empty();
		}
	}

}
