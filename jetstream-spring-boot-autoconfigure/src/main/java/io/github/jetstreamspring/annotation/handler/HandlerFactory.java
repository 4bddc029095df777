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
import java.util.function.Supplier;

import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.listener.DeliveryHandler;
import io.github.jetstreamspring.listener.ListenerHandler;
import io.github.jetstreamspring.messaging.MessageTypes;
import io.github.jetstreamspring.messaging.SubjectPattern;
import io.github.jetstreamspring.publisher.JetStreamOperations;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.converter.MessageConverter;
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
		this.replies = new ReplyFactory(resolver, operations, arguments.types());
	}

	private HandlerFactory(ArgumentFactory arguments, ReplyFactory replies) {
		this.arguments = arguments;
		this.replies = replies;
	}

	/**
	 * Returns the same with another message converter.
	 * @param converter converts payloads
	 * @return the factory
	 */
	public HandlerFactory with(MessageConverter converter) {
		return new HandlerFactory(this.arguments.with(converter), this.replies);
	}

	/**
	 * Returns the same with what resolves the texts of a certain bean.
	 * @param resolver resolves the placeholders in the subjects of results
	 * @return the factory
	 */
	public HandlerFactory with(StringValueResolver resolver) {
		return new HandlerFactory(this.arguments, this.replies.with(resolver));
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
		for (Class<?> type : PayloadTypes.of(method, batch, this.arguments.own())) {
			if (type.isSealed()) {
				learn(type, counting);
			}
		}
		new MethodCheck(method, batch, this.arguments, counting).check();
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

	/**
	 * Makes a handler of dead letters.
	 * @param handler handles them, one by one
	 * @param deadLetters restores them, {@code null} if there are none
	 * @param problems takes what is wrong
	 * @return the handler, or nothing if something is wrong
	 */
	public static Optional<ListenerHandler> ofDeadLetters(ListenerHandler handler, @Nullable DeadLetters deadLetters,
			ProblemCollector problems) {
		if (deadLetters == null || !(handler instanceof DeliveryHandler each)) {
			problems.add("there are no dead letters",
					"Set jetstream.dead-letter.enabled to true, or remove @DeadLetterListener.");
			return Optional.empty();
		}
		return Optional.of(new DeadLetterHandling(each, deadLetters));
	}

	/**
	 * Makes a handler of one of several methods of a class.
	 * @param bean the bean
	 * @param method the method
	 * @param subjects the subjects of its messages, all if there are none
	 * @param isDefault whether it handles what no other method does
	 * @param problems takes what is wrong with the method
	 * @return the handler, or nothing if something is wrong
	 */
	public Optional<HandlerRoute> createRoute(HandlerBean bean, TargetMethod method, List<SubjectPattern> subjects,
			boolean isDefault, ProblemCollector problems) {
		CountingCollector counting = new CountingCollector(problems);
		Class<?> type = PayloadTypes.of(method, false, this.arguments.own())
			.stream()
			.filter(MessageTypes::isNameable)
			.findFirst()
			.orElse(null);
		if (isDefault && !subjects.isEmpty()) {
			counting.add("it is the default handler, and names subjects",
					"Remove its subjects: it handles what no other handler does. Or remove isDefault = true.");
		}
		if (type != null && !type.isSealed()) {
			learn(type, counting);
		}
		if (type == null && !isDefault && subjects.isEmpty()) {
			counting.add("nothing tells which messages it is for",
					"Take a payload of a class of your own, or name subjects, or set isDefault = true.");
		}
		Optional<ListenerHandler> handler = create(bean, method, false, counting);
		return (counting.count() > 0) ? Optional.empty() : handler
			.map((made) -> new HandlerRoute(method.getMethod(), (DeliveryHandler) made, type, subjects, isDefault));
	}

	/**
	 * Makes one handler of those of a class.
	 * @param routes the handlers
	 * @param problems takes what is wrong with them
	 * @return the handler, or nothing if something is wrong
	 */
	public Optional<ListenerHandler> route(List<HandlerRoute> routes, ProblemCollector problems) {
		CountingCollector counting = new CountingCollector(problems);
		new RouteCheck(routes, this.arguments.types(), counting).check();
		return (counting.count() > 0) ? Optional.empty()
				: Optional.of(new RoutingHandler(routes, this.arguments.types()));
	}

	private void learn(Class<?> type, ProblemCollector problems) {
		MessageTypes.Clash clash = this.arguments.types().learn(type);
		if (clash != null) {
			problems.add(
					"messages of two classes have the type '%s': %s and %s".formatted(clash.name(),
							clash.type().getName(), clash.other().getName()),
					"Give one of them another name, here and where it is published: jetstream.messaging.types.<name>: %s."
						.formatted(clash.type().getName()));
		}
	}

	private Arguments arguments(TargetMethod method, boolean batch) {
		List<Argument> created = new ArrayList<>();
		for (MethodParameter parameter : method.parameters()) {
			created.add(this.arguments.create(batch ? InnerParameter.of(parameter) : parameter));
		}
		return new Arguments(created);
	}

}
