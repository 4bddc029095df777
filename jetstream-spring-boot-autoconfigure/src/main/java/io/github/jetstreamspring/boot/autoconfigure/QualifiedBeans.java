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

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.util.Assert;

/**
 * Finds beans that are for one connection: they have its name as their qualifier, and are
 * not injected without it.
 */
final class QualifiedBeans {

	private static final Comparator<Object> BY_ORDER = AnnotationAwareOrderComparator.INSTANCE
		.withSourceProvider((candidate) -> ((Candidate<?>) candidate).sources());

	private final ConfigurableListableBeanFactory beanFactory;

	QualifiedBeans(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Returns the names of the beans that are for a connection. None of them is created
	 * for that.
	 */
	List<String> names(String connection, Class<?> type) {
		return Arrays.stream(this.beanFactory.getBeanNamesForType(type, true, false))
			.filter((name) -> isFor(connection, name))
			.toList();
	}

	/**
	 * Returns the beans that are for a connection, in their order.
	 */
	<T> List<T> of(String connection, Class<T> type) {
		return sorted(type, (name) -> isFor(connection, name));
	}

	/**
	 * Returns the bean that is for a connection, or {@code null} if there is none.
	 */
	<T> @Nullable T find(String connection, Class<T> type) {
		List<T> beans = of(connection, type);
		Assert.state(beans.size() <= 1, () -> "Connection '%s' has %d beans of type %s, but takes one"
			.formatted(connection, beans.size(), type.getSimpleName()));
		return beans.isEmpty() ? null : beans.get(0);
	}

	/**
	 * Returns the bean that is for a connection.
	 */
	<T> T get(String connection, Class<T> type) {
		T bean = find(connection, type);
		Assert.state(bean != null,
				() -> "Connection '%s' has no bean of type %s".formatted(connection, type.getSimpleName()));
		return bean;
	}

	/**
	 * Returns the beans that are for all connections, and then those that are for one.
	 */
	<T> List<T> commonAndOf(String connection, Class<T> type) {
		return Stream.concat(sorted(type, this::isCommon).stream(), of(connection, type).stream()).toList();
	}

	private <T> List<T> sorted(Class<T> type, Predicate<String> filter) {
		return Arrays.stream(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, type))
			.filter(filter)
			.map((name) -> new Candidate<>(this.beanFactory.getBean(name, type), factoryMethod(name)))
			.sorted(BY_ORDER)
			.map(Candidate::bean)
			.toList();
	}

	private boolean isFor(String connection, String name) {
		return !isCommon(name)
				&& BeanFactoryAnnotationUtils.isQualifierMatch(connection::equals, name, this.beanFactory);
	}

	private boolean isCommon(String name) {
		RootBeanDefinition definition = definition(name);
		return definition == null || (definition.isAutowireCandidate() && definition.isDefaultCandidate());
	}

	private @Nullable Method factoryMethod(String name) {
		RootBeanDefinition definition = definition(name);
		return (definition != null) ? definition.getResolvedFactoryMethod() : null;
	}

	private @Nullable RootBeanDefinition definition(String name) {
		return (this.beanFactory.containsBeanDefinition(name)
				&& this.beanFactory.getMergedBeanDefinition(name) instanceof RootBeanDefinition definition) ? definition
						: null;
	}

	/**
	 * A bean, and where its order may be set.
	 */
	private record Candidate<T>(T bean, @Nullable Method factoryMethod) {

		Object[] sources() {
			return Stream.of(this.factoryMethod, this.bean).filter(Objects::nonNull).toArray();
		}

	}

}
