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

import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.ResolvableType;

/**
 * Says which classes messages are converted to and from, where that isn't plain from the
 * methods: that a handler is called by reflection and takes an {@code Order} is said by
 * Spring, as listeners are its message mappings. It leaves out what a sealed type
 * permits.
 */
final class ListenerHints implements BeanRegistrationAotProcessor {

	private final ListenerAnnotations annotations = new ListenerAnnotations();

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
		Class<?> type = bean.getBeanClass();
		Set<Class<?>> permitted = new LinkedHashSet<>();
		Stream.concat(this.annotations.of(type).keySet().stream(), this.annotations.handlersOf(type).keySet().stream())
			.forEach((method) -> collect(method, type, permitted));
		if (permitted.isEmpty()) {
			return null;
		}
		return (generation, code) -> new BindingReflectionHintsRegistrar()
			.registerReflectionHints(generation.getRuntimeHints().reflection(), permitted.toArray(Class<?>[]::new));
	}

	private static void collect(Method method, Class<?> bean, Set<Class<?>> permitted) {
		collect(ResolvableType.forMethodReturnType(method, bean), permitted);
		for (int i = 0; i < method.getParameterCount(); i++) {
			collect(ResolvableType.forMethodParameter(method, i, bean), permitted);
		}
	}

	private static void collect(ResolvableType type, Set<Class<?>> permitted) {
		collect(type.toClass(), permitted);
		for (ResolvableType generic : type.getGenerics()) {
			collect(generic, permitted);
		}
	}

	private static void collect(Class<?> type, Set<Class<?>> permitted) {
		// Those of Java itself, such as its numbers, are no payloads
		if (!type.isSealed() || type.getName().startsWith("java.")) {
			return;
		}
		for (Class<?> subclass : type.getPermittedSubclasses()) {
			if (permitted.add(subclass)) {
				collect(subclass, permitted);
			}
		}
	}

}
