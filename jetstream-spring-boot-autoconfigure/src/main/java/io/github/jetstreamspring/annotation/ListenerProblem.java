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

/**
 * Something that keeps a listener from being set up.
 *
 * @param method the annotated method
 * @param listener the listener's id, or its consumer if the id isn't known
 * @param description what is wrong
 * @param fix what to do about it, YAML included; may have several lines
 * @since 0.1.0
 */
public record ListenerProblem(String method, String listener, String description, String fix) {

	@Override
	public String toString() {
		return "Listener '%s' (%s): %s".formatted(this.listener, this.method, this.description);
	}

}
