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
import java.util.List;
import java.util.Optional;

import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.messaging.handler.annotation.SendTo;

/**
 * An annotated method of a bean's own class, behind whichever proxy, with types as that
 * class sees them.
 *
 * @since 0.1.0
 */
public final class TargetMethod extends AnnotatedMethod {

	private final Class<?> beanType;

	private final List<MethodParameter> parameters;

	/**
	 * Creates a method.
	 * @param method the method, of the bean's own class
	 * @param beanType the class of the bean, without proxies
	 */
	public TargetMethod(Method method, Class<?> beanType) {
		super(method);
		this.beanType = beanType;
		List<MethodParameter> all = List.of(getMethodParameters());
		for (MethodParameter parameter : all) {
			parameter.initParameterNameDiscovery(DefaultParameterNameDiscoverer.getSharedInstance());
		}
		this.parameters = all.subList(0, all.size() - (isSuspending() ? 1 : 0));
	}

	@Override
	protected Class<?> getContainingClass() {
		return this.beanType;
	}

	Class<?> beanType() {
		return this.beanType;
	}

	/**
	 * Returns the parameters that its author sees, without the continuation of a
	 * suspending function.
	 * @return the parameters
	 */
	List<MethodParameter> parameters() {
		return this.parameters;
	}

	/**
	 * Whether this is a suspending function of Kotlin.
	 * @return whether it is
	 */
	boolean isSuspending() {
		return KotlinDetector.isSuspendingFunction(getMethod());
	}

	/**
	 * Returns the type its author sees.
	 * @return the return type
	 */
	ResolvableType returnType() {
		if (isSuspending()) {
			MethodParameter continuation = getMethodParameters()[this.parameters.size()];
			return ResolvableType.forMethodParameter(continuation).getGeneric();
		}
		return ResolvableType.forMethodParameter(getReturnType());
	}

	/**
	 * Returns what says where its result goes: an annotation on the method or, if the
	 * method has a result, the one on its class.
	 * @return the annotation, or nothing if nobody wants its result
	 */
	Optional<SendTo> sendTo() {
		SendTo own = getMethodAnnotation(SendTo.class);
		if (own != null || ReturnKind.of(this).isVoid(this)) {
			return Optional.ofNullable(own);
		}
		return Optional.ofNullable(AnnotatedElementUtils.findMergedAnnotation(this.beanType, SendTo.class));
	}

	/**
	 * Returns whether its work is done when it returns.
	 * @return whether it is; not if it returns something that completes later
	 */
	public boolean isSynchronous() {
		return ReturnKind.of(this) == ReturnKind.SYNCHRONOUS;
	}

}
