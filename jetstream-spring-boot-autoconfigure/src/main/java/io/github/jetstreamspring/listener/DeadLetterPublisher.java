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

package io.github.jetstreamspring.listener;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.MessageTooLargeException;
import io.github.jetstreamspring.publisher.PublishResult;
import io.github.jetstreamspring.publisher.WrongStreamException;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;

/**
 * {@link DeadLetterHandler} that publishes to a stream and waits for the confirmation.
 */
final class DeadLetterPublisher implements DeadLetterHandler {

	// The server is asked, which the thread that brings confirmations must not wait for
	private static void start(Runnable task) {
		Thread thread = new Thread(task, "jetstream-dead-letters");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * The result for what stays where it is: a message of the dead-letter stream itself.
	 */
	static final Object IN_PLACE = "in place";

	private final JetStreamTemplate template;

	private final String stream;

	private final String subjectPrefix;

	DeadLetterPublisher(JetStreamTemplate template, String stream, String subjectPrefix) {
		this.template = template;
		this.stream = stream;
		this.subjectPrefix = subjectPrefix;
	}

	@Override
	public CompletionStage<?> handle(DeadLetter deadLetter) {
		Delivery delivery = deadLetter.delivery();
		if (delivery.stream().equals(this.stream)) {
			// Another one would come to the same listener again, and so on without end
			return keepInPlace();
		}
		// Otherwise another stream that listens on the subject would store it, unseen
		Headers ours = new HeaderFields(DeadLetterHeaders.ours(deadLetter))
			.put(DeadLetterHeaders.EXPECTED_STREAM, this.stream)
			.toHeaders();
		Headers original = DeadLetterHeaders.ofOriginal(deadLetter);
		byte[] payload = (deadLetter.message().getData() != null) ? deadLetter.message().getData() : new byte[0];
		String subject = this.subjectPrefix + "." + delivery.stream() + "." + delivery.consumer();
		long maxSize = maxPayload();
		return store(ours, original, payload, maxSize, subject).exceptionallyComposeAsync((failure) -> {
			long streamsMaxSize = (Failures.unwrap(failure) instanceof MessageTooLargeException) ? maxMessageSize()
					: Long.MAX_VALUE;
			return (streamsMaxSize < maxSize) ? store(ours, original, payload, streamsMaxSize, subject)
					: CompletableFuture.failedFuture(failure);
		}, DeadLetterPublisher::start)
			.exceptionallyCompose((failure) -> CompletableFuture.failedFuture(explain(failure, subject)));
	}

	private CompletionStage<?> keepInPlace() {
		return CompletableFuture.supplyAsync(() -> {
			RetentionPolicy retention = configuration("it is a message of it").getRetentionPolicy();
			if (retention != RetentionPolicy.Limits) {
				throw new IllegalStateException(
						"it is a message of the dead-letter stream '%s', which would lose it, as its retention is '%s'. Set that to 'limits'"
							.formatted(this.stream, retention));
			}
			return IN_PLACE;
		}, DeadLetterPublisher::start);
	}

	private CompletionStage<PublishResult> store(Headers ours, Headers original, byte[] payload, long maxSize,
			String subject) {
		try {
			return store(DeadLetterForm.of(ours, original, payload, maxSize), subject);
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Stores the parts, and waits for that, before the letter: whoever sees the letter
	 * finds all of them.
	 */
	private CompletionStage<PublishResult> store(DeadLetterForm form, String subject) {
		long firstPart = Long.MAX_VALUE;
		for (int number = 1; number <= form.parts(); number++) {
			firstPart = Math.min(firstPart, this.template.sendVerified(form.part(number, subject)).join().sequence());
		}
		return this.template.sendVerified(form.letter(firstPart, subject));
	}

	private long maxPayload() {
		long maxPayload = this.template.connection().getMaxPayload();
		return (maxPayload > 0) ? maxPayload : Integer.MAX_VALUE;
	}

	private long maxMessageSize() {
		long size = configuration("it is larger than that takes").getMaximumMessageSize();
		return (size > 0) ? size : Long.MAX_VALUE;
	}

	private StreamConfiguration configuration(String why) {
		try {
			return this.template.connection().jetStreamManagement().getStreamInfo(this.stream).getConfiguration();
		}
		catch (IOException | JetStreamApiException ex) {
			throw new IllegalStateException(
					"stream '%s' can't be looked at, which is needed as %s: %s. The user of the connection needs permission for $JS.API.STREAM.INFO.%s"
						.formatted(this.stream, why, ex.getMessage(), this.stream),
					ex);
		}
	}

	private Throwable explain(Throwable failure, String subject) {
		Throwable cause = Failures.unwrap(failure);
		return (cause instanceof WrongStreamException) ? new IllegalStateException(
				"another stream than '%s' listens on '%s'. Take the subject from it, or change jetstream.dead-letter.stream or jetstream.dead-letter.subject-prefix"
					.formatted(this.stream, subject),
				cause) : failure;
	}

}
