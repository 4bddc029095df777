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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.resilience.annotation.ConcurrencyLimit;
import org.springframework.resilience.annotation.EnableResilientMethods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Beans whose definitions don't show the class that has the annotated methods.
 */
@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats
class HiddenListenerTests {

	private static final AtomicInteger made = new AtomicInteger();

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@BeforeEach
	void reset() {
		made.set(0);
	}

	@ParameterizedTest
	@ValueSource(classes = { OfInterface.class, OfNoType.class, OfSuperclass.class, OfHelper.class, OfLambda.class,
			OfStaticFactory.class, OfFactory.class, OfFactoryWithoutType.class, OfProxiedComponent.class,
			OfProxiedMethod.class, OfParentDefinition.class })
	void whenABeanIsLazyAndItsDefinitionDoesNotShowItsListenerThenItWorks(Class<?> bean) {
		try (Worker worker = worker(bean, "spring.aop.proxy-target-class=false")) {
			assertHandles(worker);
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { OfSuperclass.class, OfHelper.class, OfFactoryWithoutType.class })
	void whenAllBeansAreLazyThenItIsTheSame(Class<?> bean) {
		try (Worker worker = worker(bean, "spring.main.lazy-initialization=true")) {
			assertHandles(worker);
		}
	}

	@Test
	void whenALazyBeanIsNoListenerThenItStaysUnmade() {
		try (Worker worker = worker(NoListener.class)) {
			assertThat(worker.listeners().ids()).isEmpty();
			assertThat(made).hasValue(0);
		}
	}

	@Test
	void whenNothingShowsTheListenerThenItWorksAndTheLogSaysSoAsSoonAsTheBeanIsMade(CapturedOutput output) {
		try (Worker worker = worker(OfSupplier.class)) {
			assertThat(worker.listeners().ids()).isEmpty();
			worker.bean(JobHandler.class);
			assertThat(output).contains("Bean 'handler' (" + Component.class.getName() + ") was made after the start");
			assertHandles(worker);
		}
	}

	@Test
	void whenAPrototypeIsBehindAnInterfaceThenStartUpSaysWhatToDo() {
		assertThat(problem(Prototype.class)).contains("'handler' is a prototype");
		assertThat(problem(PrototypeFactory.class)).contains("'handler' is a prototype");
	}

	@Test
	void whenABeanOfARequestOrASessionIsBehindAnInterfaceThenStartUpSaysWhatToDo() {
		assertThat(problem(OfRequest.class)).contains("'handler' is in the scope 'request'");
		assertThat(problem(OfSession.class)).contains("'handler' is in the scope 'session'");
	}

	@Test
	void whenAScopedProxyIsBehindAnInterfaceThenEachMessageHasItsObject() {
		try (Worker worker = worker(PrototypeBehindProxy.class)) {
			assertHandles(worker);
			worker.template().publish("jobs.b", "b");
			Handled handled = worker.bean(Handled.class);
			await().untilAsserted(() -> assertThat(handled.payloads()).containsExactly("a", "b"));
			assertThat(handled.handlers()).doesNotHaveDuplicates();
		}
	}

	private static void assertHandles(Worker worker) {
		assertThat(worker.listeners().ids()).containsExactly("worker");
		worker.template().publish("jobs.a", "a");
		await().untilAsserted(() -> assertThat(worker.bean(Handled.class).payloads()).containsExactly("a"));
	}

	private static String problem(Class<?> bean) {
		ListenerConfigurationException failure = catchThrowableOfType(ListenerConfigurationException.class,
				() -> worker(bean));
		assertThat(failure.getProblems()).hasSize(1);
		return failure.getProblems().get(0).toString();
	}

	private static Worker worker(Class<?> bean, String... properties) {
		return Worker.run(server.url(), List.of(bean, Common.class), properties);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableResilientMethods
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

		static Component with(Handled handled) {
			return new Component(handled);
		}

		@Override
		@JetStreamListener("worker")
		public void handle(String job) {
			this.handled.add(this, job);
		}

	}

	static class Plain {

	}

	static class Derived extends Plain {

		private final Handled handled;

		Derived(Handled handled) {
			this.handled = handled;
		}

		@JetStreamListener("worker")
		void handle(String job) {
			this.handled.add(this, job);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfInterface {

		@Bean
		@Lazy
		JobHandler handler(Handled handled) {
			return new Component(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfNoType {

		@Bean
		@Lazy
		Object handler(Handled handled) {
			return new Component(handled);
		}

	}

	@Configuration
	static class OfSuperclass {

		@Bean
		@Lazy
		Plain handler(Handled handled) {
			return new Derived(handled);
		}

	}

	@Configuration
	static class OfHelper {

		@Bean
		@Lazy
		static JobHandler handler(Handled handled) {
			return create(handled);
		}

		private static JobHandler create(Handled handled) {
			return new Component(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfLambda {

		@Bean
		@Lazy
		JobHandler handler(Handled handled) {
			Supplier<JobHandler> supplier = () -> new Component(handled);
			return supplier.get();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfStaticFactory {

		@Bean
		@Lazy
		JobHandler handler(Handled handled) {
			return Component.with(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfFactory {

		@Bean
		@Lazy
		HandlerFactory handler(Handled handled) {
			return new HandlerFactory(handled, JobHandler.class, true);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfFactoryWithoutType {

		@Bean
		FactoryBean<?> handler(Handled handled) {
			return new HandlerFactory(handled, null, true);
		}

	}

	record HandlerFactory(Handled handled, Class<?> type, boolean isSingleton) implements FactoryBean<JobHandler> {

		@Override
		public JobHandler getObject() {
			return new Component(this.handled);
		}

		@Override
		public Class<?> getObjectType() {
			return this.type;
		}

	}

	interface LimitedHandler {

		@ConcurrencyLimit(1)
		void handle(String job);

	}

	@Lazy
	static class OfProxiedComponent extends Component implements LimitedHandler {

		OfProxiedComponent(Handled handled) {
			super(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfProxiedMethod {

		@Bean
		@Lazy
		JobHandler handler(Handled handled) {
			return new OfProxiedComponent(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfParentDefinition {

		@Bean
		static BeanDefinitionRegistryPostProcessor registering() {
			return (registry) -> {
				registry.registerBeanDefinition("template",
						BeanDefinitionBuilder.rootBeanDefinition(Component.class)
							.addConstructorArgReference("handled")
							.setAbstract(true)
							.getBeanDefinition());
				registry.registerBeanDefinition("handler",
						BeanDefinitionBuilder.childBeanDefinition("template").setLazyInit(true).getBeanDefinition());
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfSupplier {

		@Bean
		static BeanDefinitionRegistryPostProcessor registering() {
			return (registry) -> registry.registerBeanDefinition("handler",
					BeanDefinitionBuilder
						.rootBeanDefinition(JobHandler.class,
								() -> new Component(((BeanFactory) registry).getBean(Handled.class)))
						.setLazyInit(true)
						.getBeanDefinition());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NoListener {

		@Bean
		@Lazy
		Runnable nothing() {
			made.incrementAndGet();
			return () -> {
			};
		}

		@Bean
		@Lazy
		Plain plain() {
			made.incrementAndGet();
			return new Plain();
		}

		@Bean
		FactoryBean<Plain> factory() {
			return new FactoryBean<>() {

				@Override
				public Plain getObject() {
					made.incrementAndGet();
					return new Plain();
				}

				@Override
				public Class<?> getObjectType() {
					return null;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Prototype {

		@Bean
		@Scope("prototype")
		JobHandler handler(Handled handled) {
			return new Component(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrototypeFactory {

		@Bean
		HandlerFactory handler(Handled handled) {
			return new HandlerFactory(handled, JobHandler.class, false);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfRequest {

		@Bean
		@Scope(scopeName = "request", proxyMode = ScopedProxyMode.INTERFACES)
		JobHandler handler(Handled handled) {
			return new Component(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfSession {

		@Bean
		@Scope("session")
		JobHandler handler(Handled handled) {
			return new Component(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrototypeBehindProxy {

		@Bean
		@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.INTERFACES)
		JobHandler handler(Handled handled) {
			return new Component(handled);
		}

	}

}
