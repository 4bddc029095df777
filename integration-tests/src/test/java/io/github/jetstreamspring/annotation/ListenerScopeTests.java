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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for listeners whose beans come and go while the application runs.
 */
@EmbeddedNats
class ListenerScopeTests {

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@Test
	void whenABeanOfAScopeIsDestroyedThenTheNextOneHandles() {
		handledByOneAfterTheOther(InScope.class);
	}

	@Test
	void whenABeanBehindAScopedProxyIsDestroyedThenTheNextOneHandles() {
		handledByOneAfterTheOther(BehindScopedProxy.class);
	}

	@Test
	void whenTheScopedProxyHasAnInterfaceThenTheNextOneHandles() {
		handledByOneAfterTheOther(BehindInterface.class);
	}

	private void handledByOneAfterTheOther(Class<?> bean) {
		try (Worker worker = worker(bean)) {
			Handled handled = worker.bean(Handled.class);
			worker.template().publish("jobs.a", "a");
			worker.template().publish("jobs.b", "b");
			await().untilAsserted(() -> assertThat(handled.payloads()).containsExactlyInAnyOrder("a", "b"));
			worker.bean(RefreshableScope.class).refresh();
			worker.template().publish("jobs.c", "c");
			// Nobody but the listener asks for the bean
			await().untilAsserted(() -> assertThat(handled.payloads()).endsWith("c"));
			List<Object> handlers = handled.handlers();
			assertThat(handlers.get(0)).isSameAs(handlers.get(1)).isNotSameAs(handlers.get(2));
		}
	}

	@Test
	void whenABeanIsAPrototypeThenStartUpSaysWhatToDo() {
		assertThat(problems(Prototype.class)).singleElement()
			.asString()
			.contains("'worker'", "'handler' is a prototype", "singleton", "proxyMode = ScopedProxyMode.TARGET_CLASS");
	}

	@Test
	void whenAFactoryBeanMakesPrototypesThenStartUpSaysWhatToDo() {
		assertThat(problems(PrototypeFactory.class)).singleElement().asString().contains("'handler' is a prototype");
	}

	@Test
	void whenAPrototypeIsBehindAScopedProxyThenEachMessageHasItsOwn() {
		try (Worker worker = worker(PrototypeBehindProxy.class)) {
			Handled handled = worker.bean(Handled.class);
			worker.template().publish("jobs.a", "a");
			worker.template().publish("jobs.b", "b");
			await().untilAsserted(() -> assertThat(handled.payloads()).containsExactlyInAnyOrder("a", "b"));
			assertThat(handled.handlers()).doesNotHaveDuplicates();
		}
	}

	@Test
	void whenAScopeIsNotActiveThenStartUpSaysWhatToDo() {
		assertThat(problems(OfRequest.class)).singleElement()
			.asString()
			.contains("'handler' is in the scope 'request'", "No Scope registered", "Move the method to a singleton");
		assertThat(problems(Inactive.class)).singleElement()
			.asString()
			.contains("'handler' is in the scope 'inactive'", "no conversation");
	}

	@Test
	void whenABeanIsDestroyedThenItHandlesNoMoreAndTheNextOneCanBeMade() {
		try (Worker worker = worker(Singleton.class)) {
			Handled handled = worker.bean(Handled.class);
			Object first = worker.bean(Handler.class);
			beanFactory(worker).destroySingleton("handler");
			assertThat(worker.listeners().ids()).isEmpty();
			worker.template().publish("jobs.a", "a");
			Object second = worker.bean(Handler.class);
			await().untilAsserted(() -> assertThat(handled.handlers()).containsExactly(second));
			assertThat(second).isNotSameAs(first);
			beanFactory(worker).removeBeanDefinition("handler");
			assertThat(worker.listeners().ids()).isEmpty();
		}
	}

	@Test
	void whenAnObjectIsInitializedAsABeanThenItsListenersLiveUntilItIsDestroyed() {
		try (Worker worker = worker(NoHandler.class)) {
			Handled handled = worker.bean(Handled.class);
			Handler object = new Handler(handled);
			beanFactory(worker).initializeBean(object, "object");
			worker.template().publish("jobs.a", "a");
			await().untilAsserted(() -> assertThat(handled.handlers()).containsExactly(object));
			beanFactory(worker).destroyBean(object);
			assertThat(worker.listeners().ids()).isEmpty();
		}
	}

	@Test
	void whenAnotherObjectIsInitializedAsTheSameBeanThenItTakesOver() {
		try (Worker worker = worker(NoHandler.class)) {
			Handled handled = worker.bean(Handled.class);
			// As Spring does with each instance of a test class
			beanFactory(worker).initializeBean(new Handler(handled), "test.ORIGINAL");
			Handler second = new Handler(handled);
			beanFactory(worker).initializeBean(second, "test.ORIGINAL");
			worker.template().publish("jobs.a", "a");
			await().untilAsserted(() -> assertThat(handled.handlers()).containsExactly(second));
		}
	}

	@Test
	void whenALateBeanHasAnIdThatIsTakenThenItIsRefusedAndTheOtherGoesOn() {
		try (Worker worker = worker(Singleton.class)) {
			Handled handled = worker.bean(Handled.class);
			ListenerConfigurationException failure = catchThrowableOfType(ListenerConfigurationException.class,
					() -> beanFactory(worker).initializeBean(new Handler(handled), "other"));
			assertThat(failure).hasMessageContaining("another listener with the id 'worker'");
			worker.template().publish("jobs.a", "a");
			await().untilAsserted(() -> assertThat(handled.handlers()).containsExactly(worker.bean(Handler.class)));
		}
	}

	@Test
	void whenAPrototypeIsDefinedLateThenItCantBeMade() {
		try (Worker worker = worker(NoHandler.class)) {
			BeanDefinition definition = BeanDefinitionBuilder
				.genericBeanDefinition(Handler.class, () -> new Handler(worker.bean(Handled.class)))
				.setScope(BeanDefinition.SCOPE_PROTOTYPE)
				.getBeanDefinition();
			beanFactory(worker).registerBeanDefinition("late", definition);
			ListenerConfigurationException failure = (ListenerConfigurationException) catchThrowableOfType(
					BeansException.class, () -> worker.context().getBean("late"))
				.getMostSpecificCause();
			assertThat(failure).hasMessageContaining("'late' is a prototype");
		}
	}

	private static Worker worker(Class<?> bean) {
		return Worker.run(server.url(), List.of(bean, Scopes.class));
	}

	private static List<String> problems(Class<?> bean) {
		ListenerConfigurationException failure = catchThrowableOfType(ListenerConfigurationException.class,
				() -> worker(bean));
		return failure.getProblems().stream().map((problem) -> problem + " - " + problem.fix()).toList();
	}

	private static DefaultListableBeanFactory beanFactory(Worker worker) {
		return (DefaultListableBeanFactory) worker.context().getBeanFactory();
	}

	interface JobHandler {

		void handle(String job);

	}

	static class Handler implements JobHandler {

		private final Handled handled;

		Handler(Handled handled) {
			this.handled = handled;
		}

		@Override
		@JetStreamListener("worker")
		public void handle(String job) {
			this.handled.add(this, job);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Scopes {

		@Bean
		Handled handled() {
			return new Handled();
		}

		@Bean
		static RefreshableScope refreshableScope() {
			return new RefreshableScope();
		}

		@Bean
		static BeanFactoryPostProcessor scopes(RefreshableScope refreshable) {
			return (beanFactory) -> {
				beanFactory.registerScope("refreshable", refreshable);
				beanFactory.registerScope("inactive", new InactiveScope());
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NoHandler {

	}

	@Configuration(proxyBeanMethods = false)
	static class Singleton {

		@Bean
		Handler handler(Handled handled) {
			return new Handler(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InScope {

		@Bean
		@Scope("refreshable")
		Handler handler(Handled handled) {
			return new Handler(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BehindScopedProxy {

		@Bean
		@Scope(scopeName = "refreshable", proxyMode = ScopedProxyMode.TARGET_CLASS)
		Handler handler(Handled handled) {
			return new Handler(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BehindInterface {

		@Bean
		@Scope(scopeName = "refreshable", proxyMode = ScopedProxyMode.INTERFACES)
		Handler handler(Handled handled) {
			return new Handler(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Prototype {

		@Bean
		@Scope("prototype")
		Handler handler(Handled handled) {
			return new Handler(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrototypeFactory {

		@Bean
		HandlerFactory handler(Handled handled) {
			return new HandlerFactory(handled, false);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrototypeBehindProxy {

		@Bean
		@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
		Handler handler(Handled handled) {
			return new Handler(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfRequest {

		@Bean
		@Scope("request")
		Handler handler(Handled handled) {
			return new Handler(handled);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Inactive {

		@Bean
		@Scope(scopeName = "inactive", proxyMode = ScopedProxyMode.TARGET_CLASS)
		Handler handler(Handled handled) {
			return new Handler(handled);
		}

	}

	record HandlerFactory(Handled handled, boolean isSingleton) implements FactoryBean<Handler> {

		@Override
		public Handler getObject() {
			return new Handler(this.handled);
		}

		@Override
		public Class<?> getObjectType() {
			return Handler.class;
		}

	}

	/**
	 * A scope that forgets its objects when it is told to.
	 */
	static class RefreshableScope implements org.springframework.beans.factory.config.Scope {

		private final Map<String, Object> objects = new ConcurrentHashMap<>();

		private final Map<String, Runnable> callbacks = new ConcurrentHashMap<>();

		void refresh() {
			this.callbacks.values().forEach(Runnable::run);
			this.callbacks.clear();
			this.objects.clear();
		}

		@Override
		public synchronized Object get(String name, ObjectFactory<?> objectFactory) {
			Object object = this.objects.get(name);
			if (object == null) {
				object = objectFactory.getObject();
				this.objects.put(name, object);
			}
			return object;
		}

		@Override
		public Object remove(String name) {
			return this.objects.remove(name);
		}

		@Override
		public void registerDestructionCallback(String name, Runnable callback) {
			this.callbacks.put(name, callback);
		}

		@Override
		public String getConversationId() {
			return "refreshable";
		}

	}

	static class InactiveScope extends RefreshableScope {

		@Override
		public Object get(String name, ObjectFactory<?> objectFactory) {
			throw new IllegalStateException("no conversation");
		}

	}

}
