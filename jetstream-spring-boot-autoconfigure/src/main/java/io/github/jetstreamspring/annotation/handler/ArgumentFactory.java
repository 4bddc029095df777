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

import java.util.function.Supplier;

import io.github.jetstreamspring.messaging.ContentEncodings;
import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.github.jetstreamspring.messaging.MessageTypes;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.validation.Validator;

/**
 * Decides, once for each parameter, how to get its values.
 *
 * @since 0.1.0
 */
public final class ArgumentFactory {

	private final MessageConverter converter;

	private final MessageTypes types;

	private final ContentEncodings encodings;

	private final OwnArguments resolvers;

	private final @Nullable Validator validator;

	// Made for the first header that a method takes, as it is not cheap
	private final Supplier<HandlerMethodArgumentResolver> header;

	private final HandlerMethodArgumentResolver headers = new HeadersMethodArgumentResolver();

	private ArgumentFactory(ArgumentFactory other, MessageConverter converter) {
		this.converter = converter;
		this.types = other.types;
		this.encodings = other.encodings;
		this.validator = other.validator;
		this.header = other.header;
		this.resolvers = other.resolvers;
	}

	/**
	 * Creates a factory.
	 * @param beanFactory has what converts headers, and the names of types
	 * @param converter converts payloads
	 * @param validator validates payloads, or {@code null} if there is none
	 */
	public ArgumentFactory(ConfigurableListableBeanFactory beanFactory, MessageConverter converter,
			@Nullable Validator validator) {
		this.converter = converter;
		MessageTypes types = beanFactory.getBeanProvider(MessageTypes.class).getIfAvailable();
		this.types = (types != null) ? types : new MessageTypes();
		ContentEncodings encodings = beanFactory.getBeanProvider(ContentEncodings.class).getIfAvailable();
		this.encodings = (encodings != null) ? encodings : ContentEncodings.DEFAULTS;
		this.validator = validator;
		this.resolvers = OwnArguments.of(beanFactory);
		this.header = SingletonSupplier
			.of(() -> new HeaderMethodArgumentResolver(HeaderConversion.of(beanFactory), beanFactory));
	}

	/**
	 * Returns the same with another message converter.
	 * @param converter converts payloads
	 * @return the factory
	 */
	public ArgumentFactory with(MessageConverter converter) {
		return new ArgumentFactory(this, converter);
	}

	/**
	 * Returns what gets the arguments that are the application's own.
	 */
	OwnArguments own() {
		return this.resolvers;
	}

	MessageTypes types() {
		return this.types;
	}

	/**
	 * Takes note of the classes that a method takes, as messages may name them.
	 * @param method the method, which takes single messages
	 */
	public void learn(TargetMethod method) {
		for (Class<?> type : PayloadTypes.of(method, false, this.resolvers)) {
			if (MessageTypes.isNameable(type)) {
				// Whether two have one name is said where the handler is made
				this.types.learn(type);
			}
		}
	}

	/**
	 * Returns whether it is known that no payload can be an object of a type.
	 */
	boolean isUnreadable(Class<?> type) {
		return !type.isAssignableFrom(byte[].class) && this.types.subtypes(type).isEmpty()
				&& JetStreamMessageConverters.isUnreadable(this.converter, type);
	}

	boolean isValidating() {
		return this.validator != null;
	}

	Argument create(MethodParameter parameter) {
		ValueClass valueClass = ValueClass.of(parameter);
		return (valueClass != null) ? create(parameter, valueClass) : createPlain(parameter);
	}

	// The payload is read as the class, and what is in it is passed on
	private Argument create(MethodParameter parameter, ValueClass valueClass) {
		return switch (this.resolvers.kind(parameter)) {
			case PAYLOAD -> {
				Argument payload = new PayloadArgument(parameter,
						reader(InnerParameter.narrowed(parameter, valueClass.type())),
						PayloadValidator.of(parameter, this.validator));
				yield (incoming) -> valueClass.unbox(payload.get(incoming));
			}
			case HEADER -> new HeaderArgument(parameter, this.header.get()).checkedBy(valueClass);
			default -> createPlain(parameter);
		};
	}

	private Argument createPlain(MethodParameter parameter) {
		return switch (this.resolvers.kind(parameter)) {
			case DELIVERY -> ArgumentSource::delivery;
			case NATS_MESSAGE -> ArgumentSource::natsMessage;
			case DEAD_LETTER -> (incoming) -> DeadLetterHandling.letter(incoming.natsMessage());
			case OWN -> this.resolvers.create(parameter);
			case HEADER -> new HeaderArgument(parameter, this.header.get());
			case HEADERS -> headers(parameter);
			case MESSAGE -> new MessageArgument(reader(InnerParameter.of(parameter)),
					PayloadValidator.of(parameter, this.validator));
			case PAYLOAD ->
				new PayloadArgument(parameter, payload(parameter), PayloadValidator.of(parameter, this.validator));
		};
	}

	PayloadReader payload(MethodParameter parameter) {
		return reader(PayloadArgument.payload(parameter));
	}

	private PayloadReader reader(MethodParameter parameter) {
		return new PayloadReader(parameter, this.converter, this.types, this.encodings);
	}

	private Argument headers(MethodParameter parameter) {
		if (MessageHeaderAccessor.class.isAssignableFrom(parameter.getParameterType())) {
			return (incoming) -> this.headers.resolveArgument(parameter, incoming.message());
		}
		return (incoming) -> incoming.message().getHeaders();
	}

}
