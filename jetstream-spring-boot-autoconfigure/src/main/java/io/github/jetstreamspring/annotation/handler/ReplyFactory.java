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
import java.util.function.Supplier;

import io.github.jetstreamspring.messaging.MessageTypes;
import io.github.jetstreamspring.publisher.JetStreamOperations;
import org.jspecify.annotations.Nullable;

import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/**
 * Finds out where the results of annotated methods go.
 */
final class ReplyFactory {

	private final StringValueResolver resolver;

	private final Supplier<? extends @Nullable JetStreamOperations> operations;

	private final MessageTypes types;

	ReplyFactory(StringValueResolver resolver, Supplier<? extends @Nullable JetStreamOperations> operations,
			MessageTypes types) {
		this.resolver = resolver;
		this.operations = operations;
		this.types = types;
	}

	/**
	 * Returns what publishes the results of a method.
	 * @param method the method
	 * @param problems takes what is wrong with its {@code @SendTo}
	 * @return the publisher, or nothing if nobody wants its results or something is wrong
	 */
	Optional<ReplyPublisher> create(TargetMethod method, ProblemCollector problems) {
		SendTo annotation = method.sendTo().orElse(null);
		if (annotation == null) {
			return Optional.empty();
		}
		if (annotation.value().length > 1) {
			problems.add("@SendTo names %d subjects".formatted(annotation.value().length),
					"Name one subject, @SendTo(\"receipts.created\"), or none to reply to the caller of a request.");
			return Optional.empty();
		}
		JetStreamOperations publisher = this.operations.get();
		if (publisher == null) {
			problems.add("the method has @SendTo, but there is no one JetStreamOperations bean to send with",
					"Define a JetStreamTemplate, or mark one of several as @Primary.");
			return Optional.empty();
		}
		if (annotation.value().length == 0) {
			return Optional.of(new ReplyPublisher(publisher, null, this.types));
		}
		return subject(annotation.value()[0], publisher, problems)
			.map((subject) -> new ReplyPublisher(publisher, subject, this.types));
	}

	private Optional<ResultSubject> subject(String text, JetStreamOperations publisher, ProblemCollector problems) {
		try {
			String subject = this.resolver.resolveStringValue(text);
			if (!StringUtils.hasText(subject)) {
				throw new IllegalArgumentException("it is empty");
			}
			if (subject.startsWith("!{") && subject.endsWith("}")) {
				return Optional.of(evaluated(subject.substring(2, subject.length() - 1)));
			}
			// Throws if nothing can be published to the subject
			publisher.message("").to(subject);
			return Optional.of((result, delivery) -> subject);
		}
		catch (RuntimeException ex) {
			problems.add("the subject of @SendTo(\"%s\") is not usable: %s".formatted(text, ex.getMessage()),
					"Name a subject without wildcards, and define what its placeholders need.");
			return Optional.empty();
		}
	}

	private static ResultSubject evaluated(String text) {
		SpelExpression expression = new SpelExpressionParser().parseRaw(text);
		List<String> mistakes = new ExpressionCheck(expression.getAST(), ResultSubject.Evaluated.PROPERTIES)
			.mistakes(null);
		Assert.isTrue(mistakes.isEmpty(),
				() -> "%s; an expression may begin with result, headers, subject, stream and token(n)"
					.formatted(String.join(", and ", mistakes)));
		return new ResultSubject.Evaluated(expression);
	}

	ReplyFactory with(StringValueResolver resolver) {
		return new ReplyFactory(resolver, this.operations, this.types);
	}

}
