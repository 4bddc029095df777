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

import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/**
 * What a parameter holds, as if it were the parameter itself: an element of a list, the
 * payload of a message, the value of an {@code Optional}. Converters and resolvers that
 * know parameters need to know nothing of what is around them.
 */
final class InnerParameter extends MethodParameter {

	private final MethodParameter outer;

	private final ResolvableType type;

	private InnerParameter(MethodParameter outer, ResolvableType type) {
		super(outer);
		this.outer = outer;
		this.type = type;
	}

	/**
	 * Returns what a parameter holds.
	 * @param outer the parameter as it was declared, of a type with one type argument
	 * @return what it holds
	 */
	static MethodParameter of(MethodParameter outer) {
		return new InnerParameter(outer, ResolvableType.forMethodParameter(outer).getGeneric());
	}

	/**
	 * Returns a parameter as if it were of a narrower type.
	 * @param outer the parameter
	 * @param type the type
	 * @return the same with this type
	 */
	static MethodParameter narrowed(MethodParameter outer, Class<?> type) {
		return new InnerParameter(outer, ResolvableType.forClass(type));
	}

	@Override
	public Class<?> getContainingClass() {
		return this.outer.getContainingClass();
	}

	@Override
	public Class<?> getParameterType() {
		return this.type.toClass();
	}

	@Override
	public Type getGenericParameterType() {
		// Kotlin compiles a List<Order> to a List<? extends Order>
		return (this.type.getType() instanceof WildcardType wildcard) ? wildcard.getUpperBounds()[0]
				: this.type.getType();
	}

	@Override
	public Annotation[] getParameterAnnotations() {
		return this.outer.getParameterAnnotations();
	}

	@Override
	public InnerParameter clone() {
		return new InnerParameter(this.outer, this.type);
	}

}
