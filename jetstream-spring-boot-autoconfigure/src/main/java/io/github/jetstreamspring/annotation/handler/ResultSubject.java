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

import java.util.Map;
import java.util.Set;

import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.UnprocessableMessageException;
import io.github.jetstreamspring.messaging.NatsMessages;
import org.jspecify.annotations.Nullable;

import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;
import org.springframework.expression.spel.SpelEvaluationException;
import org.springframework.expression.spel.support.SimpleEvaluationContext;
import org.springframework.util.Assert;

/**
 * Says on which subject a result is published.
 */
@FunctionalInterface
interface ResultSubject {

	/**
	 * Returns the subject.
	 * @param result the payload of the result
	 * @param delivery the message it was made of
	 * @return the subject
	 * @throws UnprocessableMessageException if it can't be told
	 */
	String of(Object result, Delivery delivery);

	/**
	 * A subject that depends on the result and its message.
	 *
	 * @param expression says which
	 */
	record Evaluated(Expression expression) implements ResultSubject {

		/**
		 * What the expression may begin with, besides {@code token(n)}.
		 */
		static final Set<String> PROPERTIES = Set.of("result", "headers", "subject", "stream");

		// Knows no types, constructors and beans, as parts of the message may be forged
		private static final EvaluationContext CONTEXT = SimpleEvaluationContext.forReadOnlyDataBinding()
			.withInstanceMethods()
			.build();

		@Override
		public String of(Object result, Delivery delivery) {
			try {
				String subject = this.expression.getValue(CONTEXT, new Root(result, delivery), String.class);
				if (subject == null) {
					throw failure("it is null");
				}
				return subject;
			}
			catch (SpelEvaluationException ex) {
				throw failure(ex.getMessageCode().name());
			}
		}

		/**
		 * Returns what to throw for a result that has no subject.
		 * @param reason why, without a word of the message
		 */
		UnprocessableMessageException failure(String reason) {
			return new UnprocessableMessageException("The subject of the result can't be told, '%s': %s"
				.formatted(this.expression.getExpressionString(), reason), null);
		}

	}

	/**
	 * What the expression can see.
	 */
	final class Root {

		private final Object result;

		private final Delivery delivery;

		Root(Object result, Delivery delivery) {
			this.result = result;
			this.delivery = delivery;
		}

		/**
		 * Returns what the method returned.
		 * @return the result, without what is around it
		 */
		public Object getResult() {
			return this.result;
		}

		/**
		 * Returns the headers of the message.
		 * @return texts, or lists of texts where a header has several values
		 */
		public Map<String, Object> getHeaders() {
			return NatsMessages.headerValues(this.delivery.headers());
		}

		/**
		 * Returns the subject of the message.
		 * @return the subject
		 */
		public String getSubject() {
			return this.delivery.subject();
		}

		/**
		 * Returns the stream of the message.
		 * @return the stream's name
		 */
		public String getStream() {
			return this.delivery.stream();
		}

		/**
		 * Returns a token of the message's subject.
		 * @param position which token, from 1
		 * @return the token, or {@code null} if the subject has not so many
		 */
		public @Nullable String token(int position) {
			Assert.isTrue(position >= 1, "Tokens are counted from 1");
			return SubjectTokenKey.token(getSubject(), position);
		}

	}

}
