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

import java.util.Arrays;
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

	private static final String ACKS = "$JS.ACK.";

	// What comes behind stream and consumer tells the delivery; a domain and an account
	// may come before them
	private static final int ACK_TOKENS = 9;

	private static final int ACK_TOKENS_WITH_DOMAIN = 11;

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
	 * Returns a report without what nobody but the application should know.
	 * @param report the report
	 * @return the report, with what is to be allowed instead of the subject
	 */
	public static String masked(String report) {
		return of(report).map((violation) -> report.replace(violation.subject(), violation.right())).orElse(report);
	}

	/**
	 * Returns what is to be allowed: the subject, or the subjects that are meant where
	 * each message has one of its own, whose last token nobody may know.
	 * @return the subject, perhaps with a wildcard
	 */
	public String right() {
		String[] tokens = this.subject.split("\\.");
		if (this.subject.startsWith(ACKS) && tokens.length >= ACK_TOKENS) {
			return first(tokens, (tokens.length < ACK_TOKENS_WITH_DOMAIN) ? 4 : 6);
		}
		return (!this.publish && tokens.length > 1 && this.subject.startsWith("_INBOX.")) ? "_INBOX.>"
				: ScheduleSubjects.said(this.subject);
	}

	private static String first(String[] tokens, int count) {
		return String.join(".", Arrays.asList(tokens).subList(0, count)) + ".>";
	}

	/**
	 * Whether this is about acks of a consumer's messages.
	 * @param stream the stream's name
	 * @param consumer the consumer's name
	 * @return whether they are forbidden
	 */
	public boolean isAboutAcks(String stream, String consumer) {
		return this.publish && this.subject.startsWith(ACKS)
				&& right().endsWith(".%s.%s.>".formatted(stream, consumer));
	}

	/**
	 * Whether this is why something that was published to a subject has no answer.
	 * @param subject how the subject ends, behind what a domain may put before
	 * @param inboxPrefix what the subjects of answers begin with
	 * @return whether publishing to it is forbidden, or subscribing to answers
	 */
	public boolean keepsAnswersFrom(String subject, String inboxPrefix) {
		return this.publish ? this.subject.endsWith(subject) : this.subject.startsWith(inboxPrefix);
	}

	/**
	 * Says what is to be allowed.
	 * @return half a sentence about the user of the connection
	 */
	public String describe() {
		return "the user of the connection may not %s '%s'".formatted(this.publish ? "publish to" : "subscribe to",
				right());
	}

}
