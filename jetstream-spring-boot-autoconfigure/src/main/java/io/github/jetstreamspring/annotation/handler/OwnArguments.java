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

import java.util.List;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/**
 * Gets the arguments that are the application's own: those that would be payloads
 * otherwise, and that one of its {@link HandlerMethodArgumentResolver} beans supports.
 *
 * @param resolvers the beans, in their order
 */
record OwnArguments(List<HandlerMethodArgumentResolver> resolvers) {

	static OwnArguments of(ListableBeanFactory beanFactory) {
		return new OwnArguments(
				beanFactory.getBeanProvider(HandlerMethodArgumentResolver.class).orderedStream().toList());
	}

	/**
	 * Returns what a parameter wants of a message.
	 */
	ParameterKind kind(MethodParameter parameter) {
		ParameterKind kind = ParameterKind.of(parameter);
		return (kind == ParameterKind.PAYLOAD && !parameter.hasParameterAnnotation(Payload.class)
				&& isSupported(parameter)) ? ParameterKind.OWN : kind;
	}

	private boolean isSupported(MethodParameter parameter) {
		for (HandlerMethodArgumentResolver resolver : this.resolvers) {
			if (resolver.supportsParameter(parameter)) {
				return true;
			}
		}
		return false;
	}

	Argument create(MethodParameter parameter) {
		HandlerMethodArgumentResolver supporting = this.resolvers.stream()
			.filter((resolver) -> resolver.supportsParameter(parameter))
			.findFirst()
			.orElseThrow();
		return (incoming) -> supporting.resolveArgument(parameter, incoming.message());
	}

}
