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

package io.github.jetstreamspring.annotation.handler;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.jetstreamspring.messaging.ForeignHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.ProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InvocableMethods}.
 */
class InvocableMethodsTests {

	private final List<String> problems = new ArrayList<>();

	@ParameterizedTest
	@ValueSource(strings = { "open", "guarded", "visibleHere", "hidden", "unchangeable", "ofInterface" })
	void whenABeanIsNoProxyThenAnyMethodIsCalled(String name) {
		assertThat(select(name, new Handler())).isPresent();
		assertThat(this.problems).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "open", "guarded", "visibleHere", "ofInterface" })
	void whenAProxyHasTheMethodThenItIsCalled(String name) {
		assertThat(select(name, proxy(new Handler(), true))).isPresent();
		assertThat(this.problems).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "hidden", "unchangeable" })
	void whenAProxyCantHaveTheMethodThenItIsRefused(String name) {
		assertThat(select(name, proxy(new Handler(), true))).isEmpty();
		assertThat(this.problems).singleElement().asString().contains("behind a proxy", "not final");
	}

	@Test
	void whenAMethodIsVisibleInAnotherPackageOnlyThenItIsRefusedForAProxy() throws Exception {
		Method method = ForeignHandler.class.getDeclaredMethod("handle", String.class);
		Below bean = new Below();
		assertThat(select(method, Below.class, bean)).contains(method);
		assertThat(select(method, Below.class, proxy(bean, true))).isEmpty();
		assertThat(this.problems).singleElement().asString().contains("behind a proxy", "public or protected");
	}

	@Test
	void whenTheInterfaceOfAProxyHasTheMethodThenThatIsCalled() throws Exception {
		Object bean = proxy(new Generic(), false);
		Method method = Generic.class.getMethod("handle", String.class);
		// The interface's has another parameter type
		assertThat(select(method, Generic.class, bean))
			.contains(GenericHandler.class.getMethod("handle", Object.class));
		assertThat(select("ofInterface", proxy(new Handler(), false))).isPresent();
		assertThat(this.problems).isEmpty();
	}

	@Test
	void whenTheInterfaceOfAProxyLacksTheMethodThenItIsRefused() {
		assertThat(select("open", proxy(new Handler(), false))).isEmpty();
		assertThat(this.problems).singleElement().asString().contains("doesn't have the method", "proxy-target-class");
	}

	private Optional<Method> select(String name, Object bean) {
		try {
			return select(Handler.class.getDeclaredMethod(name, String.class), Handler.class, bean);
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	private Optional<Method> select(Method method, Class<?> type, Object bean) {
		return InvocableMethods.select(method, type, bean,
				(description, fix) -> this.problems.add(description + " - " + fix));
	}

	private static Object proxy(Object target, boolean ofClass) {
		ProxyFactory factory = new ProxyFactory(target);
		factory.setProxyTargetClass(ofClass);
		return factory.getProxy();
	}

	interface SimpleHandler {

		void ofInterface(String payload);

	}

	interface GenericHandler<T> {

		void handle(T payload);

	}

	static class Generic implements GenericHandler<String> {

		@Override
		public void handle(String payload) {
		}

	}

	static class Below extends ForeignHandler {

	}

	@SuppressWarnings("unused")
	static class Handler implements SimpleHandler {

		@Override
		public void ofInterface(String payload) {
		}

		public void open(String payload) {
		}

		protected void guarded(String payload) {
		}

		void visibleHere(String payload) {
		}

		private void hidden(String payload) {
		}

		public final void unchangeable(String payload) {
		}

	}

}
