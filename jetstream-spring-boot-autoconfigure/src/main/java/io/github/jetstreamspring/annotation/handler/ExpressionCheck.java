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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.Assign;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.ConstructorReference;
import org.springframework.expression.spel.ast.Elvis;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.Operator;
import org.springframework.expression.spel.ast.OperatorNot;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Ternary;
import org.springframework.expression.spel.ast.TypeReference;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.util.ReflectionUtils;

/**
 * Looks at start-up for what would make an expression fail for each and every message.
 */
final class ExpressionCheck {

	private static final String PAYLOAD = "payload";

	// The message itself, and what is looked at within a selection
	private static final Set<String> CONTEXT_VARIABLES = Set.of("#root", "#this");

	private final Set<String> properties;

	private final List<SpelNode> nodes;

	private final List<SpelNode> beginnings;

	/**
	 * Creates a check.
	 * @param expression the expression
	 * @param properties what it may begin with, besides {@code token(n)}
	 */
	ExpressionCheck(SpelNode expression, Set<String> properties) {
		this.properties = properties;
		this.nodes = all(expression).toList();
		this.beginnings = beginnings(expression).toList();
	}

	boolean usesPayload() {
		return this.nodes.stream()
			.anyMatch(
					(node) -> node instanceof PropertyOrFieldReference property && property.getName().equals(PAYLOAD));
	}

	/**
	 * Returns what can't work.
	 * @param payloadType the type of the payload, {@code null} if that isn't known
	 */
	List<String> mistakes(@Nullable Class<?> payloadType) {
		List<String> mistakes = new ArrayList<>();
		for (SpelNode node : this.beginnings) {
			if (node instanceof PropertyOrFieldReference property && !this.properties.contains(property.getName())) {
				mistakes.add("'%s' is unknown".formatted(property.getName()));
			}
			if (node instanceof MethodReference method && !method.getName().equals("token")) {
				mistakes.add("%s(...) is unknown".formatted(method.getName()));
			}
		}
		for (SpelNode node : this.nodes) {
			if (node instanceof TypeReference || node instanceof BeanReference || node instanceof ConstructorReference
					|| node instanceof Assign) {
				mistakes.add("'%s' is not allowed".formatted(node.toStringAST()));
			}
			if (node instanceof VariableReference && !CONTEXT_VARIABLES.contains(node.toStringAST())) {
				mistakes.add("'%s' is unknown, as there are no variables".formatted(node.toStringAST()));
			}
			if (payloadType != null && node instanceof CompoundExpression path) {
				unknownProperty(path, payloadType).ifPresent(mistakes::add);
			}
		}
		return mistakes;
	}

	// Only where no payload can have the property: others may be of a subtype that has it
	private static Optional<String> unknownProperty(CompoundExpression path, Class<?> payloadType) {
		if (!(path.getChild(0) instanceof PropertyOrFieldReference first && first.getName().equals(PAYLOAD)
				&& path.getChild(1) instanceof PropertyOrFieldReference property)) {
			return Optional.empty();
		}
		String name = property.getName();
		if (BeanUtils.getPropertyDescriptor(payloadType, name) != null
				|| ReflectionUtils.findMethod(payloadType, name) != null) {
			return Optional.empty();
		}
		if (payloadType == Map.class) {
			return Optional.of("'payload.%1$s' is no property of a map: write payload['%1$s']".formatted(name));
		}
		return payloadType.isRecord()
				? Optional.of("%s has no property '%s'".formatted(payloadType.getSimpleName(), name))
				: Optional.empty();
	}

	private static Stream<SpelNode> all(SpelNode node) {
		return Stream.concat(Stream.of(node), children(node).flatMap(ExpressionCheck::all));
	}

	// Where the expression looks at the message itself and not at a part of it. What is
	// in brackets may be either.
	private static Stream<SpelNode> beginnings(SpelNode node) {
		if (node instanceof CompoundExpression) {
			return beginnings(node.getChild(0));
		}
		if (node instanceof Operator || node instanceof OperatorNot || node instanceof Ternary
				|| node instanceof Elvis) {
			return children(node).flatMap(ExpressionCheck::beginnings);
		}
		return Stream.of(node);
	}

	private static Stream<SpelNode> children(SpelNode node) {
		return IntStream.range(0, node.getChildCount()).mapToObj(node::getChild);
	}

}
