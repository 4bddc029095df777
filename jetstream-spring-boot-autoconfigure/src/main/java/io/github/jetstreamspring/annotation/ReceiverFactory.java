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
import java.util.function.Supplier;

import io.github.jetstreamspring.annotation.handler.ArgumentFactory;
import io.github.jetstreamspring.annotation.handler.TypedPayloads;
import io.github.jetstreamspring.listener.DeliveryHandler;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.JetStreamReceiver;
import io.github.jetstreamspring.listener.ListenerDefinition;
import io.github.jetstreamspring.listener.ListenerOptions;
import io.github.jetstreamspring.listener.ListenerSettings;
import io.github.jetstreamspring.listener.ReceiverSetup;
import io.github.jetstreamspring.listener.RetryPolicy;
import io.github.jetstreamspring.messaging.MessageConverterLookup;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ExceptionTypeFilter;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.validation.Validator;

/**
 * Makes receivers that treat messages as the listeners of the same application do: with
 * its settings, converter, validator and retry policy.
 *
 * @since 0.1.0
 */
public final class ReceiverFactory {

	private final ConfigurableListableBeanFactory beanFactory;

	/**
	 * Creates a factory.
	 * @param beanFactory has the beans that listeners use
	 */
	public ReceiverFactory(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Makes a receiver.
	 * @param listeners the listeners that it shares threads with
	 * @param connection the name of its connection, or {@code null} for the one without a
	 * name
	 * @return the receiver, which is to be a bean, as it stops with the context
	 */
	public JetStreamReceiver create(JetStreamListeners listeners, @Nullable String connection) {
		return listeners.receiver(connection, new Setup(this.beanFactory));
	}

	/**
	 * Asks for beans when they are needed, which they may never be.
	 */
	private static final class Setup implements ReceiverSetup {

		private final ConfigurableListableBeanFactory beanFactory;

		private final Supplier<RetryPolicyBean> retryPolicy;

		private final Supplier<TypedPayloads> payloads;

		Setup(ConfigurableListableBeanFactory beanFactory) {
			this.beanFactory = beanFactory;
			this.retryPolicy = SingletonSupplier.of(() -> RetryPolicyBean.of(beanFactory,
					beanFactory.getBeanProvider(ListenerSettings.class).getIfAvailable(() -> ListenerSettings.NONE),
					Set.of()));
			this.payloads = SingletonSupplier.of(() -> {
				Validator validator = beanFactory.getBeanProvider(Validator.class).getIfUnique();
				return new TypedPayloads(
						new ArgumentFactory(beanFactory, MessageConverterLookup.find(beanFactory), validator),
						validator);
			});
		}

		@Override
		public ListenerDefinition definition(String stream, String consumer, DeliveryHandler handler) {
			RetryPolicyBean policy = this.retryPolicy.get();
			ListenerSettings settings = policy.settings();
			String named = settings.retryPolicy(consumer, ListenerOptions.NONE);
			ListenerDefinition definition = ListenerDefinition
				.of(consumer, stream, consumer, settings.options(consumer, ListenerOptions.NONE),
						new ExceptionTypeFilter(List.of(), List.of()), handler)
				.sources(settings.sources(consumer, ListenerOptions.NONE));
			return (named != null) ? definition.retryPolicy(this.beanFactory.getBean(named, RetryPolicy.class))
					: policy.applyTo(definition, null);
		}

		@Override
		public <T> Reader<T> reader(Class<T> type) {
			return this.payloads.get().reader(type);
		}

	}

}
