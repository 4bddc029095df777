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
import java.util.Set;

import io.github.jetstreamspring.listener.DeliveryHandler;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerDefinition;
import io.github.jetstreamspring.listener.ListenerOptions;
import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.github.jetstreamspring.messaging.MessageConverterLookup;
import io.nats.client.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.spy;

/**
 * Tests for {@link ListenerRegistrar}, with listeners that are not started.
 */
class ListenerRegistrarTests {

	private final JetStreamListeners listeners = spy(JetStreamListeners.builder(mock(Connection.class)).build());

	private final DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();

	private final ListenerRegistrar registrar = new ListenerRegistrar(this.beanFactory, new ListenerAnnotations());

	ListenerRegistrarTests() {
		this.beanFactory.registerSingleton("listeners", this.listeners);
		this.beanFactory.registerSingleton(MessageConverterLookup.BEAN_NAME,
				JetStreamMessageConverters.json(JsonMapper.shared()));
	}

	@AfterEach
	void close() {
		this.listeners.destroy();
	}

	@Test
	void whenSomebodyElseHasJustTakenTheIdThenTheirListenerStays() {
		this.listeners.register(definition("first"));
		// As it was when the registrar looked
		given(this.listeners.ids()).willReturn(Set.of()).willCallRealMethod();
		assertThatIllegalStateException().isThrownBy(() -> register(new Handler()))
			.withMessageContaining("'first' already");
		assertThat(this.listeners.ids()).containsExactly("first");
	}

	@Test
	void whenTwoBeansRegisterTheSameIdAtOnceThenOneOfThemIsTheListenerUntilItIsDestroyed() {
		Handler one = new Handler();
		Handler two = new Handler();
		willAnswer((call) -> {
			willAnswer((again) -> again.callRealMethod()).given(this.listeners).register(any(), any());
			given(this.listeners.ids()).willReturn(Set.of()).willCallRealMethod();
			register(two, "two");
			return call.callRealMethod();
		}).given(this.listeners).register(any(), any());
		assertThatIllegalStateException().isThrownBy(() -> register(one, "one"))
			.withMessageContaining("'first' already");
		assertThat(this.listeners.ids()).containsExactly("first");
		this.registrar.unregister(one);
		assertThat(this.listeners.ids()).containsExactly("first");
		this.registrar.unregister(two);
		assertThat(this.listeners.ids()).isEmpty();
	}

	@Test
	void whenAListenerCantBeStartedThenItIsNotInTheWayOfTheNextAttempt() {
		willAnswer((call) -> {
			call.callRealMethod();
			throw new IllegalStateException("no such consumer");
		}).willCallRealMethod().given(this.listeners).register(any(), any());
		assertThatIllegalStateException().isThrownBy(() -> register(new Handler()))
			.withMessageContaining("no such consumer");
		assertThat(this.listeners.ids()).isEmpty();
		register(new Handler());
		assertThat(this.listeners.ids()).containsExactly("first");
	}

	private void register(Handler handler) {
		register(handler, "handler");
	}

	private void register(Handler handler, String name) {
		this.registrar.register(ListenerBean.of(name, handler, Handler.class), List.of());
	}

	private static ListenerDefinition definition(String id) {
		return ListenerDefinition.of(id, "jobs", "worker", ListenerOptions.NONE,
				new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> null);
	}

	static class Handler {

		@JetStreamListener(stream = "jobs", consumer = "worker", id = "first")
		void handle(String payload) {
		}

	}

}
