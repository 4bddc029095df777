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

package io.github.jetstreamspring.test;

import java.util.Set;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Makes beans of the listeners that a test names, unless they are components and have
 * been found.
 */
final class NamedListenersRegistrar implements BeanDefinitionRegistryPostProcessor {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Set<Class<?>> listeners;

	NamedListenersRegistrar(ConfigurableListableBeanFactory beanFactory, Set<Class<?>> listeners) {
		this.beanFactory = beanFactory;
		this.listeners = listeners;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		for (Class<?> listener : this.listeners) {
			if (this.beanFactory.getBeanNamesForType(listener, true, false).length == 0) {
				BeanDefinition definition = new RootBeanDefinition(listener);
				registry.registerBeanDefinition(listener.getName(), definition);
			}
		}
	}

}
