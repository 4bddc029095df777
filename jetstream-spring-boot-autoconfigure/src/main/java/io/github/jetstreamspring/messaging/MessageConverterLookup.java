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

package io.github.jetstreamspring.messaging;

import java.util.List;
import java.util.Set;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.messaging.converter.MessageConverter;

/**
 * Finds the message converter of an application, for listeners and publishers alike.
 * <p>
 * It is the bean {@value #BEAN_NAME}; without one, the only or primary
 * {@link MessageConverter} bean of the application's own; otherwise the bean
 * {@value #DEFAULT_BEAN_NAME}. A converter that isn't to be for all listeners has
 * {@code defaultCandidate = false}.
 *
 * @since 0.1.0
 */
public final class MessageConverterLookup {

	/**
	 * Name of the bean that takes precedence over all others.
	 */
	public static final String BEAN_NAME = "jetStreamMessageConverter";

	/**
	 * Name of the bean that is used when there is no other.
	 */
	public static final String DEFAULT_BEAN_NAME = "jetStreamDefaultMessageConverter";

	// Those of Spring's WebSocket messaging and of Spring Integration, which are for
	// messages of their own
	private static final Set<String> FOREIGN = Set.of("brokerMessageConverter",
			"integrationArgumentResolverMessageConverter", "datatypeChannelMessageConverter");

	private MessageConverterLookup() {
	}

	/**
	 * Finds the message converter.
	 * @param beanFactory the beans
	 * @return the message converter
	 * @throws org.springframework.beans.factory.NoSuchBeanDefinitionException if there is
	 * none
	 */
	public static MessageConverter find(ConfigurableListableBeanFactory beanFactory) {
		return beanFactory.getBean(name(beanFactory), MessageConverter.class);
	}

	private static String name(ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.containsBean(BEAN_NAME)) {
			return BEAN_NAME;
		}
		List<String> own = own(beanFactory);
		if (own.size() > 1) {
			own = own.stream().filter((name) -> isPrimary(beanFactory, name)).toList();
		}
		return (own.size() == 1) ? own.get(0) : DEFAULT_BEAN_NAME;
	}

	private static List<String> own(ConfigurableListableBeanFactory beanFactory) {
		List<String> names = CandidateBeans.names(beanFactory, MessageConverter.class);
		names.remove(DEFAULT_BEAN_NAME);
		names.removeAll(FOREIGN);
		return names;
	}

	private static boolean isPrimary(ConfigurableListableBeanFactory beanFactory, String name) {
		return beanFactory.containsBeanDefinition(name) && beanFactory.getMergedBeanDefinition(name).isPrimary();
	}

}
