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
import java.util.Objects;

import io.github.jetstreamspring.messaging.MessageTypes;

/**
 * Checks at start-up that no message can be for two methods of a class.
 */
final class RouteCheck {

	private final List<HandlerRoute> routes;

	private final MessageTypes types;

	private final ProblemCollector problems;

	RouteCheck(List<HandlerRoute> routes, MessageTypes types, ProblemCollector problems) {
		this.routes = routes;
		this.types = types;
		this.problems = problems;
	}

	void check() {
		List<HandlerRoute> defaults = this.routes.stream().filter(HandlerRoute::isDefault).toList();
		if (defaults.size() > 1) {
			this.problems.add("several handlers are the default one: %s".formatted(defaults),
					"Leave isDefault = true on one of them.");
		}
		List<HandlerRoute> others = new ArrayList<>(this.routes);
		others.removeAll(defaults);
		for (int i = 0; i < others.size(); i++) {
			for (HandlerRoute other : others.subList(i + 1, others.size())) {
				check(others.get(i), other, others);
			}
		}
	}

	private void check(HandlerRoute one, HandlerRoute other, List<HandlerRoute> all) {
		if (!one.sharesSubjectsWith(other)) {
			return;
		}
		if (Objects.equals(one.type(), other.type())) {
			this.problems.add(
					"two handlers are for the same messages: %s and %s".formatted(one.describe(this.types),
							other.describe(this.types)),
					"Give them payloads of different types, or subjects that no message has in common.");
			return;
		}
		if (one.isAtLeastAsSpecificAs(other) || other.isAtLeastAsSpecificAs(one)) {
			return;
		}
		for (Class<?> type : this.types.subtypes(Objects.requireNonNull(one.type()))) {
			if (Objects.requireNonNull(other.type()).isAssignableFrom(type) && all.stream()
				.noneMatch((route) -> route.type() == type && route.sharesSubjectsWith(one)
						&& route.sharesSubjectsWith(other))) {
				this.problems.add(
						"messages of type %s are for two handlers, of which none is for the more specific type: %s and %s"
							.formatted(type.getSimpleName(), one, other),
						"Add a handler for %s.".formatted(type.getSimpleName()));
			}
		}
	}

}
