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

import java.util.stream.IntStream;

/**
 * An account on a server that several share: its streams and subjects are its own.
 *
 * @param user the name of its only user
 * @param password the user's password
 */
record NatsAccount(String user, String password) {

	static NatsAccount of(int number) {
		return new NatsAccount("test" + number, "test" + number);
	}

	/**
	 * Returns the configuration of a server with accounts, numbered from 0.
	 */
	static String configuration(int count) {
		StringBuilder lines = new StringBuilder("accounts {\n");
		IntStream.range(0, count)
			.mapToObj(NatsAccount::of)
			.forEach((account) -> lines
				.append("  %1$s { jetstream: enabled, users: [ { user: %1$s, password: %2$s } ] }\n"
					.formatted(account.user(), account.password())));
		return lines.append('}').toString();
	}

}
