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

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the {@link JetStreamListener @JetStreamListener} and
 * {@link JetStreamHandler @JetStreamHandler} annotations that count for a class, wherever
 * in its hierarchy they stand: on itself and its methods, on those that they override,
 * and on those of its interfaces. An annotation takes the place of those on what its
 * class or method overrides.
 */
final class ListenerAnnotations {

	// Where most beans come from, and no listeners do
	private static final List<String> FRAMEWORK = List.of("org.springframework.boot.", "org.springframework.context.",
			"tools.jackson.");

	// Nearly all classes of an application
	private final Set<Class<?>> without = ConcurrentHashMap.newKeySet();

	// Looked at more than once, which takes long where there are many methods
	private final Map<Class<?>, Map<Method, Set<JetStreamListener>>> found = new ConcurrentHashMap<>();

	/**
	 * Returns the methods of a class that are listeners.
	 * @param type the class; if it is that of a proxy made by CGLIB, its superclass
	 * counts
	 * @return the annotations by the methods as the class has them
	 */
	Map<Method, Set<JetStreamListener>> of(Class<?> type) {
		Class<?> userType = ClassUtils.getUserClass(type);
		Map<Method, Set<JetStreamListener>> known = this.found.get(userType);
		if (known != null) {
			return known;
		}
		Map<Method, Set<JetStreamListener>> methods = methods(userType, ListenerAnnotations::listeners);
		if (!methods.isEmpty()) {
			this.found.put(userType, methods);
		}
		return methods;
	}

	/**
	 * Returns the methods of a class that are handlers of a class that is a listener.
	 * @param type the class, as above
	 * @return the annotations by the methods as the class has them
	 */
	Map<Method, Set<JetStreamHandler>> handlersOf(Class<?> type) {
		return methods(ClassUtils.getUserClass(type), ListenerAnnotations::handlers);
	}

	/**
	 * Returns the annotations of a class that is a listener itself.
	 * @param type the class, as above
	 * @return the annotations, none if it isn't
	 */
	Set<JetStreamListener> ofClass(Class<?> type) {
		Class<?> userType = ClassUtils.getUserClass(type);
		if (!isCandidate(userType)) {
			return Set.of();
		}
		List<Declaration<JetStreamListener>> declarations = new ArrayList<>();
		for (Class<?> declaring : hierarchy(userType)) {
			Set<JetStreamListener> annotations = AnnotatedElementUtils.getMergedRepeatableAnnotations(declaring,
					JetStreamListener.class, JetStreamListener.Container.class);
			if (!annotations.isEmpty()) {
				declarations.add(new Declaration<>(declaring, annotations));
			}
		}
		return effective(declarations);
	}

	/**
	 * Returns whether a class has anything to do with listeners.
	 * @param type the class, as above
	 * @return whether it or one of its methods has one of the annotations
	 */
	boolean isOn(Class<?> type) {
		Class<?> userType = ClassUtils.getUserClass(type);
		if (this.without.contains(userType)) {
			return false;
		}
		boolean on = isCandidate(userType)
				&& ((hasAnnotatedMethods(userType) && (!of(userType).isEmpty() || !handlersOf(userType).isEmpty()))
						|| !ofClass(userType).isEmpty());
		if (!on) {
			this.without.add(userType);
		}
		return on;
	}

	private boolean isCandidate(Class<?> type) {
		return !this.without.contains(type) && AnnotationUtils.isCandidateClass(type, JetStreamListener.class)
				&& !isFramework(type.getName());
	}

	private static boolean isFramework(String name) {
		for (String prefix : FRAMEWORK) {
			if (name.startsWith(prefix)) {
				return true;
			}
		}
		return false;
	}

	private static boolean hasAnnotatedMethods(Class<?> type) {
		for (Class<?> declaring : hierarchy(type)) {
			for (Method method : ReflectionUtils.getDeclaredMethods(declaring)) {
				if (isAnnotated(method)) {
					return true;
				}
			}
		}
		return false;
	}

	// Nearly all methods have none, and the compiler copies them to the bridges that it
	// makes
	private static boolean isAnnotated(Method method) {
		return !method.isBridge() && method.getDeclaredAnnotations().length > 0;
	}

	private <A extends Annotation> Map<Method, Set<A>> methods(Class<?> type, Function<Method, Set<A>> finder) {
		if (!isCandidate(type)) {
			return Map.of();
		}
		Map<Method, List<Declaration<A>>> declarations = new LinkedHashMap<>();
		for (Class<?> declaring : hierarchy(type)) {
			for (Method method : ReflectionUtils.getDeclaredMethods(declaring)) {
				Set<A> annotations = isAnnotated(method) ? finder.apply(method) : Set.of();
				if (!annotations.isEmpty()) {
					declarations
						.computeIfAbsent(AopUtils.getMostSpecificMethod(method, type), (key) -> new ArrayList<>())
						.add(new Declaration<>(declaring, annotations));
				}
			}
		}
		Map<Method, Set<A>> annotations = new LinkedHashMap<>();
		for (Map.Entry<Method, List<Declaration<A>>> places : declarations.entrySet()) {
			annotations.put(places.getKey(), effective(places.getValue()));
		}
		return annotations;
	}

	private static Set<JetStreamListener> listeners(Method method) {
		Set<JetStreamListener> listeners = AnnotatedElementUtils.getMergedRepeatableAnnotations(method,
				JetStreamListener.class, JetStreamListener.Container.class);
		DeadLetterListener deadLetters = AnnotatedElementUtils.getMergedAnnotation(method, DeadLetterListener.class);
		if (deadLetters == null) {
			return listeners;
		}
		Set<JetStreamListener> all = new LinkedHashSet<>(listeners);
		all.add(DeadLetterListeners.of(deadLetters));
		return all;
	}

	private static Set<JetStreamHandler> handlers(Method method) {
		JetStreamHandler handler = AnnotatedElementUtils.getMergedAnnotation(method, JetStreamHandler.class);
		return (handler != null) ? Set.of(handler) : Set.of();
	}

	private static Set<Class<?>> hierarchy(Class<?> type) {
		Set<Class<?>> hierarchy = new LinkedHashSet<>();
		collect(type, hierarchy);
		return hierarchy;
	}

	private static void collect(@Nullable Class<?> type, Set<Class<?>> hierarchy) {
		if (type != null && type != Object.class && hierarchy.add(type)) {
			collect(type.getSuperclass(), hierarchy);
			for (Class<?> superinterface : type.getInterfaces()) {
				collect(superinterface, hierarchy);
			}
		}
	}

	private static <A extends Annotation> Set<A> effective(List<Declaration<A>> places) {
		Set<A> annotations = new LinkedHashSet<>();
		for (Declaration<A> place : places) {
			if (!isOverridden(place, places)) {
				annotations.addAll(place.annotations());
			}
		}
		return annotations;
	}

	private static boolean isOverridden(Declaration<?> place, List<? extends Declaration<?>> places) {
		for (Declaration<?> other : places) {
			if (other.overrides(place)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * A class or an interface that has annotations on itself or on a method.
	 */
	private record Declaration<A extends Annotation>(Class<?> declaring, Set<A> annotations) {

		boolean overrides(Declaration<?> other) {
			return other.declaring != this.declaring && other.declaring.isAssignableFrom(this.declaring);
		}

	}

}
