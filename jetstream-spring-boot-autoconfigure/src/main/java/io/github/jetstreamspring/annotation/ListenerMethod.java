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
import java.util.List;
import java.util.StringJoiner;

import io.github.jetstreamspring.annotation.handler.TargetMethod;

/**
 * A method with one of its {@link JetStreamListener @JetStreamListener} annotations.
 *
 * @param bean the bean
 * @param method the method, of the bean's own class
 * @param annotation the annotation, with placeholders
 */
record ListenerMethod(ListenerBean bean, Method method, JetStreamListener annotation) implements ListenerDeclaration {

	/**
	 * Returns the method with its types as the bean's class sees them.
	 * @return the method
	 */
	TargetMethod target() {
		return new TargetMethod(this.method, this.bean.type());
	}

	@Override
	public List<TargetMethod> methods() {
		return List.of(target());
	}

	/**
	 * Names the method for people.
	 */
	@Override
	public String toString() {
		return describe(this.method);
	}

	static String describe(Method method) {
		return method.getDeclaringClass().getName() + "." + method.getName() + parameters(method);
	}

	private static StringJoiner parameters(Method method) {
		StringJoiner parameters = new StringJoiner(", ", "(", ")");
		for (Class<?> type : method.getParameterTypes()) {
			parameters.add(type.getSimpleName());
		}
		return parameters;
	}

}
