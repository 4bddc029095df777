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

import io.nats.client.api.ConsumerLimits;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.PropertyMapper;

/**
 * Limits and defaults for the consumers of a stream.
 *
 * @param inactiveThreshold After how long without a worker the server deletes a consumer.
 * @param maxAckPending Number of messages that can be out for handling at once.
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public record ConsumerLimitsProperties(@Nullable Duration inactiveThreshold, @Nullable Long maxAckPending) {

	ConsumerLimits toConfiguration() {
		ConsumerLimits.Builder builder = ConsumerLimits.builder();
		PropertyMapper map = PropertyMapper.get();
		map.from(this.inactiveThreshold).to(builder::inactiveThreshold);
		map.from(this.maxAckPending).to(builder::maxAckPending);
		return builder.build();
	}

}
