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

import java.lang.reflect.Method;

import kotlinx.coroutines.Dispatchers;

import org.springframework.core.CoroutinesUtils;
import org.springframework.core.PropagationContextElement;
import org.springframework.util.ClassUtils;

/**
 * Calls suspending functions. Apart from the other calls, because it needs Kotlin.
 */
final class SuspendingCall {

	private static final boolean PROPAGATION = ClassUtils.isPresent("io.micrometer.context.ContextSnapshotFactory",
			SuspendingCall.class.getClassLoader());

	private SuspendingCall() {
	}

	static MethodCall of(Object bean, Method method) {
		return PROPAGATION ? Propagating.of(bean, method)
				: (arguments) -> CoroutinesUtils.invokeSuspendingFunction(method, bean, arguments);
	}

	/**
	 * What needs Micrometer's library is in a class that isn't loaded without it.
	 */
	private static final class Propagating {

		// Wherever the function goes on, it finds what belongs to the worker's thread
		static MethodCall of(Object bean, Method method) {
			return (arguments) -> CoroutinesUtils.invokeSuspendingFunction(
					Dispatchers.getUnconfined().plus(new PropagationContextElement()), method, bean, arguments);
		}

	}

}
