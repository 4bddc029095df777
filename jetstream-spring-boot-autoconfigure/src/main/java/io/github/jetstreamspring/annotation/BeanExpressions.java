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

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.Scope;
import org.springframework.context.expression.StandardBeanExpressionResolver;
import org.springframework.util.ObjectUtils;
import org.springframework.util.StringValueResolver;

/**
 * Resolves the placeholders and expressions in the annotations of a bean, which
 * expressions know as {@code __listener}: so two beans of one class can be different
 * listeners.
 */
final class BeanExpressions implements StringValueResolver {

	private static final String LISTENER = "__listener";

	private final ConfigurableBeanFactory beanFactory;

	private final Supplier<?> listener;

	/**
	 * Creates a resolver.
	 * @param beanFactory knows the placeholders and the other beans
	 * @param listener returns the bean that has the annotations
	 */
	BeanExpressions(ConfigurableBeanFactory beanFactory, Supplier<?> listener) {
		this.beanFactory = beanFactory;
		this.listener = listener;
	}

	/**
	 * Resolves a text that stands for one value.
	 * @throws IllegalArgumentException if it stands for several
	 */
	@Override
	public @Nullable String resolveStringValue(String text) {
		Object value = evaluate(text);
		if (value instanceof Collection<?> || ObjectUtils.isArray(value)) {
			throw new IllegalArgumentException("it has several values where there can be one only");
		}
		return (value != null) ? value.toString() : null;
	}

	/**
	 * Resolves a text that may stand for several values, as an expression with a list or
	 * an array does.
	 * @param text the text
	 * @return the values
	 */
	List<String> resolveAll(String text) {
		Object value = evaluate(text);
		Collection<?> values = (value instanceof Collection<?> collection) ? collection
				: Arrays.asList(ObjectUtils.isArray(value) ? ObjectUtils.toObjectArray(value) : new Object[] { value });
		return values.stream().filter(Objects::nonNull).map(Object::toString).toList();
	}

	private @Nullable Object evaluate(String text) {
		String resolved = this.beanFactory.resolveEmbeddedValue(text);
		BeanExpressionResolver expressions = this.beanFactory.getBeanExpressionResolver();
		if (resolved == null || expressions == null) {
			return resolved;
		}
		if (!resolved.contains(LISTENER)) {
			return expressions.evaluate(resolved, new BeanExpressionContext(this.beanFactory, null));
		}
		// One of its own, as it keeps what it has seen, and the bean may be gone tomorrow
		return new StandardBeanExpressionResolver(this.beanFactory.getBeanClassLoader()).evaluate(resolved,
				new BeanExpressionContext(this.beanFactory, new ListenerScope(this.listener)));
	}

	/**
	 * Knows the bean by its name in expressions, and nothing else of a scope.
	 */
	private record ListenerScope(Supplier<?> listener) implements Scope {

		@Override
		public @Nullable Object resolveContextualObject(String key) {
			return key.equals(LISTENER) ? this.listener.get() : null;
		}

		@Override
		public Object get(String name, ObjectFactory<?> objectFactory) {
			return objectFactory.getObject();
		}

		@Override
		public @Nullable Object remove(String name) {
			return null;
		}

		@Override
		public void registerDestructionCallback(String name, Runnable callback) {
			// It has no objects that could be destroyed
		}

	}

}
