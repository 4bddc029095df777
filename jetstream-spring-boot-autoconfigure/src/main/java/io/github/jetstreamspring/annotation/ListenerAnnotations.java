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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the {@link JetStreamListener @JetStreamListener} annotations that count for a
 * class, wherever in its hierarchy they stand: on its methods, on those that they
 * override, and on those of its interfaces. An annotation takes the place of those on
 * what its method overrides.
 */
final class ListenerAnnotations {

	// Nearly all classes of an application
	private final Set<Class<?>> without = ConcurrentHashMap.newKeySet();

	/**
	 * Returns the methods of a class that have annotations.
	 * @param type the class; if it is that of a proxy made by CGLIB, its superclass
	 * counts
	 * @return the annotations by the methods as the class has them
	 */
	Map<Method, Set<JetStreamListener>> of(Class<?> type) {
		Class<?> userType = ClassUtils.getUserClass(type);
		if (this.without.contains(userType) || !AnnotationUtils.isCandidateClass(userType, JetStreamListener.class)) {
			return Map.of();
		}
		Map<Method, List<Declaration>> declarations = declarations(userType);
		if (declarations.isEmpty()) {
			this.without.add(userType);
			return Map.of();
		}
		Map<Method, Set<JetStreamListener>> annotations = new LinkedHashMap<>();
		declarations.forEach((method, places) -> annotations.put(method, effective(places)));
		return annotations;
	}

	boolean isOn(Class<?> type) {
		return !of(type).isEmpty();
	}

	private static Map<Method, List<Declaration>> declarations(Class<?> type) {
		Map<Method, List<Declaration>> declarations = new LinkedHashMap<>();
		Set<Class<?>> hierarchy = new LinkedHashSet<>();
		collect(type, hierarchy);
		for (Class<?> declaring : hierarchy) {
			for (Method method : ReflectionUtils.getDeclaredMethods(declaring)) {
				Set<JetStreamListener> annotations = annotations(method);
				if (!annotations.isEmpty()) {
					declarations
						.computeIfAbsent(AopUtils.getMostSpecificMethod(method, type), (key) -> new ArrayList<>())
						.add(new Declaration(declaring, annotations));
				}
			}
		}
		return declarations;
	}

	private static Set<JetStreamListener> annotations(Method method) {
		// Nearly all methods have none, and the compiler copies them to the bridges that
		// it
		// makes
		if (method.isBridge() || method.getDeclaredAnnotations().length == 0) {
			return Set.of();
		}
		return AnnotatedElementUtils.getMergedRepeatableAnnotations(method, JetStreamListener.class,
				JetStreamListener.Container.class);
	}

	private static void collect(@Nullable Class<?> type, Set<Class<?>> hierarchy) {
		if (type != null && type != Object.class && hierarchy.add(type)) {
			collect(type.getSuperclass(), hierarchy);
			for (Class<?> superinterface : type.getInterfaces()) {
				collect(superinterface, hierarchy);
			}
		}
	}

	private static Set<JetStreamListener> effective(List<Declaration> places) {
		Set<JetStreamListener> annotations = new LinkedHashSet<>();
		places.stream()
			.filter((place) -> places.stream().noneMatch((other) -> other.overrides(place)))
			.forEach((place) -> annotations.addAll(place.annotations()));
		return annotations;
	}

	/**
	 * A class or an interface that has annotations on a method.
	 */
	private record Declaration(Class<?> declaring, Set<JetStreamListener> annotations) {

		boolean overrides(Declaration other) {
			return other.declaring != this.declaring && other.declaring.isAssignableFrom(this.declaring);
		}

	}

}
