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

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.Assert;

/**
 * Finds the methods that are annotated with {@link JetStreamListener @JetStreamListener},
 * and registers them together when all beans exist, so that all that is wrong with them
 * is reported at once.
 */
final class ListenerMethodPostProcessor implements BeanPostProcessor, BeanFactoryAware, SmartInitializingSingleton {

	// Guarded by itself, as beans may be created in the background
	private final List<ListenerMethod> found = new ArrayList<>();

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	private volatile @Nullable ListenerRegistrar registrar;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
		if (!(bean instanceof AopInfrastructureBean)
				&& AnnotationUtils.isCandidateClass(type, JetStreamListener.class)) {
			List<ListenerMethod> methods = listenerMethods(bean, type);
			ListenerRegistrar current = this.registrar;
			if (current == null) {
				synchronized (this.found) {
					this.found.addAll(methods);
				}
			}
			else if (!methods.isEmpty()) {
				// A bean that is created late, on demand
				current.register(methods);
			}
		}
		return bean;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Assert.state(this.beanFactory != null, "No bean factory");
		ListenerRegistrar created = new ListenerRegistrar(this.beanFactory);
		synchronized (this.found) {
			this.registrar = created;
			created.registerAll(this.found);
			this.found.clear();
		}
	}

	private static List<ListenerMethod> listenerMethods(Object bean, Class<?> type) {
		Map<Method, Set<JetStreamListener>> annotated = MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<@Nullable Set<JetStreamListener>>) (method) -> {
					Set<JetStreamListener> annotations = AnnotatedElementUtils.getMergedRepeatableAnnotations(method,
							JetStreamListener.class, JetStreamListener.Container.class);
					return annotations.isEmpty() ? null : annotations;
				});
		return annotated.entrySet()
			.stream()
			.map((entry) -> entry.getValue()
				.stream()
				.map((annotation) -> new ListenerMethod(bean, entry.getKey(), annotation))
				.toList())
			.flatMap(Collection::stream)
			.toList();
	}

}
