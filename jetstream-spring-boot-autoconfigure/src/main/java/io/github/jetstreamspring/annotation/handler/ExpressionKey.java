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

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.OrderKey;
import io.github.jetstreamspring.listener.UnprocessableMessageException;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;
import org.springframework.expression.spel.SpelEvaluationException;
import org.springframework.expression.spel.support.SimpleEvaluationContext;

/**
 * Orders messages by the value of an expression.
 *
 * @param expression the expression
 * @param payloadReader reads payloads, or {@code null} if the expression needs none
 */
record ExpressionKey(Expression expression, @Nullable PayloadReader payloadReader) implements OrderKey {

	// Reads properties and calls methods, but knows no types, constructors and beans
	private static final EvaluationContext CONTEXT = SimpleEvaluationContext.forReadOnlyDataBinding()
		.withInstanceMethods()
		.build();

	@Override
	public @Nullable Object keyOf(Delivery delivery, Message message) {
		OrderedMessage root = new OrderedMessage(new ArgumentSource(delivery, message), this.payloadReader);
		try {
			return this.expression.getValue(CONTEXT, root);
		}
		catch (RuntimeException ex) {
			throw failure(ex);
		}
	}

	private UnprocessableMessageException failure(RuntimeException failure) {
		List<Throwable> causes = Failures.causes(failure);
		Throwable root = causes.stream()
			.filter(UnprocessableMessageException.class::isInstance)
			.findFirst()
			.orElse(causes.get(causes.size() - 1));
		// Neither its text nor the exception itself, which may have values of the payload
		String reason = (root instanceof SpelEvaluationException ex) ? ex.getMessageCode().name()
				: root.getClass().getName();
		if (root instanceof UnprocessableMessageException) {
			reason = "the payload can't be converted";
		}
		return new UnprocessableMessageException("What orders the message can't be told, '%s': %s"
			.formatted(this.expression.getExpressionString(), reason), null);
	}

}
