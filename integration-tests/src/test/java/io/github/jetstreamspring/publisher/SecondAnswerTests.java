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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Reply subjects are used for one message after another, and none of them takes the
 * answer to another one for its own.
 */
@EmbeddedNats
class SecondAnswerTests {

	private static final int MESSAGES = 3000;

	private static final PublisherOptions OPTIONS = new PublisherOptions(Duration.ofSeconds(10), 50);

	private PublishServer server;

	private Connection other;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = new PublishServer(embedded);
		this.other = TestConnections.connect(this.server.server().url());
		this.server.stream((stream) -> stream);
	}

	@AfterEach
	void stop() throws Exception {
		this.other.close();
		this.server.close();
	}

	@Test
	void replySubjectsAreUsedAgain() {
		Set<String> replySubjects = ConcurrentHashMap.newKeySet();
		AtomicInteger seen = new AtomicInteger();
		Dispatcher dispatcher = this.other.createDispatcher();
		dispatcher.subscribe("orders.>", (message) -> {
			replySubjects.add(message.getReplyTo());
			seen.incrementAndGet();
		});
		flush();
		publish(this.server.template(OPTIONS));
		await().untilAsserted(() -> assertThat(seen).hasValueGreaterThanOrEqualTo(MESSAGES));
		// Those of the first ones are used once
		assertThat(replySubjects).hasSizeBetween(2, 100);
	}

	@Test
	void whenAConfirmationComesTwiceThenEveryMessageStillGetsItsOwn() throws Exception {
		AtomicInteger repeated = answerAgain(Message::getData);
		List<PublishResult> results = publish(this.server.template(OPTIONS));
		assertThat(repeated).hasPositiveValue();
		assertAllStored(results);
	}

	@Test
	void whenAnotherStreamConfirmsTooThenEveryMessageStillGetsItsOwn() throws Exception {
		AtomicInteger sequence = new AtomicInteger(MESSAGES);
		AtomicInteger forged = answerAgain(
				(answer) -> "{\"stream\":\"copies\",\"seq\":%d}".formatted(sequence.incrementAndGet())
					.getBytes(StandardCharsets.US_ASCII));
		List<PublishResult> results = publish(this.server.template(OPTIONS));
		assertThat(forged).hasPositiveValue();
		assertAllStored(results);
	}

	@Test
	void whenSomebodyElseAnswersWithAnErrorThenEveryMessageIsStoredNevertheless() throws Exception {
		AtomicInteger errors = answerAgain(
				(answer) -> "{\"error\":{\"code\":400,\"err_code\":10060,\"description\":\"not for this one\"}}"
					.getBytes(StandardCharsets.US_ASCII));
		List<PublishResult> results = publish(this.server.template(OPTIONS));
		assertThat(errors).hasPositiveValue();
		assertAllStored(results);
	}

	@Test
	void whenTheStreamIsCreatedAnewThenItsLowerSequencesAreBelieved() throws Exception {
		JetStreamTemplate template = this.server.template(OPTIONS);
		publish(template);
		this.server.management().deleteStream(PublishServer.STREAM);
		this.server.stream((stream) -> stream);
		List<PublishResult> results = publish(template);
		assertAllStored(results);
		assertThat(results).noneMatch(PublishResult::duplicate);
	}

	private static List<PublishResult> publish(JetStreamTemplate template) {
		return IntStream.range(0, MESSAGES)
			.mapToObj((number) -> template.publishAsync(PublishServer.SUBJECT, Integer.toString(number)))
			.toList()
			.stream()
			.map((future) -> future.join())
			.toList();
	}

	private void assertAllStored(List<PublishResult> results) throws Exception {
		assertThat(this.server.count()).isEqualTo(MESSAGES);
		for (int number = 0; number < MESSAGES; number++) {
			PublishResult result = results.get(number);
			assertThat(result.stream()).isEqualTo(PublishServer.STREAM);
			assertThat(this.server.message(result.sequence()).getData()).asString().isEqualTo(Integer.toString(number));
		}
	}

	/**
	 * Sends another answer after each confirmation, while the next message may already
	 * wait for its own on the same subject. The server may even deliver it before the
	 * first one, which nobody could tell where no answer has come before: there is none.
	 * @param answer makes the answer of the first one
	 * @return how many answers were sent
	 */
	private AtomicInteger answerAgain(Function<Message, byte[]> answer) {
		AtomicInteger count = new AtomicInteger();
		Set<String> known = ConcurrentHashMap.newKeySet();
		Headers mark = new Headers().put("Again", "true");
		Dispatcher dispatcher = this.other.createDispatcher();
		dispatcher.subscribe("_INBOX.>", (message) -> {
			boolean confirmation = new String(message.getData(), StandardCharsets.US_ASCII).startsWith("{\"stream\":");
			if (confirmation && !message.hasHeaders() && !known.add(message.getSubject())) {
				this.other.publish(message.getSubject(), mark, answer.apply(message));
				count.incrementAndGet();
			}
		});
		flush();
		return count;
	}

	private void flush() {
		try {
			this.other.flush(Duration.ofSeconds(5));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
