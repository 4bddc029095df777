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

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.TypeVariable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.util.ClassUtils;

/**
 * Checks whether payloads can be what a parameter wants them to be.
 */
final class PayloadTypeCheck {

	private static final List<Class<? extends Annotation>> OTHER_SOURCES = List.of(DestinationVariable.class,
			Value.class);

	private final TargetMethod method;

	private final ArgumentFactory arguments;

	private final ProblemCollector problems;

	PayloadTypeCheck(TargetMethod method, ArgumentFactory arguments, ProblemCollector problems) {
		this.method = method;
		this.arguments = arguments;
		this.problems = problems;
	}

	/**
	 * Checks a parameter that is to be the payload, or a message with it.
	 * @param parameter the parameter, of one message
	 * @param kind what it wants
	 */
	void check(MethodParameter parameter, ParameterKind kind) {
		String name = parameter.getParameterName();
		for (Class<? extends Annotation> annotation : OTHER_SOURCES) {
			if (parameter.hasParameterAnnotation(annotation)) {
				this.problems.add(
						"parameter '%s' has @%s, which means nothing here".formatted(name, annotation.getSimpleName()),
						"Take what you need of a Delivery, of a @Header, or of the bean's own fields, or define a HandlerMethodArgumentResolver.");
				return;
			}
		}
		MethodParameter payload = (kind == ParameterKind.MESSAGE) ? InnerParameter.of(parameter)
				: PayloadArgument.payload(parameter);
		Class<?> type = payload.getParameterType();
		String simpleName = type.getSimpleName();
		if (ParameterKind.ofType(type) != ParameterKind.PAYLOAD) {
			this.problems.add("parameter '%s' takes the payload as %s, which it isn't".formatted(name, simpleName),
					"Take %s itself: without @Payload, and not in an Optional or a Message.".formatted(simpleName));
		}
		else if (Future.class.isAssignableFrom(type) || ReturnKind.adapter(type) != null) {
			this.problems.add("parameter '%s' is of type %s, but the payload is there when the method is called"
				.formatted(name, simpleName), "Take what is in the %s.".formatted(simpleName));
		}
		else if (isUnknown(payload)) {
			this.problems.add("nothing says of which type parameter '%s' is".formatted(name),
					"Name the type in a class of its own, such as OrderHandler extends Handler<Order>: neither the bean's definition nor a lambda keeps it.");
		}
		else if (kind == ParameterKind.PAYLOAD && type.isPrimitive() && !PayloadArgument.isRequired(parameter)) {
			this.problems.add("parameter '%s' may be missing, but is of type %s".formatted(name, simpleName),
					"Make it of type %s.".formatted(ClassUtils.resolvePrimitiveIfNecessary(type).getSimpleName()));
		}
		else {
			checkReadable(name, ResolvableType.forMethodParameter(payload));
		}
	}

	private boolean isUnknown(MethodParameter payload) {
		if (this.method.beanType().isHidden() && payload.getParameterType() == Object.class) {
			return isVariableOfInterface(payload.getParameterIndex());
		}
		return isUnknown(ResolvableType.forMethodParameter(payload));
	}

	private static boolean isUnknown(ResolvableType type) {
		if (type.getType() instanceof TypeVariable && type.resolve() == null) {
			return true;
		}
		for (ResolvableType inner : type.getGenerics()) {
			if (isUnknown(inner)) {
				return true;
			}
		}
		return false;
	}

	// The class of a lambda has the erased types of its interface
	private boolean isVariableOfInterface(int index) {
		for (Class<?> type : this.method.beanType().getInterfaces()) {
			for (Method declared : type.getMethods()) {
				if (declared.getName().equals(this.method.getMethod().getName())
						&& declared.getParameterCount() == this.method.getMethod().getParameterCount()
						&& declared.getGenericParameterTypes()[index] instanceof TypeVariable) {
					return true;
				}
			}
		}
		return false;
	}

	private void checkReadable(@Nullable String name, ResolvableType type) {
		Class<?> payload = type.toClass();
		if (this.arguments.isUnreadable(payload)) {
			this.problems.add(
					"parameter '%s' takes %s, which no payload can be read as".formatted(name, payload.getSimpleName()),
					"Take a record or a class with what you need of the payload. Or say which class it is, by the names of types or @JsonTypeInfo. Or name a converter that reads it.");
			return;
		}
		if (Collection.class.isAssignableFrom(payload) || Map.class.isAssignableFrom(payload)
				|| payload == Optional.class) {
			for (ResolvableType inner : type.getGenerics()) {
				if (inner.resolve() != null && !isKey(type, inner)) {
					checkReadable(name, inner);
				}
			}
		}
		else if (payload.isArray()) {
			checkReadable(name, type.getComponentType());
		}
	}

	private static boolean isKey(ResolvableType type, ResolvableType inner) {
		return Map.class.isAssignableFrom(type.toClass()) && inner == type.getGeneric(0);
	}

}
