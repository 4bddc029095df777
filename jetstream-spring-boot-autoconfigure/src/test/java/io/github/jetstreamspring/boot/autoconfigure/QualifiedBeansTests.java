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

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
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
			assertThat(beans(context, "east").commonAndOwn(CharSequence.class)).containsExactly("common 1", "common 2",
					"east 1", "east 2");
			assertThat(beans(context, "west").own(CharSequence.class)).containsExactly("west");
			assertThat(beans(context, "north").own(CharSequence.class)).isEmpty();
		}
	}

	@Test
	void whenTheConnectionIsTheDefaultOneThenItsBeansAreThoseThatAreInjected() {
		try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext(Beans.class);
				AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.setParent(parent);
			context.register(InjectedBeans.class);
			RootBeanDefinition last = new RootBeanDefinition(String.class, () -> "last");
			last.setAttribute(AbstractBeanDefinition.ORDER_ATTRIBUTE, 4);
			context.registerBeanDefinition("last", last);
			context.getBeanFactory().registerSingleton("object", "object");
			context.refresh();
			List<CharSequence> beans = beans(context, null).own(CharSequence.class);
			assertThat(beans).containsExactly("common 1", "common 2", "child 3", "last", "object")
				.isEqualTo(context.getBean(InjectedBeans.class).injected)
				.isEqualTo(beans(context, null).commonAndOwn(CharSequence.class));
		}
	}

	@Test
	void whenTheContextHasAParentThenItsBeansAreForTheirConnectionOnly() {
		try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext(Beans.class);
				AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.setParent(parent);
			context.refresh();
			assertThat(beans(context, "west").commonAndOwn(CharSequence.class)).containsExactly("common 1", "common 2",
					"west");
		}
	}

	@Test
	void whenTheContextHasNoBeanForAConnectionThenThatOfTheParentIsFound() {
		try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext(Beans.class);
				AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.setParent(parent);
			context.register(ChildBeans.class);
			context.refresh();
			assertThat(beans(context, "west").names(CharSequence.class)).containsExactly("other");
			assertThat(beans(context, "west").find(CharSequence.class)).isEqualTo("west");
			assertThat(beans(context, "east").names(CharSequence.class)).containsExactly("third");
			assertThat(beans(context, "east").get(CharSequence.class)).isEqualTo("east 3");
			assertThat(beans(context, "north").find(CharSequence.class)).isNull();
		}
	}

	@Test
	void whenOneIsWantedThenThereMustBeOne() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Beans.class)) {
			assertThat(beans(context, "west").get(CharSequence.class)).isEqualTo("west");
			assertThat(beans(context, "north").find(CharSequence.class)).isNull();
			assertThatIllegalStateException().isThrownBy(() -> beans(context, "north").get(CharSequence.class))
				.withMessage("Connection 'north' has no bean of type CharSequence");
			assertThatIllegalStateException().isThrownBy(() -> beans(context, "east").find(CharSequence.class))
				.withMessage("Connection 'east' has 2 beans of type CharSequence, but takes one");
		}
	}

	@Test
	void whenNamesAreLookedUpThenNothingIsCreated() {
		DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();
		new AnnotatedBeanDefinitionReader(beanFactory).register(Beans.class);
		ConfigurationClassPostProcessor processor = new ConfigurationClassPostProcessor();
		processor.postProcessBeanFactory(beanFactory);
		assertThat(new QualifiedBeans(beanFactory, "east").names(CharSequence.class))
			.containsExactlyInAnyOrder("second", "first");
		assertThat(beanFactory.containsSingleton("second")).isFalse();
	}

	private static QualifiedBeans beans(ConfigurableApplicationContext context, @Nullable String connection) {
		return new QualifiedBeans(context.getBeanFactory(), connection);
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

	@Configuration(proxyBeanMethods = false)
	static class ChildBeans {

		@Bean(defaultCandidate = false)
		@Qualifier("east")
		CharSequence third() {
			return "east 3";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InjectedBeans {

		final List<CharSequence> injected;

		InjectedBeans(ObjectProvider<CharSequence> injected) {
			this.injected = injected.orderedStream().toList();
		}

		@Bean
		@Order(3)
		static CharSequence third() {
			return "child 3";
		}

		@Bean
		@Order(0)
		static @Nullable CharSequence nothing() {
			return null;
		}

		@Bean(autowireCandidate = false)
		static CharSequence hidden() {
			return "hidden";
		}

	}

}
