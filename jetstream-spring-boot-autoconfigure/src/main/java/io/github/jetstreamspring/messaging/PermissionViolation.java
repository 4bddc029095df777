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

package io.github.jetstreamspring.messaging;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What a server reports when the user of a connection may not do something. Whoever waits
 * for an answer then never gets one.
 *
 * @param publish whether it is about publishing, and not about subscribing
 * @param subject the subject
 * @since 0.1.0
 */
public record PermissionViolation(boolean publish, String subject) {

	private static final Pattern REPORT = Pattern
		.compile("Permissions Violation for (Publish|Subscription) to \"([^\"]+)\"", Pattern.CASE_INSENSITIVE);

	/**
	 * Reads a server's report.
	 * @param report the report, or {@code null} if there was none
	 * @return what is forbidden, or nothing if the report says something else
	 */
	public static Optional<PermissionViolation> of(@Nullable String report) {
		Matcher matcher = REPORT.matcher((report != null) ? report : "");
		return matcher.find() ? Optional
			.of(new PermissionViolation(matcher.group(1).toLowerCase(Locale.ROOT).equals("publish"), matcher.group(2)))
				: Optional.empty();
	}

	/**
	 * Whether this is why something that was published to a subject has no answer.
	 * @param subject the subject
	 * @return whether publishing to it is forbidden, or subscribing to answers
	 */
	public boolean keepsAnswersFrom(String subject) {
		return !this.publish || this.subject.equals(subject);
	}

	/**
	 * Says what is to be allowed.
	 * @return half a sentence about the user of the connection
	 */
	public String describe() {
		return "the user of the connection may not %s '%s'".formatted(this.publish ? "publish to" : "subscribe to",
				this.subject);
	}

}
