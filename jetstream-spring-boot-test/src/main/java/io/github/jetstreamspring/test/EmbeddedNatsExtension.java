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

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

/**
 * Gives tests their server as a parameter. Without Spring it is started when the first
 * one asks for it, and closed after the test class.
 */
final class EmbeddedNatsExtension implements ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(EmbeddedNatsExtension.class);

	private static final boolean SPRING_PRESENT = ClassUtils
		.isPresent("org.springframework.test.context.junit.jupiter.SpringExtension", null);

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		Class<?> type = parameter.getParameter().getType();
		return (type == EmbeddedNatsServer.class || type == EmbeddedNatsCluster.class)
				&& !(hasSpring(context) && SpringTests.resolves(parameter, context));
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		Class<?> type = parameter.getParameter().getType();
		if (hasSpring(context)) {
			return SpringTests.bean(type, context);
		}
		NatsServerRequest request = NatsServerRequest.of(context.getRequiredTestClass());
		Class<?> started = request.isCluster() ? EmbeddedNatsCluster.class : EmbeddedNatsServer.class;
		if (type != started) {
			throw new IllegalStateException("@EmbeddedNats(servers = %d) gives a test an %s, not an %s"
				.formatted(request.servers(), started.getSimpleName(), type.getSimpleName()));
		}
		// Stores look into those around them: nested classes that aren't annotated have
		// the server of the class that they are nested in
		Object annotated = NatsServerRequest.annotation(context.getRequiredTestClass()).getSource();
		Assert.state(annotated != null, "The test class is not annotated with @EmbeddedNats");
		return owner(context, annotated).getStore(NAMESPACE)
			.computeIfAbsent(annotated, (key) -> request.isCluster() ? request.startCluster() : request.startServer());
	}

	private static ExtensionContext owner(ExtensionContext context, Object annotated) {
		ExtensionContext owner = context;
		for (ExtensionContext current = context; current != null; current = current.getParent().orElse(null)) {
			boolean owns = current.getTestMethod().isEmpty() && current.getTestClass()
				.map((testClass) -> NatsServerRequest.annotation(testClass).getSource())
				.filter(annotated::equals)
				.isPresent();
			owner = owns ? current : owner;
		}
		return owner;
	}

	private static boolean hasSpring(ExtensionContext context) {
		return SPRING_PRESENT && SpringTests.isExtended(context.getRequiredTestClass());
	}

}
