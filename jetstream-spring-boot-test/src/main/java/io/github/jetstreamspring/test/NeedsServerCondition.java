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

import io.nats.client.support.ServerVersion;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

import org.springframework.util.Assert;

/**
 * Skips what needs a newer server than there is.
 */
final class NeedsServerCondition implements ExecutionCondition {

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		return context.getElement()
			.flatMap((element) -> AnnotationSupport.findAnnotation(element, NeedsServer.class))
			.map((needed) -> evaluate(needed.value(), NatsServerRequest.of(context.getRequiredTestClass())))
			.orElseGet(() -> ConditionEvaluationResult.enabled("Any nats-server will do"));
	}

	private static ConditionEvaluationResult evaluate(String needed, NatsServerRequest request) {
		Assert.isTrue(needed.matches("\\d+\\.\\d+(\\.\\d+)?"),
				() -> "@NeedsServer(\"%s\"): a version such as 2.11 or 2.12.1 is needed".formatted(needed));
		String version = request.executable().version();
		String reason = "needs nats-server %s, and this one is %s".formatted(needed, version);
		return ServerVersion.isOlder(version, needed) ? ConditionEvaluationResult.disabled(reason)
				: ConditionEvaluationResult.enabled(reason);
	}

}
