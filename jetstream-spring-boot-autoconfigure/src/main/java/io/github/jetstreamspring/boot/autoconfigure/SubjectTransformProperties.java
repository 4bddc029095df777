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

import io.nats.client.api.SubjectTransform;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.util.Assert;

/**
 * How subjects are rewritten.
 *
 * @param source Subjects to rewrite, such as {@code orders.*}.
 * @param destination What they become, such as {@code orders.{{wildcard(1)}}}.
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public record SubjectTransformProperties(String source, String destination) {

	/**
	 * Checks that both sides are there.
	 */
	public SubjectTransformProperties {
		Assert.hasText(source, "'source' is missing: the subjects to rewrite, such as orders.*");
		Assert.hasText(destination, "'destination' is missing: what the subjects become");
	}

	SubjectTransform toConfiguration() {
		return new SubjectTransform(this.source, this.destination);
	}

}
