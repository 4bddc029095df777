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

import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * {@link MessageBuilder} of a {@link JetStreamTemplate}.
 */
final class TemplateMessageBuilder implements MessageBuilder {

	private static final String RESERVED = "Nats-";

	private final JetStreamTemplate template;

	private final Object payload;

	private final Headers headers = new Headers();

	private @Nullable String subject;

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
		Assert.isTrue(!name.regionMatches(true, 0, RESERVED, 0, RESERVED.length()),
				() -> "Header '%s' is reserved for the server; the builder has methods for what it may set"
					.formatted(name));
		Assert.isTrue(isPrintable(name) && !name.isBlank() && name.indexOf(':') < 0 && name.indexOf(' ') < 0,
				() -> "Header name '%s' must be ASCII text without spaces and colons".formatted(name));
		Assert.isTrue(isPrintable(value),
				() -> "The value of header '%s' must be ASCII text on one line; encode it".formatted(name));
		this.headers.add(name, value);
		return this;
	}

	@Override
	public MessageBuilder id(String id) {
		Assert.isTrue(!id.isBlank() && isPrintable(id), "The message id must be ASCII text on one line");
		this.headers.put(JetStreamTemplate.MESSAGE_ID, id);
		return this;
	}

	@Override
	public MessageBuilder expectLastSequence(long sequence) {
		Assert.isTrue(sequence >= 0, () -> "The expected sequence must not be negative, but is " + sequence);
		this.headers.put("Nats-Expected-Last-Sequence", Long.toString(sequence));
		return this;
	}

	@Override
	public MessageBuilder ttl(Duration ttl) {
		Assert.isTrue(ttl.toSeconds() >= 1 && ttl.equals(Duration.ofSeconds(ttl.toSeconds())),
				() -> "The time to live must be at least one second, in whole seconds, but is " + ttl);
		this.headers.put(JetStreamTemplate.TTL, ttl.toSeconds() + "s");
		return this;
	}

	@Override
	public MessageBuilder delay(Duration delay) {
		Assert.isTrue(!delay.isNegative(), () -> "The delay must not be negative, but is " + delay);
		this.due = () -> Instant.now().plus(delay);
		return this;
	}

	@Override
	public MessageBuilder deliverAt(Instant time) {
		Assert.notNull(time, "'time' must not be null");
		this.due = () -> time;
		return this;
	}

	@Override
	public PublishResult publish() {
		return this.template.await(publishAsync());
	}

	@Override
	public CompletableFuture<PublishResult> publishAsync() {
		Assert.state(this.subject != null, "A message needs a subject: message(payload).to(\"orders.created\")");
		NatsMessage message = new NatsMessage(this.subject, null, this.headers,
				this.template.payloads().write(this.payload));
		return (this.due != null) ? this.template.sendAt(message, this.due.get()) : this.template.send(message);
	}

	private static boolean isPrintable(String text) {
		return text.chars().allMatch((character) -> character >= ' ' && character < 127);
	}

}
