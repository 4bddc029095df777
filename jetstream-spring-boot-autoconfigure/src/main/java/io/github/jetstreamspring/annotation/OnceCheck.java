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

package io.github.jetstreamspring.annotation;

import java.util.List;
import java.util.Optional;

import io.github.jetstreamspring.annotation.handler.JoinCheck;
import io.github.jetstreamspring.annotation.handler.ProblemCollector;
import io.github.jetstreamspring.annotation.handler.TargetMethod;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerOptions;
import io.github.jetstreamspring.listener.OnceMode;
import io.github.jetstreamspring.listener.OnceUnavailableException;

/**
 * Looks whether listeners can handle each message once that are to.
 *
 * @param listeners the registry for the listeners
 */
record OnceCheck(JetStreamListeners listeners) {

	void check(String id, ListenerOptions options, ListenerDeclaration declaration, ProblemCollector problems) {
		if (options.once() == null || options.once() == OnceMode.FALSE) {
			return;
		}
		if (!declaration.methods().stream().allMatch(TargetMethod::isSynchronous)) {
			problems.add(
					"it is to handle each message once, but returns before its work is done, and the transaction would end without it",
					"Do the work on the thread of the handler, and return void or the result; or set jetstream.listeners.%s.once: false."
						.formatted(id));
		}
		JoinCheck join = new JoinCheck(problems);
		List<String> transactionManagers = declaration.methods()
			.stream()
			.map(join::check)
			.flatMap(Optional::stream)
			.distinct()
			.toList();
		try {
			this.listeners.prepareOnce(transactionManagers);
		}
		catch (OnceUnavailableException ex) {
			problems.add("it is to handle each message once, but " + ex.getMessage(), ex.getFix());
		}
	}

}
