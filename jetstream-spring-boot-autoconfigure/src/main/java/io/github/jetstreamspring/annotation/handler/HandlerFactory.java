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
import java.util.Optional;
import java.util.function.Supplier;

import io.github.jetstreamspring.listener.ListenerHandler;
import io.github.jetstreamspring.publisher.JetStreamOperations;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringValueResolver;

/**
 * Makes handlers of annotated methods.
 *
 * @since 0.1.0
 */
public final class HandlerFactory {

	private final ArgumentFactory arguments;

	private final ReplyFactory replies;

	/**
	 * Creates a factory.
	 * @param arguments gets what methods want of messages
	 * @param resolver resolves the placeholders in the subjects of results
	 * @param operations returns what publishes results, {@code null} if there is nothing
	 */
	public HandlerFactory(ArgumentFactory arguments, StringValueResolver resolver,
			Supplier<? extends @Nullable JetStreamOperations> operations) {
		this.arguments = arguments;
		this.replies = new ReplyFactory(resolver, operations);
	}

	/**
	 * Makes a handler.
	 * @param bean the bean
	 * @param method its annotated method
	 * @param batch whether the method takes batches
	 * @param problems takes what is wrong with the method
	 * @return the handler, or nothing if something is wrong
	 */
	public Optional<ListenerHandler> create(HandlerBean bean, TargetMethod method, boolean batch,
			ProblemCollector problems) {
		CountingCollector counting = new CountingCollector(problems);
		new MethodCheck(method, batch, this.arguments.isValidating(), counting).check();
		ReplyPublisher reply = this.replies.create(method, counting).orElse(null);
		Object current = bean.current();
		Method invocable = InvocableMethods.select(method.getMethod(), method.beanType(), current, counting)
			.orElse(null);
		if (counting.count() > 0 || invocable == null) {
			return Optional.empty();
		}
		MethodCall call = bean.isFixed() ? MethodCall.of(current, invocable)
				: MethodCall.ofCurrent(bean, method.getMethod());
		HandlerCompletion completion = new HandlerCompletion(method, reply);
		return Optional.of(batch ? new BatchMethodHandler(call, arguments(method, true), completion)
				: new DeliveryMethodHandler(call, arguments(method, false), completion));
	}

	private Arguments arguments(TargetMethod method, boolean batch) {
		return new Arguments(method.parameters()
			.stream()
			.map((parameter) -> batch ? InnerParameter.of(parameter) : parameter)
			.map(this.arguments::create)
			.toList());
	}

}
