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

import java.util.stream.Stream;

import org.springframework.core.MethodParameter;

/**
 * The classes that the payloads of a method are of.
 */
final class PayloadTypes {

	private PayloadTypes() {
	}

	static Stream<? extends Class<?>> of(TargetMethod method, boolean batch, OwnArguments own) {
		return method.parameters()
			.stream()
			.map((parameter) -> batch ? InnerParameter.of(parameter) : parameter)
			.flatMap((parameter) -> payload(parameter, own))
			.map(MethodParameter::getParameterType);
	}

	private static Stream<MethodParameter> payload(MethodParameter parameter, OwnArguments own) {
		return switch (own.kind(parameter)) {
			case PAYLOAD -> Stream.of(PayloadArgument.payload(parameter));
			case MESSAGE -> Stream.of(InnerParameter.of(parameter));
			default -> Stream.empty();
		};
	}

}
