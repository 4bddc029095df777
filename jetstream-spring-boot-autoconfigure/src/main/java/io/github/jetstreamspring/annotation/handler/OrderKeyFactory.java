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
import java.util.Optional;
import java.util.Set;

import io.github.jetstreamspring.listener.OrderKey;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.messaging.converter.MessageConverter;

/**
 * Makes order keys of the expressions in annotations.
 *
 * @since 0.1.0
 */
public final class OrderKeyFactory {

	private static final String EXAMPLES = "Write SpEL over payload, headers, subject, stream and token(n), such as headers['customer'], token(2) or payload.customer.";

	private static final Set<String> PROPERTIES = Set.of("payload", "headers", "subject", "stream");

	private final ArgumentFactory arguments;

	/**
	 * Creates a factory.
	 * @param arguments tells how to read the payloads that expressions look at
	 */
	public OrderKeyFactory(ArgumentFactory arguments) {
		this.arguments = arguments;
	}

	/**
	 * Returns the same with another message converter.
	 * @param converter converts payloads
	 * @return the factory
	 */
	public OrderKeyFactory with(MessageConverter converter) {
		return new OrderKeyFactory(this.arguments.with(converter));
	}

	/**
	 * Makes a key.
	 * @param text the expression, empty if there is no order
	 * @param method the annotated method, {@code null} if there are several, each with a
	 * payload of its own
	 * @param batch whether the method takes batches
	 * @param problems takes what is wrong with the expression
	 * @return the key, or nothing if there is no order or something is wrong
	 */
	public Optional<OrderKey> create(String text, @Nullable TargetMethod method, boolean batch,
			ProblemCollector problems) {
		if (text.isEmpty()) {
			return Optional.empty();
		}
		if (batch) {
			problems.add(
					"it is ordered by '%s' and takes batches, but a batch has messages of many keys".formatted(text),
					"Remove batch = true, or remove orderedBy.");
			return Optional.empty();
		}
		Optional<OrderKey> token = SubjectTokenKey.of(text);
		return token.isPresent() ? token : parse(text, method, problems);
	}

	private Optional<OrderKey> parse(String text, @Nullable TargetMethod method, ProblemCollector problems) {
		SpelExpression expression;
		try {
			expression = new SpelExpressionParser().parseRaw(text);
		}
		catch (ParseException | IllegalStateException ex) {
			problems.add("attribute 'orderedBy' is '%s', which is no expression: %s".formatted(text, ex.getMessage()),
					EXAMPLES);
			return Optional.empty();
		}
		PayloadReader payload = (method != null) ? payload(method) : null;
		ExpressionCheck check = new ExpressionCheck(expression.getAST(), PROPERTIES);
		List<String> mistakes = check.mistakes((payload != null) ? payload.type() : null);
		if (!mistakes.isEmpty()) {
			problems.add("attribute 'orderedBy' is '%s', in which %s".formatted(text, String.join(", and ", mistakes)),
					EXAMPLES);
			return Optional.empty();
		}
		if (method == null && check.usesPayload()) {
			problems.add("attribute 'orderedBy' is '%s', but each method of the class has a payload of its own"
				.formatted(text), "Order by a header or a token of the subject.");
			return Optional.empty();
		}
		if (payload == null && check.usesPayload()) {
			problems.add("attribute 'orderedBy' is '%s', but the method doesn't say of what type the payload is"
				.formatted(text), "Take the payload as a parameter, or order by a header or a token of the subject.");
			return Optional.empty();
		}
		return Optional.of(new ExpressionKey(expression, payload));
	}

	private @Nullable PayloadReader payload(TargetMethod method) {
		for (MethodParameter parameter : method.parameters()) {
			ParameterKind kind = this.arguments.own().kind(parameter);
			if (kind == ParameterKind.PAYLOAD) {
				return this.arguments.payload(parameter);
			}
			if (kind == ParameterKind.MESSAGE) {
				return this.arguments.payload(InnerParameter.of(parameter));
			}
		}
		return null;
	}

}
