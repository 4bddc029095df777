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

import java.io.IOException;
import java.util.Set;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.boot.autoconfigure.ConnectionOptionsCustomizer;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.listener.DeliveryInterceptor;
import io.github.jetstreamspring.listener.ListenerErrorHandler;
import io.github.jetstreamspring.listener.RetryPolicy;
import io.github.jetstreamspring.topology.ConsumerConfigurationCustomizer;
import io.github.jetstreamspring.topology.StreamConfigurationCustomizer;

import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/**
 * Keeps out components that are no part of {@link JetStreamTest}.
 */
final class JetStreamTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<JetStreamTest> {

	private static final Set<Class<?>> EXTENSIONS = Set.of(MessageConverter.class, DeliveryInterceptor.class,
			RetryPolicy.class, ListenerErrorHandler.class, HandlerMethodArgumentResolver.class, DeadLetterHandler.class,
			ConnectionOptionsCustomizer.class, StreamConfigurationCustomizer.class,
			ConsumerConfigurationCustomizer.class);

	private final Set<Class<?>> listeners;

	JetStreamTypeExcludeFilter(Class<?> testClass) {
		super(testClass);
		this.listeners = Set.of(getAnnotation().getClassArray("listeners"));
	}

	@Override
	protected Set<Class<?>> getKnownIncludes() {
		return EXTENSIONS;
	}

	@Override
	protected Set<Class<?>> getComponentIncludes() {
		return this.listeners;
	}

	@Override
	protected boolean defaultInclude(MetadataReader metadataReader, MetadataReaderFactory metadataReaderFactory)
			throws IOException {
		return super.defaultInclude(metadataReader, metadataReaderFactory)
				|| (this.listeners.isEmpty() && isListener(metadataReader, metadataReaderFactory));
	}

	// Of the class itself or of what it inherits from
	private static boolean isListener(MetadataReader reader, MetadataReaderFactory factory) throws IOException {
		MetadataReader current = reader;
		while (true) {
			AnnotationMetadata annotations = current.getAnnotationMetadata();
			if (annotations.hasAnnotatedMethods(JetStreamListener.class.getName())
					|| annotations.hasAnnotatedMethods(JetStreamListener.Container.class.getName())
					|| annotations.isAnnotated(JetStreamListener.class.getName())
					|| annotations.isAnnotated(JetStreamListener.Container.class.getName())) {
				return true;
			}
			String parent = current.getClassMetadata().getSuperClassName();
			if (parent == null || parent.startsWith("java.")) {
				return false;
			}
			current = factory.getMetadataReader(parent);
		}
	}

}
