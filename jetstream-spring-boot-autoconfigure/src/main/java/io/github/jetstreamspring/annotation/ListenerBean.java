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

import java.util.function.Supplier;

import io.github.jetstreamspring.annotation.handler.HandlerBean;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.BeanFactory;

/**
 * The bean that a listener calls: one object, or the one that a scope has at the time.
 */
final class ListenerBean implements HandlerBean {

	private final String name;

	private final Class<?> type;

	private final Supplier<Object> current;

	private final boolean fixed;

	private ListenerBean(String name, Class<?> type, Supplier<Object> current, boolean fixed) {
		this.name = name;
		this.type = type;
		this.current = current;
		this.fixed = fixed;
	}

	/**
	 * Returns a bean that is one object.
	 * @param name the bean's name
	 * @param bean the bean, or its proxy
	 * @param type the class that its author wrote
	 * @return the bean
	 */
	static ListenerBean of(String name, Object bean, Class<?> type) {
		return new ListenerBean(name, type, () -> bean, true);
	}

	/**
	 * Returns a bean whose object may be another one for each message.
	 * @param name the bean's name
	 * @param type the class that its author wrote
	 * @param beanFactory knows which object it is at the time
	 * @return the bean
	 */
	static ListenerBean scoped(String name, Class<?> type, BeanFactory beanFactory) {
		return new ListenerBean(name, type, () -> beanFactory.getBean(name), false);
	}

	String name() {
		return this.name;
	}

	/**
	 * Returns the class that its author wrote, which no proxy hides.
	 * @return the class
	 */
	Class<?> type() {
		return this.type;
	}

	@Override
	public Object current() {
		return this.current.get();
	}

	@Override
	public boolean isFixed() {
		return this.fixed;
	}

	/**
	 * Returns whether this is the bean that is made of an object.
	 * @param object the object, without its proxy
	 * @return whether it is
	 */
	boolean isMadeOf(Object object) {
		@Nullable Object candidate = this.fixed ? current() : null;
		while (candidate != null) {
			if (candidate == object) {
				return true;
			}
			candidate = AopProxyUtils.getSingletonTarget(candidate);
		}
		return false;
	}

	/**
	 * Returns whether this is another object of the same bean.
	 * @param other the other one
	 * @return whether it is
	 */
	boolean isSame(ListenerBean other) {
		return this.name.equals(other.name) && this.type == other.type;
	}

}
