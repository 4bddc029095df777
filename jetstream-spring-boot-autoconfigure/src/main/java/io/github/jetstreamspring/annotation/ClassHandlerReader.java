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

package io.github.jetstreamspring.annotation;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.jetstreamspring.annotation.handler.HandlerFactory;
import io.github.jetstreamspring.annotation.handler.HandlerRoute;
import io.github.jetstreamspring.annotation.handler.ProblemCollector;
import io.github.jetstreamspring.annotation.handler.TargetMethod;
import io.github.jetstreamspring.listener.ListenerHandler;
import io.github.jetstreamspring.messaging.SubjectPattern;

import org.springframework.util.StringUtils;

/**
 * Makes one handler of the {@link JetStreamHandler @JetStreamHandler} methods of a class.
 */
final class ClassHandlerReader {

	private final ListenerClass listener;

	private final BeanExpressions resolver;

	private final List<ListenerProblem> problems;

	private final List<HandlerRoute> routes = new ArrayList<>();

	ClassHandlerReader(ListenerClass listener, BeanExpressions resolver, List<ListenerProblem> problems) {
		this.listener = listener;
		this.resolver = resolver;
		this.problems = problems;
	}

	/**
	 * Makes the handler.
	 * @param handlers makes handlers of methods
	 * @param batch whether the annotation of the class is for batches
	 * @return the handler, or nothing if something is wrong
	 */
	Optional<ListenerHandler> read(HandlerFactory handlers, boolean batch) {
		if (this.listener.handlers().isEmpty()) {
			collector().add("the class has no method with @JetStreamHandler",
					"Annotate the methods that take its messages with @JetStreamHandler, or move @JetStreamListener to a method.");
			return Optional.empty();
		}
		if (batch) {
			collector().add("it takes batches, but the messages of a batch may be for different handlers of the class",
					"Remove batch = true, or move @JetStreamListener to a method.");
			return Optional.empty();
		}
		int before = this.problems.size();
		this.listener.handlers()
			.entrySet()
			.stream()
			// Whose order the virtual machine doesn't guarantee
			.sorted(Map.Entry
				.comparingByKey((a, b) -> ListenerMethod.describe(a).compareTo(ListenerMethod.describe(b))))
			.forEach((entry) -> read(entry.getKey(), entry.getValue(), handlers));
		return (this.problems.size() > before) ? Optional.empty() : handlers.route(this.routes, collector());
	}

	private void read(Method method, JetStreamHandler annotation, HandlerFactory handlers) {
		ProblemCollector collector = collector(method);
		List<SubjectPattern> subjects = new ArrayList<>();
		for (String subject : annotation.subjects()) {
			subjects.addAll(subjects(subject, collector));
		}
		handlers
			.createRoute(this.listener.bean(), new TargetMethod(method, this.listener.bean().type()), subjects,
					annotation.isDefault(), collector)
			.ifPresent(this.routes::add);
	}

	private List<SubjectPattern> subjects(String text, ProblemCollector collector) {
		try {
			List<String> subjects = this.resolver.resolveAll(text);
			if (subjects.isEmpty() || !subjects.stream().allMatch(StringUtils::hasText)) {
				throw new IllegalArgumentException("it is empty");
			}
			return subjects.stream().map((subject) -> SubjectPattern.of(subject.strip())).toList();
		}
		catch (RuntimeException ex) {
			collector.add(
					"the subject of @JetStreamHandler(subjects = \"%s\") is not usable: %s".formatted(text,
							ex.getMessage()),
					"Name a subject such as orders.*.cancelled, and define what its placeholders need.");
			return List.of();
		}
	}

	/**
	 * Checks that the subjects of the methods are among those of the consumer.
	 * @param filter the consumer's subjects, none if they aren't known
	 */
	void checkSubjects(List<String> filter) {
		// What is wrong with those is said when they are declared
		List<SubjectPattern> known = filter.stream().filter(SubjectPattern::isValid).map(SubjectPattern::of).toList();
		for (HandlerRoute route : this.routes) {
			for (SubjectPattern subject : route.subjects()) {
				if (!known.isEmpty() && known.stream().noneMatch(subject::overlaps)) {
					collector(route.method()).add(
							"no message comes on its subject '%s', as the consumer '%s' is for %s".formatted(subject,
									this.listener.annotation().consumer(), String.join(", ", filter)),
							"Correct the subject, or add it to the filter-subjects of the consumer.");
				}
			}
		}
	}

	private ProblemCollector collector() {
		return (description, fix) -> this.problems
			.add(new ListenerProblem(this.listener.toString(), this.listener.listener(), description, fix));
	}

	private ProblemCollector collector(Method method) {
		return (description, fix) -> this.problems
			.add(new ListenerProblem(ListenerMethod.describe(method), this.listener.listener(), description, fix));
	}

}
