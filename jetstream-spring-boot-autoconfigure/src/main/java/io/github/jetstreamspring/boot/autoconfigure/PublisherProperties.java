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

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of publishers.
 *
 * @param timeout How long a publish waits for the server's confirmation, retries
 * included.
 * @param maxInFlight How many messages may wait for their confirmation at once; beyond
 * it, the caller waits.
 * @since 0.1.0
 */
public record PublisherProperties(@DefaultValue("5s") Duration timeout, @DefaultValue("1000") int maxInFlight) {

	// What is said of the components, for when none of them is set
	static final PublisherProperties DEFAULTS = new PublisherProperties(Duration.ofSeconds(5), 1000);

	/**
	 * Checks the values.
	 */
	public PublisherProperties {
		PropertyChecks checks = new PropertyChecks();
		checks.positive("timeout", timeout);
		checks.check("max-in-flight", maxInFlight >= 1, "it must be at least 1");
		checks.throwIfAny();
	}

}
