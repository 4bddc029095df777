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
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;

/**
 * The classes that the payloads of a method are of.
 */
final class PayloadTypes {

	private PayloadTypes() {
	}

	static List<Class<?>> of(TargetMethod method, boolean batch, OwnArguments own) {
		List<Class<?>> types = new ArrayList<>();
		for (MethodParameter parameter : method.parameters()) {
			MethodParameter payload = payload(batch ? InnerParameter.of(parameter) : parameter, own);
			if (payload != null) {
				types.add(payload.getParameterType());
			}
		}
		return types;
	}

	private static @Nullable MethodParameter payload(MethodParameter parameter, OwnArguments own) {
		return switch (own.kind(parameter)) {
			case PAYLOAD -> PayloadArgument.payload(parameter);
			case MESSAGE -> InnerParameter.of(parameter);
			default -> null;
		};
	}

}
