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
package io.github.jetstreamspring.deadletter;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Which dead letters: those for which all that is said here holds, the oldest first
 * unless said otherwise. Can't be changed; each method returns another query.
 *
 * @since 0.1.0
 */
public final class DeadLetterQuery {

	private static final DeadLetterQuery ALL = new DeadLetterQuery();

	private @Nullable String stream;

	private @Nullable String consumer;

	private @Nullable String subject;

	private @Nullable String reason;

	private @Nullable String exception;

	private Map<String, String> headers = Map.of();

	private @Nullable Instant since;

	private @Nullable Instant until;

	private @Nullable Long from;

	private long limit = Long.MAX_VALUE;

	private boolean newestFirst;

	private DeadLetterQuery() {
	}

	private DeadLetterQuery(DeadLetterQuery other) {
		this.stream = other.stream;
		this.consumer = other.consumer;
		this.subject = other.subject;
		this.reason = other.reason;
		this.exception = other.exception;
		this.headers = other.headers;
		this.since = other.since;
		this.until = other.until;
		this.from = other.from;
		this.limit = other.limit;
		this.newestFirst = other.newestFirst;
	}

	/**
	 * Returns a query for all dead letters.
	 * @return the query
	 */
	public static DeadLetterQuery all() {
		return ALL;
	}

	/**
	 * Selects those whose original was in a stream.
	 * @param stream the name of the stream
	 * @return the query
	 * @throws IllegalArgumentException if it can't be a stream's name
	 */
	public DeadLetterQuery stream(String stream) {
		DeadLetterQuery query = new DeadLetterQuery(this);
		query.stream = SubjectPatterns.checkName(stream, "stream");
		return query;
	}

	/**
	 * Selects those that a consumer has given up on.
	 * @param consumer the name of the consumer
	 * @return the query
	 * @throws IllegalArgumentException if it can't be a consumer's name
	 */
	public DeadLetterQuery consumer(String consumer) {
		DeadLetterQuery query = new DeadLetterQuery(this);
		query.consumer = SubjectPatterns.checkName(consumer, "consumer");
		return query;
	}

	/**
	 * Selects those whose original was published to a subject.
	 * @param subject the subject, which may have wildcards
	 * @return the query
	 * @throws IllegalArgumentException if it can't be a subject
	 */
	public DeadLetterQuery subject(String subject) {
		DeadLetterQuery query = new DeadLetterQuery(this);
		query.subject = SubjectPatterns.check(subject);
		return query;
	}

	/**
	 * Selects those in whose reason or exception message a text occurs, in upper or lower
	 * case.
	 * @param part the text
	 * @return the query
	 * @throws IllegalArgumentException if the text is empty
	 */
	public DeadLetterQuery reason(String part) {
		Assert.hasText(part, "The part of the reason must not be empty");
		DeadLetterQuery query = new DeadLetterQuery(this);
		query.reason = part;
		return query;
	}

	/**
	 * Selects those in the name of whose exception's class a text occurs, in upper or
	 * lower case.
	 * @param part the text
	 * @return the query
	 * @throws IllegalArgumentException if the text is empty
	 */
	public DeadLetterQuery exception(String part) {
		Assert.hasText(part, "The part of the exception's name must not be empty");
		DeadLetterQuery query = new DeadLetterQuery(this);
		query.exception = part;
		return query;
	}

	/**
	 * Selects those whose original has a header with a value. Can be called for several
	 * headers.
	 * @param name the name of the header
	 * @param value the value, or one of several
	 * @return the query
	 * @throws IllegalArgumentException if the name is empty
	 */
	public DeadLetterQuery header(String name, String value) {
		Assert.hasText(name, "The name of the header must not be empty");
		Assert.notNull(value, () -> "Header '%s' needs a value".formatted(name));
		DeadLetterQuery query = new DeadLetterQuery(this);
		Map<String, String> all = new LinkedHashMap<>(this.headers);
		all.put(name, value);
		query.headers = Map.copyOf(all);
		return query;
	}

	/**
	 * Selects those that were given up on at some time or later.
	 * @param since the time
	 * @return the query
	 */
	public DeadLetterQuery since(Instant since) {
		Assert.notNull(since, "'since' must not be null");
		DeadLetterQuery query = new DeadLetterQuery(this);
		query.since = since;
		return query;
	}

	/**
	 * Selects those that were given up on before some time, or at it.
	 * @param until the time
	 * @return the query
	 */
	public DeadLetterQuery until(Instant until) {
		Assert.notNull(until, "'until' must not be null");
		DeadLetterQuery query = new DeadLetterQuery(this);
		query.until = until;
		return query;
	}

	/**
	 * Starts with a sequence in the dead-letter stream, and goes on from there. One that
	 * the stream has never had selects nothing.
	 * @param sequence the sequence, such as {@link DeadLetterPage#next()}
	 * @return the query
	 */
	public DeadLetterQuery from(long sequence) {
		DeadLetterQuery query = new DeadLetterQuery(this);
		query.from = sequence;
		return query;
	}

	/**
	 * Selects the first ones of those for which everything else holds.
	 * @param limit how many, at least 1
	 * @return the query
	 * @throws IllegalArgumentException if it is less than 1
	 */
	public DeadLetterQuery limit(long limit) {
		Assert.isTrue(limit >= 1, () -> "The limit must be at least 1, but is " + limit);
		DeadLetterQuery query = new DeadLetterQuery(this);
		query.limit = limit;
		return query;
	}

	/**
	 * Begins with the newest.
	 * @return the query
	 */
	public DeadLetterQuery newestFirst() {
		DeadLetterQuery query = new DeadLetterQuery(this);
		query.newestFirst = true;
		return query;
	}

	@Nullable String stream() {
		return this.stream;
	}

	@Nullable String consumer() {
		return this.consumer;
	}

	@Nullable Long from() {
		return this.from;
	}

	/**
	 * Returns how many, {@link Long#MAX_VALUE} if nobody has said.
	 */
	long limit() {
		return this.limit;
	}

	/**
	 * Returns whether the server can tell which ones it is for.
	 */
	boolean isAboutSubjectsOnly() {
		return this.subject == null && this.reason == null && this.exception == null && this.headers.isEmpty()
				&& this.since == null && this.until == null;
	}

	/**
	 * Returns whether the headers of the original have to be known.
	 */
	boolean hasHeaders() {
		return !this.headers.isEmpty();
	}

	boolean isNewestFirst() {
		return this.newestFirst;
	}

	/**
	 * Returns whether a letter is among those that this is for, wherever it is.
	 */
	boolean matches(LetterHeaders letter) {
		return is(this.stream, letter.originalStream()) && is(this.consumer, letter.consumer())
				&& isSubject(letter.originalSubject()) && isReason(letter) && isPart(this.exception, letter.exception())
				&& isTime(letter) && hasHeaders(letter);
	}

	private static boolean is(@Nullable String wanted, @Nullable String found) {
		return wanted == null || wanted.equals(found);
	}

	private boolean isSubject(@Nullable String found) {
		return this.subject == null || found != null && SubjectPatterns.matches(this.subject, found);
	}

	private boolean isReason(LetterHeaders letter) {
		return this.reason == null || isPart(this.reason, letter.reason())
				|| isPart(this.reason, letter.exceptionMessage());
	}

	private static boolean isPart(@Nullable String wanted, @Nullable String found) {
		if (wanted == null) {
			return true;
		}
		if (found == null) {
			return false;
		}
		for (int i = 0; i <= found.length() - wanted.length(); i++) {
			if (found.regionMatches(true, i, wanted, 0, wanted.length())) {
				return true;
			}
		}
		return false;
	}

	private boolean isTime(LetterHeaders letter) {
		if (this.since == null && this.until == null) {
			return true;
		}
		Instant time = letter.time();
		return (this.since == null || !time.isBefore(this.since)) && (this.until == null || !time.isAfter(this.until));
	}

	private boolean hasHeaders(LetterHeaders letter) {
		return this.headers.entrySet().stream().allMatch((header) -> letter.has(header.getKey(), header.getValue()));
	}

}
