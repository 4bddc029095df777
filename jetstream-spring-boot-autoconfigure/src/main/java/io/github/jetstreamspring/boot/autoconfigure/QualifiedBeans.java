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

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.util.Assert;

/**
 * Finds beans that are for one connection. Those of a named one have its name as their
 * qualifier and are not injected without it; all others are for the default one.
 */
final class QualifiedBeans {

	private final ConfigurableListableBeanFactory beanFactory;

	private final @Nullable String connection;

	/**
	 * Creates a finder.
	 * @param beanFactory has the beans
	 * @param connection the name of the connection, or {@code null} for the default one
	 */
	QualifiedBeans(ConfigurableListableBeanFactory beanFactory, @Nullable String connection) {
		this.beanFactory = beanFactory;
		this.connection = connection;
	}

	/**
	 * Returns the names of the beans that are for the connection, in this context or, if
	 * it has none, in the nearest of its ancestors. None of them is created for that.
	 */
	List<String> names(Class<?> type) {
		return names(type, false);
	}

	private List<String> names(Class<?> type, boolean eager) {
		ListableBeanFactory factory = this.beanFactory;
		while (factory != null) {
			List<String> names = new ArrayList<>();
			for (String name : factory.getBeanNamesForType(type, true, eager)) {
				if (isOwn(name)) {
					names.add(name);
				}
			}
			if (!names.isEmpty()) {
				return names;
			}
			factory = parent(factory);
		}
		return List.of();
	}

	private static @Nullable ListableBeanFactory parent(ListableBeanFactory factory) {
		return (factory instanceof HierarchicalBeanFactory child
				&& child.getParentBeanFactory() instanceof ListableBeanFactory parent) ? parent : null;
	}

	/**
	 * Returns the bean that is for the connection, of this context or else of the nearest
	 * of its ancestors that has one, or {@code null} if there is none.
	 */
	<T> @Nullable T find(Class<T> type) {
		List<T> beans = sorted(type, names(type, true).toArray(new String[0]), this::isOwn);
		Assert.state(beans.size() <= 1, () -> "Connection '%s' has %d beans of type %s, but takes one"
			.formatted(this.connection, beans.size(), type.getSimpleName()));
		return beans.isEmpty() ? null : beans.get(0);
	}

	/**
	 * Returns the bean that is for the connection, as {@link #find} does.
	 */
	<T> T get(Class<T> type) {
		T bean = find(type);
		Assert.state(bean != null,
				() -> "Connection '%s' has no bean of type %s".formatted(this.connection, type.getSimpleName()));
		return bean;
	}

	/**
	 * Returns the beans that are for the connection, in their order, ancestors of the
	 * context included.
	 */
	<T> List<T> own(Class<T> type) {
		return sorted(type, allNames(type), this::isOwn);
	}

	/**
	 * Returns the beans that are for all connections, and then those that are for a named
	 * one, ancestors of the context included.
	 */
	<T> List<T> commonAndOwn(Class<T> type) {
		List<T> common = sorted(type, allNames(type), this::isCommon);
		return (this.connection != null) ? Stream.concat(common.stream(), own(type).stream()).toList() : common;
	}

	private String[] allNames(Class<?> type) {
		return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, type);
	}

	private <T> List<T> sorted(Class<T> type, String[] names, Predicate<String> filter) {
		if (names.length == 0) {
			return List.of();
		}
		Map<Object, String> namesByBean = new IdentityHashMap<>();
		List<T> beans = new ArrayList<>();
		for (String name : names) {
			Object bean = filter.test(name) ? this.beanFactory.getBean(name) : null;
			// A factory method may have returned null
			if (bean != null && !bean.equals(null)) {
				namesByBean.put(bean, name);
				beans.add(type.cast(bean));
			}
		}
		beans.sort(AnnotationAwareOrderComparator.INSTANCE
			.withSourceProvider((bean) -> orderSources(definition(namesByBean.get(bean)))));
		return beans;
	}

	// Where an order may be set besides the bean itself, as for beans that are injected
	private static Object @Nullable [] orderSources(@Nullable RootBeanDefinition definition) {
		if (definition == null) {
			return null;
		}
		Ordered order = (definition.getAttribute(AbstractBeanDefinition.ORDER_ATTRIBUTE) instanceof Integer value)
				? () -> value : null;
		return Stream.of(order, definition.getResolvedFactoryMethod(), definition.getTargetType())
			.filter(Objects::nonNull)
			.toArray();
	}

	private boolean isOwn(String name) {
		String wanted = this.connection;
		return (wanted == null) ? isCommon(name) : !isCommon(name)
				&& BeanFactoryAnnotationUtils.isQualifierMatch(wanted::equals, name, this.beanFactory);
	}

	private boolean isCommon(String name) {
		RootBeanDefinition definition = definition(name);
		return definition == null || (definition.isAutowireCandidate() && definition.isDefaultCandidate());
	}

	private @Nullable RootBeanDefinition definition(@Nullable String name) {
		try {
			return (name != null
					&& this.beanFactory.getMergedBeanDefinition(name) instanceof RootBeanDefinition definition)
							? definition : null;
		}
		catch (NoSuchBeanDefinitionException ex) {
			// The bean has been registered as an object
			return null;
		}
	}

}
