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
 * What is done with messages that are given up on.
 *
 * @param enabled Whether messages that are given up on are kept as dead letters, rather
 * than discarded.
 * @param stream Stream for dead letters, which is declared like every other one.
 * @param subjectPrefix Prefix of the subjects of dead letters, which the names of stream
 * and consumer are added to.
 * @param maxAge How long dead letters are kept.
 * @since 0.1.0
 */
public record DeadLetterProperties(@DefaultValue("true") boolean enabled, @DefaultValue("dead-letters") String stream,
		@DefaultValue("dead-letters") String subjectPrefix, @DefaultValue("30d") Duration maxAge) {

	// What is said of the components, for when none of them is set
	static final DeadLetterProperties DEFAULTS = new DeadLetterProperties(true, "dead-letters", "dead-letters",
			Duration.ofDays(30));

	/**
	 * Checks the values.
	 */
	public DeadLetterProperties {
		PropertyChecks checks = new PropertyChecks();
		checks.check("stream", stream.matches("[^\\s.*>/\\\\]+"),
				"it must be a stream's name, without spaces and any of . * > / \\");
		checks.check("subject-prefix", subjectPrefix.matches("[^\\s.*>]+(\\.[^\\s.*>]+)*"),
				"it must be a subject without wildcards, such as dead-letters");
		checks.positive("max-age", maxAge);
		checks.throwIfAny();
	}

}
