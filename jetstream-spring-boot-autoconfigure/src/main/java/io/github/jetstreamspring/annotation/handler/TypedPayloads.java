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
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import io.github.jetstreamspring.listener.ReceiverSetup;
import io.github.jetstreamspring.messaging.MessageTypes;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.validation.Validator;

/**
 * Makes objects of types that are named when they are wanted, as parameters of methods
 * are made.
 *
 * @since 0.1.0
 */
public final class TypedPayloads {

	private static final Object[] NO_GROUPS = {};

	private static final MethodParameter PARAMETER = parameter();

	private final ArgumentFactory arguments;

	private final @Nullable Validator validator;

	private final Map<Class<?>, Argument> known = new ConcurrentHashMap<>();

	/**
	 * Creates what makes objects.
	 * @param arguments makes parameters
	 * @param validator validates payloads, or {@code null} if there is none
	 */
	public TypedPayloads(ArgumentFactory arguments, @Nullable Validator validator) {
		this.arguments = arguments;
		this.validator = validator;
	}

	// No method has it, but a payload's reader takes its type and place from one
	private static MethodParameter parameter() {
		Method method = ReflectionUtils.findMethod(Argument.class, "get", ArgumentSource.class);
		Assert.state(method != null, "An argument is got of what is incoming");
		return new MethodParameter(method, 0);
	}

	/**
	 * Returns what makes objects of messages.
	 * @param <T> the type of the objects
	 * @param type the type of the objects, which may be one of messages
	 * @return what makes them, and validates them
	 * @throws IllegalArgumentException if the type can't be told from another one by the
	 * name that messages carry
	 */
	@SuppressWarnings("unchecked")
	public <T> ReceiverSetup.Reader<T> reader(Class<T> type) {
		Argument argument = this.known.get(type);
		if (argument == null) {
			argument = argument(type);
			this.known.put(type, argument);
		}
		Argument made = argument;
		Class<T> boxed = (Class<T>) ClassUtils.resolvePrimitiveIfNecessary(type);
		return (delivery, message) -> boxed.cast(Objects.requireNonNull(made.get(new ArgumentSource(delivery, message)),
				"A missing payload is refused"));
	}

	private Argument argument(Class<?> type) {
		if (type == Message.class) {
			return ArgumentSource::natsMessage;
		}
		if (type == org.springframework.messaging.Message.class) {
			return ArgumentSource::message;
		}
		if (type.isSealed()) {
			MessageTypes.Clash clash = this.arguments.types().learn(type);
			Assert.isTrue(clash == null,
					() -> "Messages of two classes have the same type: %s. Give one of them another name, here and where it is published: jetstream.messaging.types.<name>"
						.formatted(clash));
		}
		Assert.isTrue(!this.arguments.isUnreadable(type),
				() -> "No payload can be read as %s. Receive a record or a class with what you need of it, or byte[]"
					.formatted(type.getName()));
		PayloadReader reader = this.arguments.payload(InnerParameter.narrowed(PARAMETER, type));
		return new PayloadArgument(PARAMETER, reader, validator(type));
	}

	// There is no annotation that could ask for it
	private @Nullable PayloadValidator validator(Class<?> type) {
		Validator known = this.validator;
		return (known != null && known.supports(type)) ? new PayloadValidator(known, "payload", NO_GROUPS) : null;
	}

}
