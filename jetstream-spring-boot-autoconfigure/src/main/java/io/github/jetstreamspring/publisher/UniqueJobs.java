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

package io.github.jetstreamspring.publisher;

import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Jobs of which at most one with the same key waits or runs. Each key has a subject of
 * its own, and a job is stored only if there is none on it; which takes a stream that
 * forgets a job when it is done.
 */
final class UniqueJobs {

	private final StreamLookup streams;

	UniqueJobs(StreamLookup streams) {
		this.streams = streams;
	}

	/**
	 * Checks a key.
	 * @param key the key
	 * @return the key
	 * @throws IllegalArgumentException if it can't be a token of a subject
	 */
	static String checkKey(String key) {
		Assert.hasText(key, "The unique key must not be empty");
		Assert.isTrue(key.chars().allMatch(UniqueJobs::isTokenCharacter),
				() -> "The unique key '%s' must be printable ASCII without spaces, dots, '*' and '>', as it becomes the last token of the subject; encode it"
					.formatted(key));
		return key;
	}

	private static boolean isTokenCharacter(int character) {
		return character > ' ' && character < 127 && character != '.' && character != '*' && character != '>';
	}

	/**
	 * Finds the stream of unique jobs.
	 * @param subject the subject, to which the keys are added
	 * @return the stream's name
	 * @throws NoStreamException if no stream listens on the subjects with keys
	 * @throws JetStreamException if the stream isn't fit for it
	 */
	String stream(String subject) {
		String subjects = subject + ".*";
		StreamConfiguration stream = this.streams.find(subjects);
		if (stream.getSubjects().stream().noneMatch((pattern) -> covers(pattern, subjects))) {
			this.streams.forget(subjects);
			throw this.streams.missing(subjects);
		}
		if (stream.getRetentionPolicy() != RetentionPolicy.WorkQueue) {
			this.streams.forget(subjects);
			throw new JetStreamException(
					"A job to subject '%s' can't be unique until it is done, as stream '%s' keeps jobs that are done (retention: %s): a key would be taken for good. Set jetstream.streams.%s.retention to work-queue, or publish to a stream that has it"
						.formatted(subject, stream.getName(), stream.getRetentionPolicy(), stream.getName()),
					null);
		}
		return stream.getName();
	}

	/**
	 * Returns the sequence of the job that stands in the way.
	 * @param refusal the server's words, such as "wrong last sequence: 17"
	 * @return the sequence, 0 if they don't say
	 */
	static long sequence(@Nullable String refusal) {
		String digits = (refusal != null) ? refusal.replaceFirst("^.*?(\\d*)$", "$1") : "";
		return digits.isEmpty() ? 0 : Long.parseLong(digits);
	}

	// Both patterns may have wildcards; the second only as its last token
	private static boolean covers(String pattern, String subjects) {
		String[] tokens = pattern.split("\\.");
		String[] covered = subjects.split("\\.");
		for (int i = 0; i < tokens.length; i++) {
			if (tokens[i].equals(">")) {
				return i < covered.length;
			}
			if (i >= covered.length || !(tokens[i].equals("*") || tokens[i].equals(covered[i]))) {
				return false;
			}
		}
		return tokens.length == covered.length;
	}

}
