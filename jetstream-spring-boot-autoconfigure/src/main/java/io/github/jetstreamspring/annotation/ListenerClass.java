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
import java.util.Map;

import io.github.jetstreamspring.annotation.handler.TargetMethod;

/**
 * A class with one of its {@link JetStreamListener @JetStreamListener} annotations.
 *
 * @param bean the bean
 * @param annotation the annotation, with placeholders
 * @param handlers the methods that share the messages
 */
record ListenerClass(ListenerBean bean, JetStreamListener annotation,
		Map<Method, JetStreamHandler> handlers) implements ListenerDeclaration {

	@Override
	public List<TargetMethod> methods() {
		return this.handlers.keySet().stream().map((method) -> new TargetMethod(method, this.bean.type())).toList();
	}

	/**
	 * Names the class for people.
	 */
	@Override
	public String toString() {
		return this.bean.type().getName();
	}

}
