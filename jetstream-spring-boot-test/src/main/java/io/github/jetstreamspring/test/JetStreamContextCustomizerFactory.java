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

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.util.ClassUtils;

/**
 * Decides whether a test has a server: by {@link EmbeddedNats} it has one, otherwise by
 * {@link AutoConfigureJetStream} it has none.
 */
final class JetStreamContextCustomizerFactory implements ContextCustomizerFactory {

	// Without Boot's test support there is no slice
	private static final boolean SLICE_PRESENT = ClassUtils.isPresent(
			"org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper",
			JetStreamContextCustomizerFactory.class.getClassLoader());

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configAttributes) {
		boolean server = TestContextAnnotationUtils.hasAnnotation(testClass, EmbeddedNats.class);
		boolean without = TestContextAnnotationUtils.hasAnnotation(testClass, AutoConfigureJetStream.class);
		return (server || without)
				? new JetStreamContextCustomizer(server, SLICE_PRESENT ? Slice.listeners(testClass) : Set.of()) : null;
	}

	/**
	 * What needs Boot's test support is in a class that isn't loaded without it.
	 */
	private static final class Slice {

		static Set<Class<?>> listeners(Class<?> testClass) {
			JetStreamTest annotation = TestContextAnnotationUtils.findMergedAnnotation(testClass, JetStreamTest.class);
			return (annotation != null) ? Set.of(annotation.listeners()) : Set.of();
		}

	}

}
