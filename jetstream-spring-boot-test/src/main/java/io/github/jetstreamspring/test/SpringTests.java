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

package io.github.jetstreamspring.test;

import java.util.stream.Stream;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;

import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.test.context.junit.jupiter.SpringExtension;
import org.springframework.util.ClassUtils;

/**
 * Test classes with an application context, whose server is a bean.
 */
final class SpringTests {

	private SpringTests() {
	}

	static boolean isExtended(Class<?> testClass) {
		return MergedAnnotations.search(SearchStrategy.TYPE_HIERARCHY)
			.withEnclosingClasses(ClassUtils::isInnerClass)
			.from(testClass)
			.stream(ExtendWith.class)
			.flatMap((annotation) -> Stream.of(annotation.getClassArray("value")))
			.anyMatch(SpringExtension.class::isAssignableFrom);
	}

	/**
	 * Returns whether Spring itself will find an argument, as two may not.
	 */
	static boolean resolves(ParameterContext parameter, ExtensionContext context) {
		return new SpringExtension().supportsParameter(parameter, context);
	}

	static <T> T bean(Class<T> type, ExtensionContext context) {
		return SpringExtension.getApplicationContext(context).getBean(type);
	}

}
