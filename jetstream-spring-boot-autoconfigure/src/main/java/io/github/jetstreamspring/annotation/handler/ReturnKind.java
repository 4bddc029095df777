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

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * How a method says that it has handled its message.
 */
enum ReturnKind {

	/**
	 * It returns.
	 */
	SYNCHRONOUS,

	/**
	 * It completes a {@link CompletionStage}.
	 */
	STAGE,

	/**
	 * It completes a reactive type of at most one value, or it is a suspending function.
	 */
	REACTIVE,

	/**
	 * It returns something that would have to be waited for by a thread.
	 */
	FUTURE,

	/**
	 * It returns any number of values.
	 */
	SEVERAL;

	// Turns all other reactive types, and suspending functions, into stages
	private static final boolean REACTOR = ClassUtils.isPresent("reactor.core.publisher.Mono",
			ReturnKind.class.getClassLoader());

	static ReturnKind of(TargetMethod method) {
		Class<?> type = method.returnType().toClass();
		ReactiveAdapter adapter = adapter(type);
		if (adapter != null && adapter.isMultiValue()) {
			return SEVERAL;
		}
		boolean stage = CompletionStage.class.isAssignableFrom(type);
		if (stage && !method.isSuspending()) {
			return STAGE;
		}
		if (stage || Future.class.isAssignableFrom(type)) {
			return FUTURE;
		}
		return (adapter != null || method.isSuspending()) ? REACTIVE : SYNCHRONOUS;
	}

	/**
	 * Returns what makes stages of a reactive type.
	 * @param type the type
	 * @return the adapter, or {@code null} if the type is not reactive
	 */
	static @Nullable ReactiveAdapter adapter(Class<?> type) {
		return REACTOR ? ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) : null;
	}

	/**
	 * Returns whether a method has no value when it has handled its message.
	 * @param method the method
	 * @return whether there is nothing to publish
	 */
	boolean isVoid(TargetMethod method) {
		Class<?> type = valueType(method);
		return type == void.class || type == Void.class || type.getName().equals("kotlin.Unit");
	}

	/**
	 * Returns the type of the value that a method has when it has handled its message.
	 * @param method the method
	 * @return the type, {@code void} or one like it if there is no value
	 */
	Class<?> valueType(TargetMethod method) {
		ResolvableType type = method.returnType();
		ReactiveAdapter adapter = (this == REACTIVE) ? adapter(type.toClass()) : null;
		if (adapter != null && adapter.isNoValue()) {
			return void.class;
		}
		return ((this == STAGE || adapter != null) ? type.getGeneric() : type).toClass();
	}

}
