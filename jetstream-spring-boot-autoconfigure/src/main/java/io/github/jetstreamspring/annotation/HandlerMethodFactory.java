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

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;

import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryHandler;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.support.DefaultMessageHandlerMethodFactory;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.validation.Validator;

/**
 * Makes delivery handlers of annotated methods.
 */
final class HandlerMethodFactory extends DefaultMessageHandlerMethodFactory {

	private final HandlerMethodArgumentResolverComposite resolvers = new HandlerMethodArgumentResolverComposite();

	private final boolean validating;

	HandlerMethodFactory(BeanFactory beanFactory, MessageConverter messageConverter, @Nullable Validator validator) {
		this.validating = (validator != null);
		if (validator != null) {
			setValidator(validator);
		}
		setBeanFactory(beanFactory);
		setMessageConverter(messageConverter);
		setCustomArgumentResolvers(List.of(new HeaderValueArgumentResolver(Delivery.class, JetStreamHeaders.DELIVERY),
				new HeaderValueArgumentResolver(Message.class, JetStreamHeaders.MESSAGE)));
		afterPropertiesSet();
	}

	/**
	 * Makes a handler.
	 * @param method the annotated method
	 * @param problems takes what is wrong with its signature
	 * @return the handler, or nothing if something is wrong
	 */
	Optional<DeliveryHandler> create(ListenerMethod method, ProblemCollector problems) {
		new HandlerSignature(method.method(), this.validating, problems).check();
		try {
			Method invocable = AopUtils.selectInvocableMethod(method.method(), method.bean().getClass());
			return Optional.of(new HandlerMethodInvoker(method.bean(), invocable, this.resolvers));
		}
		catch (IllegalStateException ex) {
			problems.add("the bean's proxy doesn't have the method",
					"Don't make the method private; declare it in the interface that the proxy has, or set spring.aop.proxy-target-class to true.");
			return Optional.empty();
		}
	}

	@Override
	protected List<HandlerMethodArgumentResolver> initArgumentResolvers() {
		List<HandlerMethodArgumentResolver> all = super.initArgumentResolvers();
		this.resolvers.addResolvers(all);
		return all;
	}

}
