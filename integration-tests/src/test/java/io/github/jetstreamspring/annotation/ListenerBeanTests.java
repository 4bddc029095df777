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

import java.util.List;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the ways in which a bean with listener methods can be defined.
 */
@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats
class ListenerBeanTests {

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenAllBeansAreLazyThenListenersWork() {
		handles(Component.class, "spring.main.lazy-initialization=true");
		handles(OfMethod.class, "spring.main.lazy-initialization=true");
		handles(OfFactory.class, "spring.main.lazy-initialization=true");
		handles(OfInterface.class, "spring.main.lazy-initialization=true");
		handles(OfNoType.class, "spring.main.lazy-initialization=true");
	}

	@Test
	void whenABeanIsLazyThenItsListenersWork() {
		handles(LazyComponent.class);
		handles(LazyMethod.class);
		handles(LazyConfiguration.class);
	}

	@Test
	void whenABeanComesFromAFactoryThenItsListenersWork() {
		handles(OfFactory.class);
		handles(OfStaticMethod.class);
		handles(OfInterface.class);
	}

	@Test
	void whenAConfigurationHasTheMethodThenItIsCalled() {
		handles(FullConfiguration.class);
		handles(LiteConfiguration.class);
	}

	@Test
	void whenTheBeanIsInsideAnotherThenItsListenersWork() {
		handles(Inner.class);
	}

	@Test
	void whenTheBeanIsARecordOrAnEnumThenItsListenersWork() {
		handles(Recorded.class);
		handles(Single.class);
	}

	@Test
	void whenAnAbstractDefinitionHasTheClassThenItIsNoListener() {
		try (Worker worker = worker(AbstractDefinition.class)) {
			assertThat(worker.listeners().ids()).isEmpty();
		}
	}

	@Test
	void whenAnObjectIsRegisteredByHandThenALogLineSaysThatItIsNoListener(CapturedOutput output) {
		try (Worker worker = worker(ByHand.class)) {
			assertThat(worker.listeners().ids()).isEmpty();
			assertThat(output).contains("Bean 'byHand'", "has @JetStreamListener methods, but gets no messages",
					"define it as a bean");
		}
	}

	@Test
	void whenABeanIsMadeTooEarlyThenALogLineSaysThatItIsNoListener(CapturedOutput output) {
		try (Worker worker = worker(TooEarly.class)) {
			assertThat(worker.listeners().ids()).isEmpty();
			assertThat(output).contains("Bean 'early'", "has @JetStreamListener methods, but gets no messages",
					"no BeanPostProcessor depends on");
		}
	}

	private static void handles(Class<?> bean, String... properties) {
		try (Worker worker = worker(bean, properties)) {
			assertThat(worker.listeners().ids()).containsExactly("worker");
			worker.template().publish("jobs.a", "a");
			await().untilAsserted(() -> assertThat(worker.bean(Handled.class).payloads()).containsExactly("a"));
		}
	}

	private static Worker worker(Class<?> bean, String... properties) {
		return Worker.run(server.url(), List.of(bean, Common.class), properties);
	}

	@Configuration(proxyBeanMethods = false)
	static class Common {

		@Bean
		Handled handled() {
			return new Handled();
		}

	}

	interface JobHandler {

		void handle(String job);

	}

	static class Component implements JobHandler {

		private final Handled handled;

		Component(Handled handled) {
			this.handled = handled;
		}

		@Override
		@JetStreamListener("worker")
		public void handle(String job) {
			this.handled.add(this, job);
		}

	}

	@Lazy
	static class LazyComponent extends Component {

		LazyComponent(Handled handled) {
			super(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfMethod {

		@Bean
		Component handler(Handled handled) {
			return new Component(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfInterface {

		@Bean
		JobHandler handler(Handled handled) {
			return new Component(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfNoType {

		@Bean
		Object handler(Handled handled) {
			return new Component(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfStaticMethod {

		@Bean
		static Component handler(Handled handled) {
			return new Component(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyMethod {

		@Bean
		@Lazy
		Component handler(Handled handled) {
			return new Component(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Lazy
	@Import(OfMethod.class)
	static class LazyConfiguration {

	}

	@Configuration(proxyBeanMethods = false)
	static class OfFactory {

		// Nobody asks for what it makes
		@Bean
		HandlerFactory handler(Handled handled) {
			return new HandlerFactory(handled);
		}

	}

	record HandlerFactory(Handled handled) implements FactoryBean<Component> {

		@Override
		public Component getObject() {
			return new Component(this.handled);
		}

		@Override
		public Class<?> getObjectType() {
			return Component.class;
		}

	}

	@Configuration
	static class FullConfiguration {

		private final Handled handled;

		FullConfiguration(Handled handled) {
			this.handled = handled;
		}

		@JetStreamListener("worker")
		private void handle(String job) {
			this.handled.add(this, job);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LiteConfiguration {

		private final Handled handled;

		LiteConfiguration(Handled handled) {
			this.handled = handled;
		}

		@JetStreamListener("worker")
		final void handle(String job) {
			this.handled.add(this, job);
		}

	}

	record Recorded(Handled handled) {

		@JetStreamListener("worker")
		void handle(String job) {
			this.handled.add(this, job);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Single {

		@Bean
		Handler handler(Handled handled) {
			Handler.INSTANCE.handled = handled;
			return Handler.INSTANCE;
		}

		enum Handler {

			INSTANCE;

			private Handled handled;

			@JetStreamListener("worker")
			void handle(String job) {
				this.handled.add(this, job);
			}

		}

	}

	record Outer(Component inner) {

	}

	@Configuration(proxyBeanMethods = false)
	static class Inner {

		@Bean
		static BeanDefinitionRegistryPostProcessor registering() {
			return (registry) -> registry.registerBeanDefinition("outer",
					BeanDefinitionBuilder.rootBeanDefinition(Outer.class)
						.addConstructorArgValue(BeanDefinitionBuilder.rootBeanDefinition(Component.class)
							.addConstructorArgReference("handled")
							.getBeanDefinition())
						.getBeanDefinition());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AbstractDefinition {

		@Bean
		static BeanDefinitionRegistryPostProcessor registering() {
			return (registry) -> registry.registerBeanDefinition("template",
					BeanDefinitionBuilder.rootBeanDefinition(Component.class).setAbstract(true).getBeanDefinition());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ByHand {

		@Bean
		static BeanFactoryPostProcessor registering() {
			return (beanFactory) -> beanFactory.registerSingleton("byHand", new Component(new Handled()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TooEarly {

		@Bean
		static Component early() {
			return new Component(new Handled());
		}

		@Bean
		static BeanPostProcessor needy(Component early) {
			return new BeanPostProcessor() {
			};
		}

	}

}
