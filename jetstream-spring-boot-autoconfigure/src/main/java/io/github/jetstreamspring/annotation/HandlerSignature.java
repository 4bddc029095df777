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

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

import io.github.jetstreamspring.listener.Delivery;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.ClassUtils;

/**
 * Checks the signature of an annotated method, before a message fails on it.
 */
final class HandlerSignature {

	private static final String CONTINUATION = "kotlin.coroutines.Continuation";

	private static final List<Class<?>> WHOLE_MESSAGE = List.of(Message.class, io.nats.client.Message.class,
			Delivery.class, MessageHeaders.class, MessageHeaderAccessor.class);

	private final Method method;

	private final boolean validating;

	private final ProblemCollector problems;

	/**
	 * Creates a check.
	 * @param method the method
	 * @param validating whether there is a validator for payloads
	 * @param problems takes what is wrong
	 */
	HandlerSignature(Method method, boolean validating, ProblemCollector problems) {
		this.method = method;
		this.validating = validating;
		this.problems = problems;
	}

	void check() {
		if (Modifier.isStatic(this.method.getModifiers())) {
			this.problems.add("the method is static", "Make it an instance method of the bean.");
		}
		checkReturn();
		checkParameters();
	}

	private void checkReturn() {
		Class<?> type = this.method.getReturnType();
		if (isAsynchronous(type)) {
			this.problems.add("the method is asynchronous, and its message would be acked before its work is done",
					"Return void, and wait for the result in the method.");
		}
		else if (type != void.class) {
			this.problems.add("the method returns %s, which goes nowhere".formatted(type.getSimpleName()),
					"Return void; to publish a result, inject JetStreamTemplate.");
		}
		else if (AnnotatedElementUtils.hasAnnotation(this.method, SendTo.class)) {
			this.problems.add("the method has @SendTo, but listeners send no replies",
					"Remove it; to publish a result, inject JetStreamTemplate.");
		}
	}

	private boolean isAsynchronous(Class<?> type) {
		return CompletionStage.class.isAssignableFrom(type) || Future.class.isAssignableFrom(type)
				|| ClassUtils.getAllInterfacesForClassAsSet(type)
					.stream()
					.anyMatch((implemented) -> implemented.getName().equals("org.reactivestreams.Publisher"))
				|| Arrays.stream(this.method.getParameterTypes())
					.anyMatch((parameter) -> parameter.getName().equals(CONTINUATION));
	}

	private void checkParameters() {
		Parameter[] parameters = this.method.getParameters();
		List<String> payloads = Arrays.stream(parameters)
			.filter(HandlerSignature::isPayload)
			.map((parameter) -> parameter.getType().getSimpleName() + " " + parameter.getName())
			.toList();
		if (payloads.size() > 1) {
			this.problems.add("a message has one payload, but %d parameters ask for it: %s".formatted(payloads.size(),
					String.join(", ", payloads)), "Annotate the others with @Header(\"<name>\").");
		}
		for (Parameter parameter : parameters) {
			if (isAnnotated(parameter, Headers.class) && !Map.class.isAssignableFrom(parameter.getType())
					&& !MessageHeaderAccessor.class.isAssignableFrom(parameter.getType())) {
				this.problems.add(
						"@Headers parameter '%s' is a %s".formatted(parameter.getName(),
								parameter.getType().getSimpleName()),
						"Make it a Map<String, Object> or MessageHeaders.");
			}
			Payload payload = AnnotatedElementUtils.findMergedAnnotation(parameter, Payload.class);
			if (payload != null && !payload.expression().isEmpty()) {
				this.problems.add("@Payload of parameter '%s' has an expression, which is not supported"
					.formatted(parameter.getName()), "Take the whole payload and read from it in the method.");
			}
			if (isPayload(parameter) && isValidated(parameter) && !this.validating) {
				this.problems.add(
						"payload '%s' is to be validated, but there is no validator".formatted(parameter.getName()),
						"Add the dependency spring-boot-starter-validation.");
			}
		}
	}

	private static boolean isPayload(Parameter parameter) {
		if (isAnnotated(parameter, Payload.class)) {
			return true;
		}
		return !isAnnotated(parameter, Header.class) && !isAnnotated(parameter, Headers.class)
				&& !parameter.getType().getName().equals(CONTINUATION)
				&& WHOLE_MESSAGE.stream().noneMatch((type) -> type.isAssignableFrom(parameter.getType()));
	}

	private static boolean isValidated(Parameter parameter) {
		return Arrays.stream(parameter.getAnnotations())
			.map((annotation) -> annotation.annotationType().getSimpleName())
			.anyMatch((name) -> name.startsWith("Valid"));
	}

	private static boolean isAnnotated(Parameter parameter, Class<? extends Annotation> type) {
		return AnnotatedElementUtils.hasAnnotation(parameter, type);
	}

}
