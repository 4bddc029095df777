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

package io.github.jetstreamspring.boot.autoconfigure;

import java.time.Duration;
import java.util.Map;

import io.github.jetstreamspring.topology.ScheduleDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A job that recurs. What makes no sense is reported when the schedules are declared,
 * together with what is wrong about streams and consumers.
 *
 * @param subject Subject to which the message is published.
 * @param payload Text of the message.
 * @param headers Headers of the message.
 * @param cron When the message is published, as a cron expression with seconds.
 * @param every Time from one message to the next.
 * @param timeZone Time zone of the cron expression.
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public record ScheduleProperties(@Nullable String subject, @Nullable String payload,
		@DefaultValue Map<String, String> headers, @Nullable String cron, @Nullable Duration every,
		@Nullable String timeZone) {

	ScheduleDefinition toDefinition(String name) {
		ScheduleDefinition.Builder builder = ScheduleDefinition.named(name)
			.subject(this.subject)
			.payload(this.payload)
			.cron(this.cron)
			.every(this.every)
			.timeZone(this.timeZone);
		this.headers.forEach(builder::header);
		return builder.build();
	}

}
