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

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;

/**
 * Finds the beans that have {@link JetStreamListener @JetStreamListener} methods, and
 * registers them together when all beans exist, so that all that is wrong with them is
 * reported at once. A bean that is destroyed before the application ends takes its
 * listeners along.
 */
final class ListenerMethodPostProcessor implements DestructionAwareBeanPostProcessor, SmartInitializingSingleton {

	private final ListenerAnnotations annotations = new ListenerAnnotations();

	private final ListenerBeanSearch search;

	private final ListenerRegistrar registrar;

	// Guards the three below: beans are made on any thread, and each one has to be either
	// among those that are registered together or be registered by itself. Held for no
	// longer than that, as registering asks the bean factory, which has a lock of its
	// own.
	private final Object lock = new Object();

	private final List<ListenerBean> found = new ArrayList<>();

	private final List<ListenerProblem> problems = new ArrayList<>();

	private boolean complete;

	ListenerMethodPostProcessor(ConfigurableListableBeanFactory beanFactory) {
		this.search = new ListenerBeanSearch(beanFactory, this.annotations);
		this.registrar = new ListenerRegistrar(beanFactory, this.annotations);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof AopInfrastructureBean) {
			return bean;
		}
		Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
		if (this.annotations.isOn(type)) {
			List<ListenerProblem> mistakes = new ArrayList<>();
			ListenerBean listener = this.search.isOneOfMany(bean, beanName)
					? this.search.search(beanName, type, () -> bean, mistakes) : ListenerBean.of(beanName, bean, type);
			if (!keep(listener, mistakes)) {
				// A bean that is created late, on demand
				this.registrar.register(listener, mistakes);
			}
		}
		return bean;
	}

	@Override
	public void afterSingletonsInstantiated() {
		List<ListenerProblem> mistakes = new ArrayList<>();
		List<ListenerBean> scoped = this.search.searchAll(mistakes);
		List<ListenerBean> all;
		synchronized (this.lock) {
			this.complete = true;
			this.found.addAll(scoped);
			all = List.copyOf(this.found);
			mistakes.addAll(this.problems);
			this.found.clear();
			this.problems.clear();
		}
		this.search.warnOfOthers(all);
		this.registrar.registerAll(all, mistakes);
	}

	@Override
	public boolean requiresDestruction(Object bean) {
		return this.annotations.isOn(bean.getClass());
	}

	@Override
	public void postProcessBeforeDestruction(Object bean, String beanName) {
		synchronized (this.lock) {
			// As it is when what it was made for can't be made
			for (Iterator<ListenerBean> listeners = this.found.iterator(); listeners.hasNext();) {
				if (listeners.next().isMadeOf(bean)) {
					listeners.remove();
				}
			}
		}
		this.registrar.unregister(bean);
	}

	private boolean keep(@Nullable ListenerBean listener, List<ListenerProblem> mistakes) {
		synchronized (this.lock) {
			if (this.complete) {
				return false;
			}
			if (listener != null) {
				this.found.add(listener);
			}
			this.problems.addAll(mistakes);
			return true;
		}
	}

}
