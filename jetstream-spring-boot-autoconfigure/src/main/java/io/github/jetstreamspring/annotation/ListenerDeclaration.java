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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.jetstreamspring.annotation.handler.TargetMethod;

/**
 * Where a {@link JetStreamListener @JetStreamListener} annotation stands: on a method, or
 * on a class whose methods share the messages.
 */
sealed interface ListenerDeclaration permits ListenerMethod, ListenerClass {

	/**
	 * Returns the bean.
	 */
	ListenerBean bean();

	/**
	 * Returns the annotation, with placeholders.
	 */
	JetStreamListener annotation();

	/**
	 * Returns the methods that get the messages.
	 */
	List<TargetMethod> methods();

	/**
	 * Names the listener for people, before its placeholders are resolved.
	 * @return the id or else the consumer
	 */
	default String listener() {
		return annotation().id().isEmpty() ? annotation().consumer() : annotation().id();
	}

	/**
	 * Returns all listeners that a bean declares.
	 * @param bean the bean
	 * @param annotations finds its annotations
	 */
	static List<ListenerDeclaration> of(ListenerBean bean, ListenerAnnotations annotations) {
		List<ListenerDeclaration> declarations = new ArrayList<>();
		for (Map.Entry<Method, Set<JetStreamListener>> found : annotations.of(bean.type()).entrySet()) {
			for (JetStreamListener each : found.getValue()) {
				declarations.add(new ListenerMethod(bean, found.getKey(), each));
			}
		}
		Map<Method, JetStreamHandler> handlers = new LinkedHashMap<>();
		for (Map.Entry<Method, Set<JetStreamHandler>> found : annotations.handlersOf(bean.type()).entrySet()) {
			handlers.put(found.getKey(), found.getValue().iterator().next());
		}
		for (JetStreamListener each : annotations.ofClass(bean.type())) {
			declarations.add(new ListenerClass(bean, each, handlers));
		}
		return declarations;
	}

}
