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

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.ValueConstants;
import org.springframework.util.ClassUtils;

/**
 * Checks what a handler method takes.
 */
final class ParameterCheck {

	private final TargetMethod method;

	private final boolean batch;

	private final boolean validating;

	private final OwnArguments own;

	private final PayloadTypeCheck payloadType;

	private final ProblemCollector problems;

	ParameterCheck(TargetMethod method, boolean batch, ArgumentFactory arguments, ProblemCollector problems) {
		this.method = method;
		this.batch = batch;
		this.validating = arguments.isValidating();
		this.own = arguments.own();
		this.payloadType = new PayloadTypeCheck(method, arguments, problems);
		this.problems = problems;
	}

	void check() {
		List<MethodParameter> declared = this.method.parameters();
		if (this.batch && declared.stream().noneMatch(ParameterCheck::isList)) {
			this.problems.add("batch is true, but no parameter is a List",
					"Take a List, such as List<Order>, List<Message<Order>> or List<Delivery>, or remove batch = true.");
			return;
		}
		List<MethodParameter> parameters = new ArrayList<>();
		for (MethodParameter parameter : declared) {
			if (isReadable(parameter)) {
				parameters.add(this.batch ? InnerParameter.of(parameter) : parameter);
			}
		}
		checkOnePayload(parameters);
		for (MethodParameter parameter : parameters) {
			check(parameter);
		}
	}

	private boolean isReadable(MethodParameter parameter) {
		if (!this.batch) {
			return isSingle(parameter);
		}
		if (!isList(parameter)) {
			this.problems.add(
					"parameter '%s' is a single %s, but batch is true".formatted(parameter.getParameterName(),
							parameter.getParameterType().getSimpleName()),
					"Make it a List, with one element for each message of the batch.");
			return false;
		}
		if (ResolvableType.forMethodParameter(parameter).as(Iterable.class).getGeneric().resolve() == null) {
			this.problems.add("parameter '%s' doesn't say what it is a list of".formatted(parameter.getParameterName()),
					"Give it a type, such as List<Order>.");
			return false;
		}
		return true;
	}

	private boolean isSingle(MethodParameter parameter) {
		Class<?> element = isList(parameter) ? InnerParameter.of(parameter).getParameterType() : null;
		if (element == null || parameter.hasParameterAnnotation(Payload.class)
				|| this.own.kind(parameter) != ParameterKind.PAYLOAD) {
			return true;
		}
		this.problems.add(
				"parameter '%s' is a list of %s, but batch is not true".formatted(parameter.getParameterName(),
						element.getSimpleName()),
				"Add batch = true, or, if each message has a list in it, annotate the parameter with @Payload.");
		return false;
	}

	private void checkOnePayload(List<MethodParameter> parameters) {
		List<String> payloads = new ArrayList<>();
		for (MethodParameter parameter : parameters) {
			if (this.own.kind(parameter) == ParameterKind.PAYLOAD) {
				payloads.add(parameter.getParameterType().getSimpleName() + " " + parameter.getParameterName());
			}
		}
		if (payloads.size() > 1) {
			this.problems.add("a message has one payload, but %d parameters ask for it: %s".formatted(payloads.size(),
					String.join(", ", payloads)), "Annotate the others with @Header(\"<name>\").");
		}
	}

	private void check(MethodParameter parameter) {
		ParameterKind kind = this.own.kind(parameter);
		if (kind == ParameterKind.HEADERS && !ParameterKind.isHeaders(parameter.getParameterType())) {
			this.problems.add(
					"parameter '%s', which is to hold all headers, is a %s".formatted(parameter.getParameterName(),
							parameter.getParameterType().getSimpleName()),
					"Make it a Map<String, Object>, MessageHeaders or MessageHeaderAccessor.");
		}
		if (kind == ParameterKind.HEADER) {
			checkHeader(parameter);
		}
		if (kind == ParameterKind.MESSAGE && parameter.getParameterType() != Message.class) {
			this.problems.add("parameter '%s' is a %s".formatted(parameter.getParameterName(),
					parameter.getParameterType().getSimpleName()), "Make it a Message.");
		}
		Payload payload = parameter.getParameterAnnotation(Payload.class);
		if (payload != null && !payload.expression().isEmpty()) {
			this.problems.add("@Payload of parameter '%s' has an expression, which is not supported"
				.formatted(parameter.getParameterName()), "Take the whole payload and read from it in the method.");
		}
		boolean converted = (kind == ParameterKind.PAYLOAD || kind == ParameterKind.MESSAGE);
		if (converted) {
			this.payloadType.check(parameter, kind);
		}
		if (converted && PayloadValidator.isFor(parameter) && !this.validating) {
			this.problems.add("payload '%s' is to be validated, but there is no validator"
				.formatted(parameter.getParameterName()), "Add the dependency spring-boot-starter-validation.");
		}
	}

	private void checkHeader(MethodParameter parameter) {
		Header header = parameter.getParameterAnnotation(Header.class);
		if (header == null) {
			return;
		}
		String name = header.name().isEmpty() ? parameter.getParameterName() : header.name();
		if (name == null) {
			this.problems.add("a parameter is a header, but nothing says of which name",
					"Name it, @Header(\"tenant\"), or compile with -parameters.");
		}
		Class<?> type = parameter.getParameterType();
		if (type.isPrimitive() && !header.required() && header.defaultValue().equals(ValueConstants.DEFAULT_NONE)) {
			this.problems.add("header '%s' may be missing, but is of type %s".formatted(name, type.getSimpleName()),
					"Make it of type %s, or give it a defaultValue."
						.formatted(ClassUtils.resolvePrimitiveIfNecessary(type).getSimpleName()));
		}
	}

	private static boolean isList(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		return Collection.class.isAssignableFrom(type) && type.isAssignableFrom(List.class);
	}

}
