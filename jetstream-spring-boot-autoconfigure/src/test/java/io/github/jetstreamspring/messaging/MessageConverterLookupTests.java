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

import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.messaging.converter.StringMessageConverter;

import static org.assertj.core.api.Assertions.assertThat;

class MessageConverterLookupTests {

	private static final String DEFAULT = MessageConverterLookup.DEFAULT_BEAN_NAME;

	private final DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();

	MessageConverterLookupTests() {
		register(DEFAULT, (definition) -> definition.setAutowireCandidate(false));
	}

	@Test
	void whenThereIsNoneThenTheDefaultIsFound() {
		assertFound(DEFAULT);
	}

	@Test
	void whenThereIsOneThenItIsFound() {
		register("mine");
		assertFound("mine");
	}

	@Test
	void whenThereIsASingletonWithoutADefinitionThenItIsFound() {
		this.beanFactory.registerSingleton("mine", new StringMessageConverter());
		assertFound("mine");
		register("other");
		assertFound(DEFAULT);
	}

	@Test
	void whenThereAreTwoThenTheDefaultIsFound() {
		register("one");
		register("two");
		assertFound(DEFAULT);
	}

	@Test
	void whenOneOfTwoIsPrimaryThenItIsFound() {
		register("one");
		register("two", (definition) -> definition.setPrimary(true));
		assertFound("two");
	}

	@Test
	void whenOneHasTheNameThenItIsFound() {
		register("one", (definition) -> definition.setPrimary(true));
		register("jetStreamMessageConverter");
		assertFound("jetStreamMessageConverter");
	}

	@ParameterizedTest
	@ValueSource(strings = { "brokerMessageConverter", "integrationArgumentResolverMessageConverter",
			"datatypeChannelMessageConverter" })
	void whenThereIsOneOfAnotherFrameworkThenItIsNotFound(String foreign) {
		register(foreign);
		assertFound(DEFAULT);
		register("mine");
		assertFound("mine");
	}

	private void register(String name) {
		register(name, (definition) -> {
		});
	}

	private void register(String name, Consumer<BeanDefinition> customizer) {
		RootBeanDefinition definition = new RootBeanDefinition(StringMessageConverter.class);
		customizer.accept(definition);
		this.beanFactory.registerBeanDefinition(name, definition);
	}

	private void assertFound(String name) {
		assertThat(MessageConverterLookup.find(this.beanFactory)).isSameAs(this.beanFactory.getBean(name));
	}

}
