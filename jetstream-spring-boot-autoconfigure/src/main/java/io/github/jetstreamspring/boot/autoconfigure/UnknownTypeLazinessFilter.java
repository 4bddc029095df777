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

import java.lang.reflect.Modifier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.core.type.MethodMetadata;

/**
 * Keeps beans of the application from being made lazy whose definition doesn't tell their
 * class, as its method returns an interface or {@code Object}: there may be listener
 * methods in them.
 */
final class UnknownTypeLazinessFilter implements LazyInitializationExcludeFilter {

	private final BeanFactory beanFactory;

	UnknownTypeLazinessFilter(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public boolean isExcluded(String beanName, BeanDefinition beanDefinition, Class<?> beanType) {
		return (Modifier.isAbstract(beanType.getModifiers()) || beanType == Object.class)
				&& isOfApplication(beanDefinition);
	}

	private boolean isOfApplication(BeanDefinition definition) {
		MethodMetadata method = factoryMethod(definition);
		return method != null && AutoConfigurationPackages.has(this.beanFactory)
				&& AutoConfigurationPackages.get(this.beanFactory)
					.stream()
					.anyMatch((name) -> method.getDeclaringClassName().startsWith(name + "."));
	}

	private static @Nullable MethodMetadata factoryMethod(BeanDefinition definition) {
		return (definition instanceof AnnotatedBeanDefinition annotated) ? annotated.getFactoryMethodMetadata() : null;
	}

}
