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
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

import org.springframework.aop.support.AopUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the methods to call on beans that may be proxies.
 */
final class InvocableMethods {

	private InvocableMethods() {
	}

	/**
	 * Returns the method to call, so that the bean's proxy takes part.
	 * @param method the method, of the bean's own class
	 * @param beanType the bean's own class
	 * @param bean the bean, or its proxy
	 * @param problems takes what is wrong
	 * @return the method, or nothing if the proxy doesn't have it
	 */
	static Optional<Method> select(Method method, Class<?> beanType, Object bean, ProblemCollector problems) {
		if (AopUtils.isJdkDynamicProxy(bean)) {
			Optional<Method> found = ofInterface(method, beanType, bean.getClass());
			if (found.isEmpty()) {
				problems.add("the bean's proxy doesn't have the method, as it implements the bean's interfaces only",
						"Don't make the method private; declare it in the interface that the proxy has, or set spring.aop.proxy-target-class to true (proxyTargetClass where the proxies are enabled, ScopedProxyMode.TARGET_CLASS for a scope).");
			}
			return found;
		}
		if (AopUtils.isCglibProxy(bean) && !isOverridden(method, bean.getClass())) {
			// It would run in the proxy itself, whose fields are null
			problems.add(
					"the bean is behind a proxy, which can't take over the method: it is final, private, or visible in another package only",
					"Make the method public or protected, and not final (in Kotlin: open).");
			return Optional.empty();
		}
		return Optional.of(AopUtils.selectInvocableMethod(method, bean.getClass()));
	}

	private static Optional<Method> ofInterface(Method method, Class<?> beanType, Class<?> proxyType) {
		return ClassUtils.getAllInterfacesForClassAsSet(proxyType)
			.stream()
			.flatMap((type) -> Stream.of(type.getMethods()))
			.filter((candidate) -> candidate.getName().equals(method.getName())
					&& AopUtils.getMostSpecificMethod(candidate, beanType).equals(method))
			.findFirst();
	}

	private static boolean isOverridden(Method method, Class<?> proxyType) {
		return Arrays.stream(ReflectionUtils.getDeclaredMethods(proxyType))
			.anyMatch((candidate) -> candidate.getName().equals(method.getName())
					&& Arrays.equals(candidate.getParameterTypes(), method.getParameterTypes()));
	}

}
