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

package io.github.jetstreamspring.observation;

import io.github.jetstreamspring.guard.FailureNames;
import io.github.jetstreamspring.observation.JetStreamObservationDocumentation.PublishHighCardinalityKeyNames;
import io.github.jetstreamspring.observation.JetStreamObservationDocumentation.PublishLowCardinalityKeyNames;
import io.github.jetstreamspring.publisher.PublishResult;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/**
 * {@link PublishObservationConvention} with the names of OpenTelemetry's conventions for
 * messaging. Subclasses may add keys.
 *
 * @since 0.1.0
 */
public class DefaultPublishObservationConvention implements PublishObservationConvention {

	private static final KeyValues ALWAYS = KeyValues.of(
			PublishLowCardinalityKeyNames.MESSAGING_SYSTEM.withValue("nats"),
			PublishLowCardinalityKeyNames.OPERATION_TYPE.withValue("send"));

	private static final KeyValue STORED = PublishLowCardinalityKeyNames.OUTCOME.withValue("stored");

	private static final KeyValue DUPLICATE = PublishLowCardinalityKeyNames.OUTCOME.withValue("duplicate");

	private static final KeyValue FAILED = PublishLowCardinalityKeyNames.OUTCOME.withValue("failed");

	private final FailureNames failures = new FailureNames();

	@Override
	public String getName() {
		return JetStreamObservationDocumentation.PUBLISH_NAME;
	}

	@Override
	public String getContextualName(PublishObservationContext context) {
		PublishResult result = context.getResult();
		return (result != null) ? "send " + result.stream() : "send";
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(PublishObservationContext context) {
		if (!context.isEnded()) {
			return ALWAYS;
		}
		PublishResult result = context.getResult();
		KeyValue outcome = FAILED;
		if (result != null) {
			outcome = result.duplicate() ? DUPLICATE : STORED;
		}
		return KeyValues.of(
				PublishLowCardinalityKeyNames.DESTINATION_NAME.withValue((result != null) ? result.stream() : "none"),
				outcome, PublishLowCardinalityKeyNames.EXCEPTION.withValue(this.failures.of(context.getFailure())));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(PublishObservationContext context) {
		if (!context.isEnded()) {
			return KeyValues.of(
					LateKeyValue.of(PublishHighCardinalityKeyNames.MESSAGE_ID,
							() -> String.valueOf(context.getMessageId())),
					LateKeyValue.of(PublishHighCardinalityKeyNames.SUBJECT, context::getSubject));
		}
		PublishResult result = context.getResult();
		return (result != null) ? KeyValues
			.of(LateKeyValue.of(PublishHighCardinalityKeyNames.SEQUENCE, () -> Long.toString(result.sequence())))
				: KeyValues.empty();
	}

}
