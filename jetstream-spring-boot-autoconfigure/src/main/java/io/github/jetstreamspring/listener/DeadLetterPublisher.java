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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.nats.client.impl.NatsMessage;

/**
 * {@link DeadLetterHandler} that publishes to a stream and waits for the confirmation.
 */
final class DeadLetterPublisher implements DeadLetterHandler {

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
			.headers(DeadLetterHeaders.all(deadLetter))
			.data(deadLetter.message().getData())
			.build());
	}

}
