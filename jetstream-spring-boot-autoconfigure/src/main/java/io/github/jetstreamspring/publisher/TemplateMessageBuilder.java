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

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.github.jetstreamspring.messaging.Durations;
import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * {@link MessageBuilder} of a {@link JetStreamTemplate}.
 */
final class TemplateMessageBuilder implements MessageBuilder {

	// The server reads four digits of a year
	private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

	private final JetStreamTemplate template;

	private final Object payload;

	private final HeaderFields headers = new HeaderFields();

	private @Nullable String subject;

	private @Nullable String uniqueKey;

	private @Nullable Supplier<Instant> due;

	TemplateMessageBuilder(JetStreamTemplate template, Object payload) {
		Assert.notNull(payload, "'payload' must not be null");
		this.template = template;
		this.payload = payload;
	}

	@Override
	public MessageBuilder to(String subject) {
		this.subject = PublishSubjects.check(subject);
		return this;
	}

	@Override
	public MessageBuilder header(String name, String value) {
		Assert.notNull(name, "A header needs a name");
		Assert.notNull(value, () -> "Header '%s' needs a value; leave it out if there is none".formatted(name));
		Assert.isTrue(!HeaderFields.isReserved(name),
				() -> "Header '%s' is reserved for the server; the builder has methods for what it may set"
					.formatted(name));
		Assert.isTrue(HeaderFields.isName(name),
				() -> "Header name '%s' must be ASCII text without spaces and colons".formatted(name));
		Assert.isTrue(HeaderFields.isValue(value),
				() -> "The value of header '%s' must be text on one line; encode it".formatted(name));
		this.headers.add(name, value);
		return this;
	}

	@Override
	public MessageBuilder id(String id) {
		// Whoever reads it gets it without blanks around it, and would take two for one
		Assert.isTrue(id != null && !id.isBlank() && HeaderFields.isValue(id) && id.equals(id.trim()),
				"The message id must be text on one line, without blanks around it");
		this.headers.put(PublishHeaders.MESSAGE_ID, id);
		return this;
	}

	@Override
	public MessageBuilder expectLastSequence(long sequence) {
		Assert.isTrue(sequence >= 0, () -> "The expected sequence must not be negative, but is " + sequence);
		this.headers.put(PublishHeaders.EXPECTED_SEQUENCE, Long.toString(sequence));
		return this;
	}

	@Override
	public MessageBuilder expectLastSubjectSequence(long sequence) {
		Assert.isTrue(sequence >= 0, () -> "The expected sequence must not be negative, but is " + sequence);
		this.headers.put(PublishHeaders.EXPECTED_SUBJECT_SEQUENCE, Long.toString(sequence));
		this.headers.remove(PublishHeaders.EXPECTED_SUBJECTS);
		return this;
	}

	@Override
	public MessageBuilder expectLastSubjectSequence(String subjects, long sequence) {
		expectLastSubjectSequence(sequence);
		this.headers.put(PublishHeaders.EXPECTED_SUBJECTS, PublishSubjects.checkFilter(subjects));
		return this;
	}

	@Override
	public MessageBuilder expectLastMessageId(String id) {
		Assert.isTrue(id != null && !id.isBlank() && HeaderFields.isValue(id),
				"The expected message id must be text on one line");
		this.headers.put(PublishHeaders.EXPECTED_LAST_ID, id);
		return this;
	}

	@Override
	public MessageBuilder expectStream(String stream) {
		Assert.isTrue(stream.matches("[\\p{Graph}&&[^.*>/\\\\]]+"),
				() -> "'%s' is no name of a stream, which has no spaces, dots, wildcards and slashes"
					.formatted(stream));
		this.headers.put(PublishHeaders.EXPECTED_STREAM, stream);
		return this;
	}

	@Override
	public MessageBuilder ttl(Duration ttl) {
		Assert.isTrue(Durations.isCountable(ttl),
				() -> "The time to live must be at most 100 years, but is " + Durations.text(ttl));
		Assert.isTrue(ttl.toSeconds() >= 1 && ttl.equals(Duration.ofSeconds(ttl.toSeconds())),
				() -> "The time to live must be at least one second, in whole seconds, but is " + Durations.text(ttl));
		this.headers.put(PublishHeaders.TTL, ttl.toSeconds() + "s");
		return this;
	}

	@Override
	public MessageBuilder delay(Duration delay) {
		Assert.isTrue(!delay.isNegative() && Durations.isCountable(delay),
				() -> "The delay must not be negative or longer than 100 years, but is " + Durations.text(delay));
		this.due = () -> Instant.now().plus(delay);
		return this;
	}

	@Override
	public MessageBuilder deliverAt(Instant time) {
		Assert.notNull(time, "'time' must not be null");
		Assert.isTrue(time.isBefore(LATEST),
				() -> "The time of delivery must be before the year 10000, but is " + time);
		this.due = () -> time;
		return this;
	}

	@Override
	public PublishResult publish() {
		this.template.checkMayWait();
		CompletableFuture<PublishResult> published = publishAsync();
		return this.template.await(subject(), this.headers.getFirst(PublishHeaders.MESSAGE_ID), published);
	}

	@Override
	public CompletableFuture<PublishResult> publishAsync() {
		return prepare().get();
	}

	@Override
	public MessageBuilder uniqueUntilDone(String key) {
		this.uniqueKey = UniqueJobs.checkKey(key);
		return this;
	}

	@Override
	public <T> @Nullable T request(Class<T> responseType, Duration timeout) {
		this.template.checkMayWait();
		return Requests.await(requestAsync(responseType, timeout), subject(), timeout);
	}

	@Override
	public <T> CompletableFuture<@Nullable T> requestAsync(Class<T> responseType, Duration timeout) {
		Assert.state(this.uniqueKey == null,
				"A request can't be unique until it is done: if its job were not stored, nobody would reply");
		Requests requests = this.template.requests();
		Requests.Waiting<T> waiting = requests.open(this.subject, responseType, timeout);
		try {
			this.headers.put(JetStreamHeaders.REPLY_TO, waiting.address());
			return waiting.sent(prepare().get());
		}
		catch (RuntimeException | Error ex) {
			waiting.future().cancel(false);
			throw ex;
		}
	}

	/**
	 * Checks everything and converts the payload.
	 * @return publishes the message, without waiting for the server
	 */
	Supplier<CompletableFuture<PublishResult>> prepare() {
		String base = subject();
		if (this.due != null) {
			return prepareDelayed(base, this.due);
		}
		if (this.uniqueKey == null) {
			IdentifiedMessage message = identified(base);
			return () -> this.template.send(message);
		}
		this.headers.put(PublishHeaders.EXPECTED_SUBJECT_SEQUENCE, "0");
		IdentifiedMessage message = identified(base + "." + this.uniqueKey);
		return () -> this.template.sendUnique(base, message);
	}

	private Supplier<CompletableFuture<PublishResult>> prepareDelayed(String subject, Supplier<Instant> time) {
		Assert.state(this.uniqueKey == null,
				"A message that is delayed can't be unique until it is done: give it an id, and it is replaced by the next one with that id");
		Message message = identified(subject).message();
		return () -> this.template.sendAt(message, time.get());
	}

	/**
	 * Makes the message, to be published together with others.
	 */
	IdentifiedMessage build() {
		Assert.state(this.due == null,
				"A message that is delayed must be published alone: its stream stores a schedule");
		Assert.state(this.uniqueKey == null,
				"A message that is unique until it is done must be published alone, as it may be refused");
		return identified(subject());
	}

	// The builder keeps the id, so that it is the same when it publishes again
	private IdentifiedMessage identified(String subject) {
		byte[] data = this.template.payloads().write(this.payload, this.headers);
		return IdentifiedMessage.of(subject, this.headers, data);
	}

	private String subject() {
		Assert.state(this.subject != null, "A message needs a subject: message(payload).to(\"orders.created\")");
		return this.subject;
	}

	/**
	 * Names the message for people.
	 */
	@Override
	public String toString() {
		String id = this.headers.getFirst(PublishHeaders.MESSAGE_ID);
		return "message %sto subject '%s'".formatted((id != null) ? "'" + id + "' " : "", this.subject);
	}

}
