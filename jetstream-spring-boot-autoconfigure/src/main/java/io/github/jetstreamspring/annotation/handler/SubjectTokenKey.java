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

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.OrderKey;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * Orders messages by a token of their subject: the most frequent order, and one that can
 * be told without evaluating anything.
 *
 * @param position which token, from 1
 */
record SubjectTokenKey(int position) implements OrderKey {

	private static final Pattern EXPRESSION = Pattern.compile("token\\(\\s*([1-9]\\d{0,3})\\s*\\)");

	/**
	 * Returns the key for an expression that says nothing else.
	 * @param expression the expression
	 * @return the key, or nothing if the expression says something else
	 */
	static Optional<OrderKey> of(String expression) {
		Matcher matcher = EXPRESSION.matcher(expression);
		return matcher.matches() ? Optional.of(new SubjectTokenKey(Integer.parseInt(matcher.group(1))))
				: Optional.empty();
	}

	@Override
	public @Nullable Object keyOf(Delivery delivery, Message message) {
		return token(message.getSubject(), this.position);
	}

	/**
	 * Returns a token of a subject.
	 * @param subject the subject
	 * @param position which token, from 1
	 * @return the token, or {@code null} if the subject has not so many
	 */
	static @Nullable String token(String subject, int position) {
		int start = 0;
		for (int skipped = 1; skipped < position; skipped++) {
			int dot = subject.indexOf('.', start);
			if (dot < 0) {
				return null;
			}
			start = dot + 1;
		}
		int end = subject.indexOf('.', start);
		return (end < 0) ? subject.substring(start) : subject.substring(start, end);
	}

}
