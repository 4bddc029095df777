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

import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application that is made ahead of time knows of its listeners.
 */
class ReflectionHintsTests {

	private final RuntimeHints hints = new RuntimeHints();

	@Test
	void whenAMethodIsAListenerThenItAndItsPayloadCanBeUsed() throws Exception {
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(this.hints, Methods.class);
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(Methods.class.getDeclaredMethod("handle", Order.class))).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(Order.class)).accepts(this.hints);
	}

	@Test
	void whenAClassIsAListenerThenItsHandlersAndTheirPayloadsCanBeUsed() throws Exception {
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(this.hints, Handlers.class);
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(Handlers.class.getDeclaredMethod("handle", Order.class))).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(Order.class)).accepts(this.hints);
	}

	record Order(String id) {
	}

	static class Methods {

		@JetStreamListener("worker")
		void handle(Order order) {
		}

	}

	@JetStreamListener("worker")
	static class Handlers {

		@JetStreamHandler
		void handle(Order order) {
		}

	}

}
