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

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.jetstreamspring.messaging.RetryHeaders;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.jspecify.annotations.Nullable;

/**
 * {@link DeadLetterHandler} that publishes to a stream and waits for the confirmation.
 */
final class DeadLetterPublisher implements DeadLetterHandler {

	private static final String RESERVED = "Nats-";

	private static final String MESSAGE_ID = "Nats-Msg-Id";

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
			// It would be delivered to the same listener again, and so on without end
			return CompletableFuture.failedFuture(new IllegalStateException(
					"Messages of the dead-letter stream '%s' don't become dead letters themselves"
						.formatted(this.stream)));
		}
		return this.template.send(NatsMessage.builder()
			.subject(this.subjectPrefix + "." + delivery.stream() + "." + delivery.consumer())
			.headers(headers(deadLetter))
			.data(deadLetter.message().getData())
			.build());
	}

	private static Headers headers(DeadLetter deadLetter) {
		Delivery delivery = deadLetter.delivery();
		Headers headers = new Headers();
		long sequence = RetryHeaders.number(delivery.headers(), RetryHeaders.SEQUENCE, delivery.streamSequence());
		delivery.headers().forEach((name, values) -> {
			// They steered how the original was stored and would steer the dead letter
			// too
			if (!name.regionMatches(true, 0, RESERVED, 0, RESERVED.length()) && !RetryHeaders.isOne(name)) {
				headers.put(name, values.stream().map(HeaderText::printable).toList());
			}
		});
		// The same for every attempt to store it, so that it is stored once
		headers.put(MESSAGE_ID, "dead-letter:%s:%d:%s".formatted(delivery.stream(), sequence, delivery.consumer()));
		headers.put("Dead-Letter-Reason", HeaderText.of(deadLetter.reason()));
		headers.put("Dead-Letter-Stream", delivery.stream());
		headers.put("Dead-Letter-Subject", delivery.subject());
		headers.put("Dead-Letter-Sequence", Long.toString(sequence));
		headers.put("Dead-Letter-Consumer", delivery.consumer());
		headers.put("Dead-Letter-Attempts", Long.toString(delivery.attempt()));
		headers.put("Dead-Letter-Time", Instant.now().toString());
		addFailure(headers, deadLetter.failure());
		return headers;
	}

	private static void addFailure(Headers headers, @Nullable Throwable failure) {
		if (failure != null) {
			headers.put("Dead-Letter-Exception", failure.getClass().getName());
			if (failure.getMessage() != null) {
				headers.put("Dead-Letter-Exception-Message", HeaderText.of(failure.getMessage()));
			}
		}
	}

}
