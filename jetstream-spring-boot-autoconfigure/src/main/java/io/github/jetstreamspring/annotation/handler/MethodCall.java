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

import io.github.jetstreamspring.listener.UnprocessableMessageException;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.KotlinDetector;
import org.springframework.util.ReflectionUtils;

/**
 * Calls a method of a bean.
 */
@FunctionalInterface
interface MethodCall {

	@Nullable Object call(@Nullable Object[] arguments) throws Exception;

	/**
	 * Returns the call of a method.
	 * @param bean the bean, or its proxy
	 * @param method the method as the bean has it
	 * @return the call
	 */
	static MethodCall of(Object bean, Method method) {
		return KotlinDetector.isSuspendingFunction(method) ? SuspendingCall.of(bean, method) : plain(bean, method);
	}

	/**
	 * Returns the call of a method of whichever object a bean has at the time.
	 * @param bean the bean
	 * @param method the method of the bean's own class
	 * @return the call
	 */
	static MethodCall ofCurrent(HandlerBean bean, Method method) {
		return (arguments) -> {
			Object current = bean.current();
			return of(current, AopUtils.selectInvocableMethod(method, current.getClass())).call(arguments);
		};
	}

	private static MethodCall plain(Object bean, Method method) {
		ReflectionUtils.makeAccessible(method);
		return (arguments) -> {
			try {
				return method.invoke(bean, arguments);
			}
			catch (InvocationTargetException ex) {
				ReflectionUtils.rethrowException(ex.getTargetException());
				throw ex;
			}
			catch (IllegalArgumentException ex) {
				// A null for a primitive, as an optional payload can be
				throw new UnprocessableMessageException("The message doesn't fit the method: " + ex.getMessage(), ex);
			}
		};
	}

}
