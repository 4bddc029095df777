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

package io.github.jetstreamspring.annotation.handler;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;

import kotlin.jvm.JvmClassMappingKt;
import kotlin.reflect.KClass;
import kotlin.reflect.KFunction;
import kotlin.reflect.KParameter;
import kotlin.reflect.jvm.ReflectJvmMapping;
import org.jspecify.annotations.Nullable;

import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;

/**
 * A value class of Kotlin, which a function takes as what is in it: Java sees a
 * {@code String} where its author wrote {@code OrderId}.
 */
final class ValueClass {

	private final Class<?> type;

	private final Method unbox;

	private ValueClass(Class<?> type) throws NoSuchMethodException {
		this.type = type;
		this.unbox = type.getDeclaredMethod("unbox-impl");
		this.unbox.setAccessible(true);
	}

	/**
	 * Returns the value class that a parameter is of.
	 * @param parameter the parameter
	 * @return the class, or {@code null} if it is none, or Java sees it, too
	 */
	static @Nullable ValueClass of(MethodParameter parameter) {
		Method method = parameter.getMethod();
		if (method == null || !KotlinDetector.isKotlinReflectPresent()
				|| !KotlinDetector.isKotlinType(method.getDeclaringClass())) {
			return null;
		}
		Class<?> type = Reflection.type(method, parameter.getParameterIndex());
		try {
			return (type != null && type != parameter.getParameterType()) ? new ValueClass(type) : null;
		}
		catch (NoSuchMethodException ex) {
			return null;
		}
	}

	Class<?> type() {
		return this.type;
	}

	@Nullable Object unbox(@Nullable Object value) throws Exception {
		return this.type.isInstance(value) ? this.unbox.invoke(value) : value;
	}

	/**
	 * Has the class check what is to be in it, as its constructor does.
	 * @throws IllegalArgumentException if it doesn't take the value
	 */
	void check(@Nullable Object value) throws Exception {
		for (Method method : this.type.getDeclaredMethods()) {
			if (method.getName().equals("constructor-impl") && method.getParameterCount() == 1 && value != null) {
				try {
					method.setAccessible(true);
					method.invoke(null, value);
				}
				catch (InvocationTargetException ex) {
					throw new IllegalArgumentException(ex.getCause());
				}
			}
		}
	}

	/**
	 * What needs Kotlin's library is in a class that isn't loaded without it.
	 */
	private static final class Reflection {

		static @Nullable Class<?> type(Method method, int index) {
			KFunction<?> function = ReflectJvmMapping.getKotlinFunction(method);
			List<KParameter> parameters = (function != null) ? function.getParameters()
				.stream()
				.filter((parameter) -> parameter.getKind() == KParameter.Kind.VALUE)
				.toList() : List.of();
			return (index < parameters.size()
					&& parameters.get(index).getType().getClassifier() instanceof KClass<?> type && type.isValue())
							? JvmClassMappingKt.getJavaClass(type) : null;
		}

	}

}
