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

import io.nats.client.NKey;
import io.nats.client.support.JsonSerializable;
import io.nats.client.support.JwtUtils;

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
		String operatorJwt = issue(this.operator, "operator", "{\"type\":\"operator\",\"version\":2}");
		String accountJwt = issue(this.account, "account",
				"""
						{"type":"account","version":2,"limits":{"subs":-1,"data":-1,"payload":-1,"imports":-1,"exports":-1,\
						"wildcards":true,"conn":-1,"leaf":-1,"mem_storage":-1,"disk_storage":-1,"streams":-1,"consumer":-1}}""");
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
		NKey user = NKey.createUser(null);
		String jwt = JwtUtils.issueUserJWT(this.account, publicKey(this.account), publicKey(user));
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
