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

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The servers that the tests of this JVM share. Who asks gets an account that nobody had
 * before; when a server has none left, there is another one. They end with the JVM.
 */
final class SharedNatsServers {

	// They cost 40 ms at start; few test suites have more contexts
	private static final int ACCOUNTS = 100;

	private static @Nullable NatsServerInstance current;

	private static int used;

	private SharedNatsServers() {
	}

	static synchronized EmbeddedNatsServer next() {
		NatsServerInstance instance = current;
		if (instance == null || used == ACCOUNTS || !instance.isRunning()) {
			instance = new NatsServerInstance(NatsServerExecutable.find(null), 0, null, true,
					List.of(NatsAccount.configuration(ACCOUNTS)));
			current = instance;
			used = 0;
		}
		return EmbeddedNatsServer.shared(instance, NatsAccount.of(used++));
	}

}
