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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerDefinition;
import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.github.jetstreamspring.messaging.MessageConverterLookup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ListenerMethodPostProcessor}.
 */
class ListenerMethodPostProcessorTests {

	private final DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();

	private final Queue<String> registered = new ConcurrentLinkedQueue<>();

	private final Queue<String> unregistered = new ConcurrentLinkedQueue<>();

	private final ListenerMethodPostProcessor processor = new ListenerMethodPostProcessor(this.beanFactory);

	@BeforeEach
	void listeners() {
		JetStreamListeners listeners = mock(JetStreamListeners.class);
		willAnswer((call) -> this.registered.add(call.<ListenerDefinition>getArgument(0).id())).given(listeners)
			.register(any(), any());
		willAnswer((call) -> this.unregistered.add(call.<ListenerDefinition>getArgument(0).id())).given(listeners)
			.unregister(any(ListenerDefinition.class));
		this.beanFactory.registerSingleton("listeners", listeners);
		this.beanFactory.registerSingleton(MessageConverterLookup.BEAN_NAME,
				JetStreamMessageConverters.json(JsonMapper.shared()));
	}

	@Test
	void whenABeanIsMadeBeforeTheApplicationHasStartedThenItWaitsForTheOthers() {
		make("early", new FirstHandler());
		assertThat(this.registered).isEmpty();
		this.processor.afterSingletonsInstantiated();
		assertThat(this.registered).containsExactly("first");
	}

	@Test
	void whenABeanIsMadeLaterThenItIsRegisteredAtOnce() {
		this.processor.afterSingletonsInstantiated();
		make("late", new FirstHandler());
		assertThat(this.registered).containsExactly("first");
	}

	@Test
	void whenABeanIsDestroyedThenItsListenersEnd() {
		FirstHandler handler = new FirstHandler();
		make("early", handler);
		this.processor.afterSingletonsInstantiated();
		this.processor.postProcessBeforeDestruction(handler, "early");
		assertThat(this.unregistered).containsExactly("first");
	}

	@Test
	void whenABeanIsDestroyedBeforeTheApplicationHasStartedThenItIsNoListener() {
		FirstHandler failed = new FirstHandler();
		make("early", failed);
		this.processor.postProcessBeforeDestruction(failed, "early");
		make("early", new FirstHandler());
		this.processor.afterSingletonsInstantiated();
		assertThat(this.registered).containsExactly("first");
	}

	@RepeatedTest(20)
	void whenBeansAreMadeOnOtherThreadsThenEachOneIsRegisteredOnce() throws Exception {
		List<Object> handlers = List.of(new FirstHandler(), new SecondHandler(), new ThirdHandler());
		CountDownLatch start = new CountDownLatch(1);
		ExecutorService threads = Executors.newFixedThreadPool(handlers.size());
		try {
			List<? extends Future<?>> made = IntStream.range(0, handlers.size()).mapToObj((i) -> threads.submit(() -> {
				start.await();
				return make("handler" + i, handlers.get(i));
			})).toList();
			start.countDown();
			this.processor.afterSingletonsInstantiated();
			for (Future<?> future : made) {
				future.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(this.registered).containsExactlyInAnyOrder("first", "second", "third");
	}

	private Object make(String name, Object bean) {
		return this.processor.postProcessAfterInitialization(bean, name);
	}

	static class FirstHandler {

		@JetStreamListener(stream = "jobs", consumer = "worker", id = "first")
		void handle(String payload) {
		}

	}

	static class SecondHandler {

		@JetStreamListener(stream = "jobs", consumer = "worker", id = "second")
		void handle(String payload) {
		}

	}

	static class ThirdHandler {

		@JetStreamListener(stream = "jobs", consumer = "worker", id = "third")
		void handle(String payload) {
		}

	}

}
