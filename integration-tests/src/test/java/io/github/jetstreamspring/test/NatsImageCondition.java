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

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Skips tests in containers where there is a Docker daemon, but no way to get the image.
 */
public final class NatsImageCondition implements ExecutionCondition {

	// .ci/run reads it here
	private static final String IMAGE = "nats:2.15.1";

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		boolean needed = context.getTestClass()
			.filter((type) -> AnnotatedElementUtils.hasAnnotation(type, Testcontainers.class))
			.isPresent();
		if (!needed || !DockerClientFactory.instance().isDockerAvailable()) {
			return ConditionEvaluationResult.enabled("no container, or none that can be started");
		}
		return Image.MISSING.isEmpty() ? ConditionEvaluationResult.enabled("the image is there")
				: ConditionEvaluationResult.disabled("the image %s can't be had: %s".formatted(IMAGE, Image.MISSING));
	}

	/**
	 * Looked for once, as it may take a while.
	 */
	private static final class Image {

		private static final String MISSING = missing();

		private static String missing() {
			try {
				new RemoteDockerImage(DockerImageName.parse(IMAGE)).get();
				return "";
			}
			catch (RuntimeException ex) {
				return String.valueOf(ex.getMessage());
			}
		}

	}

}
