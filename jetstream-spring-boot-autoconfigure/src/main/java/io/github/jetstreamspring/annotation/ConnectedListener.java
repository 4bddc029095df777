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

import io.github.jetstreamspring.listener.ListenerDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A listener and the connection that it is for.
 *
 * @param definition the listener
 * @param connection the connection's name, or {@code null} for the default one
 * @param bean the bean whose method it calls
 * @param retryPolicy the name of the bean that is its retry policy, or {@code null} if it
 * names none
 */
record ConnectedListener(ListenerDefinition definition, @Nullable String connection, ListenerBean bean,
		@Nullable String retryPolicy) {

	String id() {
		return this.definition.id();
	}

}
