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

import java.util.Map;
import java.util.Set;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Says whether there is a server, whatever the configuration says, and which listeners
 * there are.
 *
 * @param enabled whether there is a server
 * @param listeners the listeners that the test names, if it does
 */
record JetStreamContextCustomizer(boolean enabled, Set<Class<?>> listeners) implements ContextCustomizer {

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("JetStream of the test", Map.of("jetstream.enabled", this.enabled)));
		if (!this.listeners.isEmpty()) {
			ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
			// As a bean it comes after those that find components
			((BeanDefinitionRegistry) beanFactory).registerBeanDefinition(NamedListenersRegistrar.class.getName(),
					new RootBeanDefinition(NamedListenersRegistrar.class,
							() -> new NamedListenersRegistrar(beanFactory, this.listeners)));
		}
	}

}
