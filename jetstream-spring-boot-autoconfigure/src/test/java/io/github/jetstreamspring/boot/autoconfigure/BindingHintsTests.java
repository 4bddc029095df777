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

import io.github.jetstreamspring.listener.ListenerOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a native image needs to know to bind the properties.
 */
class BindingHintsTests {

	@ParameterizedTest
	@ValueSource(classes = { JetStreamProperties.class, StreamProperties.class, ConsumerProperties.class,
			NamedConnectionProperties.class, ListenerOptions.class, ListenerOptions.Retry.class,
			ListenerOptions.Batch.class, ListenerOptions.CircuitBreaker.class })
	void whenPropertiesAreBoundInANativeImageThenTheirConstructorsCanBeCalled(Class<?> type) {
		RuntimeHints hints = new RuntimeHints();
		BindableRuntimeHintsRegistrar.forTypes(JetStreamProperties.class).registerHints(hints);
		assertThat(RuntimeHintsPredicates.reflection()
			.onType(type)
			.withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)
			.or(RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getDeclaredConstructors()[0])))
			.accepts(hints);
	}

}
