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

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.nats.client.NKey;
import io.nats.client.Nats;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonSerializable;
import io.nats.client.support.JwtUtils;
import org.jspecify.annotations.Nullable;

/**
 * An operator with one account that may use JetStream, for servers that authenticate by
 * JWT.
 */
final class TestOperator {

	private final NKey operator = NKey.createOperator(null);

	private final NKey system = NKey.createAccount(null);

	private final NKey account = NKey.createAccount(null);

	TestOperator() throws Exception {
	}

	/**
	 * Returns the lines of the server's configuration.
	 * @return the lines
	 */
	String[] configuration() throws Exception {
		return configuration("");
	}

	/**
	 * Returns the lines of the configuration of a server that no longer lets in the user
	 * of a credentials file.
	 * @param credentials the file
	 * @return the lines
	 */
	String[] configurationWithout(Path credentials) throws Exception {
		String jwt = new String(Nats.credentials(credentials.toString()).getJWT());
		String user = JsonParser.parse(JwtUtils.getClaimBody(jwt)).map.get("sub").string;
		return configuration(",\"revocations\":{\"%s\":%d}".formatted(user, JwtUtils.currentTimeSeconds() + 1));
	}

	private String[] configuration(String more) throws Exception {
		String operatorJwt = issue(this.operator, "operator", "{\"type\":\"operator\",\"version\":2}");
		String accountJwt = issue(this.account, "account",
				"""
						{"type":"account","version":2,"limits":{"subs":-1,"data":-1,"payload":-1,"imports":-1,"exports":-1,\
						"wildcards":true,"conn":-1,"leaf":-1,"mem_storage":-1,"disk_storage":-1,"streams":-1,"consumer":-1}%s}"""
					.formatted(more));
		String systemJwt = issue(this.system, "system", "{\"type\":\"account\",\"version\":2}");
		return new String[] { "operator: " + operatorJwt, "resolver: MEMORY",
				"system_account: " + publicKey(this.system), "resolver_preload: { %s: %s, %s: %s }"
					.formatted(publicKey(this.account), accountJwt, publicKey(this.system), systemJwt) };
	}

	/**
	 * Writes the credentials file of a new user.
	 * @param file the file
	 * @return the file
	 */
	Path writeCredentials(Path file) throws Exception {
		return writeCredentials(file, null);
	}

	/**
	 * Writes the credentials file of a new user.
	 * @param file the file
	 * @param lifetime how long they are valid; negative if they have expired that long
	 * ago, {@code null} if they don't expire
	 * @return the file
	 */
	Path writeCredentials(Path file, @Nullable Duration lifetime) throws Exception {
		// The client leaves out times that are past when it issues a JWT
		boolean expired = lifetime != null && lifetime.isNegative();
		long issued = JwtUtils.currentTimeSeconds() - (expired ? 2 * lifetime.negated().toSeconds() : 0);
		NKey user = NKey.createUser(null);
		String jwt = JwtUtils.issueUserJWT(this.account, publicKey(this.account), publicKey(user), "app",
				expired ? lifetime.negated() : lifetime, new String[0], issued);
		return Files.writeString(file, JwtUtils.NATS_USER_JWT_FORMAT.formatted(jwt, new String(user.getSeed())));
	}

	private String issue(NKey subject, String name, String claims) throws Exception {
		JsonSerializable json = () -> claims;
		return JwtUtils.issueJWT(this.operator, publicKey(subject), name, null, JwtUtils.currentTimeSeconds(),
				publicKey(this.operator), json);
	}

	private static String publicKey(NKey key) throws Exception {
		return new String(key.getPublicKey());
	}

}
