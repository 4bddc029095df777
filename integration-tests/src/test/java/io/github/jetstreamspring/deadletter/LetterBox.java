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

import java.time.Duration;
import java.time.Instant;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.github.jetstreamspring.publisher.PublisherOptions;
import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.wire.GuardedConnections;
import io.nats.client.Connection;
import io.nats.client.Options;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;

import org.springframework.messaging.converter.StringMessageConverter;

/**
 * A dead-letter stream with letters that no listener had to write.
 */
final class LetterBox {

	static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private final Connection connection;

	private final JetStreamTemplate template;

	LetterBox(String url) throws Exception {
		this(url, RetentionPolicy.Limits);
	}

	LetterBox(String url, RetentionPolicy retention) throws Exception {
		this.connection = TestConnections
			.connect(GuardedConnections.guarded(Options.builder().server(url).maxReconnects(-1).build()));
		TestConnections.management(this.connection)
			.addStream(StreamConfiguration.builder()
				.name("dead-letters")
				.subjects("dead-letters.>")
				.retentionPolicy(retention)
				.build());
		this.template = new JetStreamTemplate(this.connection, new StringMessageConverter(),
				new PublisherOptions(Duration.ofSeconds(5), 1000), PublishObserver.NONE);
	}

	Connection connection() {
		return this.connection;
	}

	JetStreamTemplate template() {
		return this.template;
	}

	DeadLetters letters() {
		return DeadLetters.of(this.template, "dead-letters", "dead-letters");
	}

	/**
	 * Stores letters of a consumer.
	 */
	void store(String stream, String consumer, int count) throws Exception {
		LetterBoxes.store(this.connection, stream, consumer, count);
	}

	static Headers headers(String stream, String consumer, int number) {
		return new Headers().put("Dead-Letter-Stream", stream)
			.put("Dead-Letter-Consumer", consumer)
			.put("Dead-Letter-Subject", stream + ".created")
			.put("Dead-Letter-Sequence", Integer.toString(number + 1))
			.put("Dead-Letter-Attempts", "10")
			.put("Dead-Letter-Reason", "Failed 10 times, order " + number)
			.put("Dead-Letter-Exception", "com.example.Unreachable" + (number % 2) + "Exception")
			.put("Dead-Letter-Exception-Message", "Connection refused: host " + number)
			.put("Dead-Letter-Published", START.toString())
			.put("Dead-Letter-Time", START.plusSeconds(number).toString())
			.put("tenant", (number % 3 == 0) ? "acme" : "other");
	}

	void close() throws Exception {
		this.template.destroy();
		this.connection.close();
	}

}
