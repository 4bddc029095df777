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

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ConfigurationClassPostProcessor;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class QualifiedBeansTests {

	@Test
	void whenBeansHaveAnOrderThenThoseForAllComeFirstAndThenThoseForTheConnection() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Beans.class)) {
			QualifiedBeans beans = new QualifiedBeans(context.getBeanFactory());
			assertThat(beans.commonAndOf("east", CharSequence.class)).containsExactly("common 1", "common 2", "east 1",
					"east 2");
			assertThat(beans.of("west", CharSequence.class)).containsExactly("west");
			assertThat(beans.of("north", CharSequence.class)).isEmpty();
		}
	}

	@Test
	void whenOneIsWantedThenThereMustBeOne() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Beans.class)) {
			QualifiedBeans beans = new QualifiedBeans(context.getBeanFactory());
			assertThat(beans.get("west", CharSequence.class)).isEqualTo("west");
			assertThat(beans.find("north", CharSequence.class)).isNull();
			assertThatIllegalStateException().isThrownBy(() -> beans.get("north", CharSequence.class))
				.withMessage("Connection 'north' has no bean of type CharSequence");
			assertThatIllegalStateException().isThrownBy(() -> beans.find("east", CharSequence.class))
				.withMessage("Connection 'east' has 2 beans of type CharSequence, but takes one");
		}
	}

	@Test
	void whenNamesAreLookedUpThenNothingIsCreated() {
		DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();
		new AnnotatedBeanDefinitionReader(beanFactory).register(Beans.class);
		ConfigurationClassPostProcessor processor = new ConfigurationClassPostProcessor();
		processor.postProcessBeanFactory(beanFactory);
		assertThat(new QualifiedBeans(beanFactory).names("east", CharSequence.class))
			.containsExactlyInAnyOrder("second", "first");
		assertThat(beanFactory.containsSingleton("second")).isFalse();
	}

	@Configuration(proxyBeanMethods = false)
	static class Beans {

		@Bean
		@Order(2)
		CharSequence two() {
			return "common 2";
		}

		@Bean
		@Order(1)
		CharSequence one() {
			return "common 1";
		}

		@Bean(defaultCandidate = false)
		@Qualifier("east")
		@Order(2)
		CharSequence second() {
			return "east 2";
		}

		@Bean(defaultCandidate = false)
		@Qualifier("east")
		@Order(1)
		CharSequence first() {
			return "east 1";
		}

		@Bean(defaultCandidate = false)
		@Qualifier("west")
		CharSequence other() {
			return "west";
		}

	}

}
