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

package io.github.jetstreamspring.topology;

import org.jspecify.annotations.Nullable;

/**
 * A setting that the server has another value for.
 *
 * @param key the setting's key
 * @param from the value on the server
 * @param to the value it shall have
 * @param changeableSince the oldest server version that makes this change, or
 * {@code null} if none does
 */
record Difference(String key, String from, String to, @Nullable ServerVersion changeableSince) {

	boolean isChangeableOn(ServerVersion server) {
		return this.changeableSince != null && !server.isOlderThan(this.changeableSince);
	}

	@Override
	public String toString() {
		return this.key + " " + this.from + " -> " + this.to;
	}

}
