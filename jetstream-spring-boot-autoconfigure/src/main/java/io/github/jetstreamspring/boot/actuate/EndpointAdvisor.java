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

package io.github.jetstreamspring.boot.actuate;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.github.jetstreamspring.boot.operations.OperationFailure;
import io.github.jetstreamspring.guard.Guard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Stands before the operations of our endpoints: refuses parameters that they don't know,
 * which Spring Boot ignores, and answers with a status and a sentence when they fail.
 */
final class EndpointAdvisor implements OperationInvokerAdvisor {

	private static final Log logger = LogFactory.getLog(EndpointAdvisor.class);

	private final Set<EndpointId> endpoints;

	/**
	 * Creates an advisor.
	 * @param endpoints the ids of our endpoints, as others have their own ways
	 */
	EndpointAdvisor(String... endpoints) {
		this.endpoints = Set.of(endpoints).stream().map(EndpointId::of).collect(Collectors.toSet());
	}

	@Override
	public OperationInvoker apply(EndpointId endpoint, OperationType type, OperationParameters parameters,
			OperationInvoker invoker) {
		if (!this.endpoints.contains(endpoint)) {
			return invoker;
		}
		Set<String> path = names(parameters, (parameter) -> parameter.getAnnotation(Selector.class) != null);
		Set<String> known = names(parameters,
				(parameter) -> parameter.getType() != SecurityContext.class && !path.contains(parameter.getName()));
		return (context) -> {
			try {
				refuseUnknown(context, path, known);
				return invoker.invoke(context);
			}
			catch (OperationFailure failure) {
				return response(failure);
			}
			catch (InvalidEndpointRequestException ex) {
				return response(OperationFailure.badRequest(String.valueOf(ex.getReason())));
			}
			catch (RuntimeException ex) {
				Guard.log(logger, () -> "Endpoint '%s' failed".formatted(endpoint), ex);
				return response(OperationFailure.unexpected());
			}
		};
	}

	private static Set<String> names(OperationParameters parameters, Predicate<OperationParameter> which) {
		return parameters.stream()
			.filter(which)
			.map(OperationParameter::getName)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static void refuseUnknown(InvocationContext context, Set<String> path, Set<String> known) {
		Set<String> unknown = new TreeSet<>(context.getArguments().keySet());
		unknown.removeAll(path);
		unknown.removeAll(known);
		if (!unknown.isEmpty()) {
			throw OperationFailure.badRequest("There is no %s here, %s".formatted(quoted(unknown),
					known.isEmpty() ? "as this takes no parameters" : "only " + quoted(known)));
		}
	}

	private static String quoted(Set<String> names) {
		return names.stream().map((name) -> "'" + name + "'").collect(Collectors.joining(", "));
	}

	private static Object response(OperationFailure failure) {
		return new WebEndpointResponse<>(OperationResponseBody.of(failure.body()), failure.status());
	}

}
