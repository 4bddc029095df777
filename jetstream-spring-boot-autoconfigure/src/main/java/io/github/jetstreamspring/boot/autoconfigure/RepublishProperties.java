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

import io.nats.client.api.Republish;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.util.Assert;

/**
 * Where messages are published again once they are stored.
 *
 * @param source Subjects of the messages, such as {@code orders.>}.
 * @param destination Subjects they are published to, such as {@code copies.>}.
 * @param headersOnly Whether the payload is left out (default: false).
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public record RepublishProperties(String source, String destination, boolean headersOnly) {

	/**
	 * Checks that both sides are there.
	 */
	public RepublishProperties {
		Assert.hasText(source, "'source' is missing: the subjects of the messages, such as orders.>");
		Assert.hasText(destination, "'destination' is missing: the subjects to publish to");
	}

	Republish toConfiguration() {
		return new Republish(this.source, this.destination, this.headersOnly);
	}

}
