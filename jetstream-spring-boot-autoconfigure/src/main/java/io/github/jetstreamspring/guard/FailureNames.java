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

package io.github.jetstreamspring.guard;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Names of failures that are short and few enough to be tags of meters: the simple names
 * of their classes, or {@link #OTHER} once there are too many.
 */
public final class FailureNames {

	/**
	 * The name of no failure.
	 */
	public static final String NONE = "none";

	/**
	 * The name of all failures after the first hundred kinds. Classes may be made while
	 * the application runs.
	 */
	public static final String OTHER = "other";

	private static final int MAX_NAMES = 100;

	private final Map<Class<?>, String> names = new ConcurrentHashMap<>();

	/**
	 * Returns the name of a failure.
	 * @param failure the failure, or {@code null} if there is none
	 * @return the name
	 */
	public String of(@Nullable Throwable failure) {
		if (failure == null) {
			return NONE;
		}
		String known = this.names.get(failure.getClass());
		if (known != null || this.names.size() >= MAX_NAMES) {
			return (known != null) ? known : OTHER;
		}
		return this.names.computeIfAbsent(failure.getClass(), FailureNames::name);
	}

	// Anonymous classes have no simple name
	private static String name(Class<?> type) {
		String simple = type.getSimpleName();
		return simple.isEmpty() ? type.getName().substring(type.getName().lastIndexOf('.') + 1) : simple;
	}

}
