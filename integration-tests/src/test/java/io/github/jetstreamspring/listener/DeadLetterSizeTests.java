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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.github.jetstreamspring.publisher.PublisherOptions;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.RawNatsClient;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.messaging.converter.StringMessageConverter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Dead letters of messages that are as large as messages can be, or came without their
 * payload.
 */
@EmbeddedNats
class DeadLetterSizeTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static EmbeddedNatsServer server;

	private TestQueue queue;

	private JetStreamTemplate template;

	private String letters;

	@BeforeAll
	static void startServer(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@AfterEach
	void closeQueue() throws Exception {
		this.template.destroy();
		this.queue.close();
	}

	@Test
	void whenThePayloadIsAsLargeAsAllowedThenItIsStoredInParts() throws Exception {
		create(UnaryOperator.identity(), UnaryOperator.identity());
		byte[] payload = random((int) this.queue.connection().getMaxPayload());
		this.queue.publish(this.queue.message("").data(payload).build());
		listen(publishing());
		RestoredLetter letter = awaitLetter();
		assertThat(letter.payload()).isEqualTo(payload);
		assertThat(letter.letter().getHeaders().getFirst("Dead-Letter-Reason")).isEqualTo("never");
		assertThat(letter.letter().getHeaders().getFirst("Dead-Letter-Parts")).isEqualTo("2");
		assertThat(count()).isEqualTo(3);
	}

	@Test
	void whenTheHeadersFitThenTheLetterHasThemAndOnlyThePayloadIsInParts() throws Exception {
		create(UnaryOperator.identity(), UnaryOperator.identity());
		byte[] payload = random((int) this.queue.connection().getMaxPayload() - 40);
		this.queue.publish(this.queue.message("").data(payload).headers(new Headers().put("tenant", "acme")).build());
		listen(publishing());
		RestoredLetter letter = awaitLetter();
		assertThat(letter.payload()).isEqualTo(payload);
		assertThat(letter.headerBlock()).isEmpty();
		assertThat(letter.letter().getHeaders().getFirst("tenant")).isEqualTo("acme");
	}

	@Test
	void whenTheStreamTakesSmallMessagesOnlyThenThePartsAreSmall() throws Exception {
		create(UnaryOperator.identity(), (stream) -> stream.maximumMessageSize(2000));
		byte[] payload = random(50_000);
		this.queue.publish(this.queue.message("").data(payload).headers(new Headers().put("tenant", "acme")).build());
		listen(publishing());
		RestoredLetter letter = awaitLetter();
		assertThat(letter.payload()).isEqualTo(payload);
		assertThat(letter.letter().getHeaders().getFirst("tenant")).isEqualTo("acme");
	}

	@Test
	void whenTheHeadersAreAsLargeAsAllowedThenTheyAreInTheParts() throws Exception {
		create(UnaryOperator.identity(), UnaryOperator.identity());
		Headers headers = new Headers().put("large", "x".repeat(65_480)).put("tenant", "acme");
		this.queue.publish(this.queue.message("payload").headers(headers).build());
		listen(publishing());
		RestoredLetter letter = awaitLetter();
		assertThat(letter.payload()).asString().isEqualTo("payload");
		assertThat(letter.headerBlock()).startsWith("NATS/1.0\r\n")
			.contains("tenant:acme\r\n", "large:" + "x".repeat(65_480))
			.endsWith("\r\n\r\n");
		assertThat(letter.letter().getHeaders().keySet()).contains("Dead-Letter-Reason").doesNotContain("tenant");
	}

	@Test
	void whenTheReasonIsLargeAndTheStreamTakesSmallMessagesOnlyThenTheReasonIsCut() throws Exception {
		create(UnaryOperator.identity(), (stream) -> stream.maximumMessageSize(600));
		this.queue.publish(this.queue.message("payload").build());
		this.queue.listener().options(options()).deadLetters(publishing()).start((delivery, message) -> {
			throw new DeadLetterException("a\r\nb " + "c".repeat(100_000),
					new IllegalStateException("d".repeat(100_000)));
		});
		RestoredLetter letter = awaitLetter();
		assertThat(letter.payload()).asString().isEqualTo("payload");
		assertThat(letter.letter().getHeaders().getFirst("Dead-Letter-Reason")).startsWith("a b");
	}

	@Test
	void whenTheExceptionCantEvenSayWhatHappenedThenTheLetterIsStored() throws Exception {
		create(UnaryOperator.identity(), UnaryOperator.identity());
		this.queue.publish(this.queue.message("payload").build());
		listen((deadLetter) -> publishing().handle(new DeadLetter(deadLetter.delivery(), deadLetter.message(),
				deadLetter.reason(), new UnspeakableException())));
		assertThat(awaitLetter().letter().getHeaders().getFirst("Dead-Letter-Exception"))
			.contains("UnspeakableException");
	}

	@Test
	void whenAnAttemptIsRepeatedThenNothingIsStoredTwice() throws Exception {
		create(UnaryOperator.identity(), (stream) -> stream.maximumMessageSize(2000));
		this.queue.publish(this.queue.message("").data(random(10_000)).build());
		AtomicInteger attempts = new AtomicInteger();
		listen((deadLetter) -> publishing().handle(deadLetter)
			.thenCompose((stored) -> (attempts.incrementAndGet() == 1)
					? CompletableFuture.failedFuture(new IllegalStateException("lost answer"))
					: CompletableFuture.completedFuture(stored)));
		RestoredLetter letter = awaitLetter();
		assertThat(attempts).hasValue(2);
		assertThat(count()).isEqualTo(1 + Integer.parseInt(letter.letter().getHeaders().getFirst("Dead-Letter-Parts")));
	}

	@Test
	void whenWhatIsStoredIsRemovedBetweenAttemptsThenItIsStoredAgain() throws Exception {
		create(UnaryOperator.identity(), (stream) -> stream.maximumMessageSize(2000));
		byte[] payload = random(10_000);
		this.queue.publish(this.queue.message("").data(payload).build());
		AtomicInteger attempts = new AtomicInteger();
		listen((deadLetter) -> {
			if (attempts.incrementAndGet() > 1) {
				return publishing().handle(deadLetter);
			}
			return publishing().handle(deadLetter).thenComposeAsync((stored) -> {
				purge();
				return CompletableFuture.failedFuture(new IllegalStateException("lost answer"));
			});
		});
		assertThat(awaitLetter().payload()).isEqualTo(payload);
		assertThat(attempts).hasValue(2);
	}

	@Test
	void whenTheConsumerDeliversHeadersOnlyThenTheLetterHasThePayload() throws Exception {
		create((consumer) -> consumer.headersOnly(true), UnaryOperator.identity());
		this.queue.publish(this.queue.message("payload").headers(new Headers().put("tenant", "acme")).build());
		listen(publishing());
		RestoredLetter letter = awaitLetter();
		assertThat(letter.payload()).asString().isEqualTo("payload");
		assertThat(letter.letter().getHeaders().getFirst("tenant")).isEqualTo("acme");
		assertThat(letter.letter().getHeaders().containsKey("Nats-Msg-Size")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "NATS/1.0\r\nX-Name: 1234", "NATS/1.0\r\n", "NATS/1.0\r\n\r\nX: 1",
			"NATS/1.0\r\nX-Name: \u00ff\r\n\r\n" })
	void whenTheHeadersOfAHeadersOnlyConsumerHaveNoEndThenTheLetterIsWholeAllTheSame(String block) throws Exception {
		create((consumer) -> consumer.headersOnly(true), UnaryOperator.identity());
		try (RawNatsClient client = new RawNatsClient(server.url())) {
			client.store((this.queue.stream() + ".job").getBytes(), block.getBytes(StandardCharsets.ISO_8859_1),
					"precious".getBytes());
		}
		listen(publishing());
		RestoredLetter letter = awaitLetter();
		assertThat(letter.payload()).asString().isEqualTo("precious");
		Headers headers = letter.letter().getHeaders();
		assertThat(headers.containsKey("Dead-Letter-Payload")).isFalse();
		assertThat(headers.getFirst("Dead-Letter-Raw-Headers"))
			.isEqualTo(Base64.getEncoder().encodeToString(block.getBytes(StandardCharsets.ISO_8859_1)));
	}

	@Test
	void whenAMessageOnlySaysThatItHadAPayloadThenItsLetterIsStoredWithoutThatHeader() throws Exception {
		create(UnaryOperator.identity(), UnaryOperator.identity());
		this.queue.publish(this.queue.message("").headers(new Headers().put("Nats-Msg-Size", "7")).build());
		listen(publishing());
		Headers headers = awaitLetter().letter().getHeaders();
		assertThat(headers.containsKey("Nats-Msg-Size")).isFalse();
		assertThat(headers.containsKey("Dead-Letter-Payload")).isFalse();
	}

	@Test
	@NeedsServer("2.11")
	void whenItIsADeleteMarkerOfTheServerThenTheLetterSaysSo() throws Exception {
		create(UnaryOperator.identity(), UnaryOperator.identity());
		listen(publishing());
		this.queue.management().deleteConsumer(this.queue.stream(), TestQueue.CONSUMER);
		this.queue.management().deleteStream(this.queue.stream());
		this.queue.management()
			.addStream(StreamConfiguration.builder()
				.name(this.queue.stream())
				.subjects(this.queue.stream() + ".>")
				.maxAge(Duration.ofSeconds(1))
				.subjectDeleteMarkerTtl(Duration.ofMinutes(1))
				.build());
		this.queue.publish(this.queue.message("gone soon").build());
		await().atMost(PATIENCE)
			.until(() -> this.queue.management()
				.getStreamInfo(this.queue.stream())
				.getStreamState()
				.getFirstSequence() == 2);
		this.queue.createConsumer(UnaryOperator.identity());
		assertThat(awaitLetter().letter().getHeaders().getFirst("Dead-Letter-Marker-Reason")).isEqualTo("MaxAge");
	}

	@Test
	void whenTheConsumerIsMadeOneOfHeadersOnlyMeanwhileThenTheLetterHasThePayload() throws Exception {
		create(UnaryOperator.identity(), UnaryOperator.identity());
		listen(publishing());
		this.queue.management()
			.updateConsumer(this.queue.stream(),
					ConsumerConfiguration.builder(this.queue.consumer().getConsumerConfiguration())
						.headersOnly(true)
						.build());
		this.queue.publish(this.queue.message("payload").build());
		assertThat(awaitLetter().payload()).asString().isEqualTo("payload");
	}

	@ParameterizedTest
	@ValueSource(strings = { "NATS/1.0\r\nX-Name: 1234", "NATS/1.0\r\n", "NATS/1.0\r\n\r\nX: 1",
			"NATS/1.0\r\nX-Name: \u00ff1234" })
	void whenTheConsumerIsMadeOneOfHeadersOnlyMeanwhileThenLettersWithHeadersWithoutEndAreWholeToo(String block)
			throws Exception {
		create(UnaryOperator.identity(), UnaryOperator.identity());
		listen(publishing());
		this.queue.management()
			.updateConsumer(this.queue.stream(),
					ConsumerConfiguration.builder(this.queue.consumer().getConsumerConfiguration())
						.headersOnly(true)
						.build());
		try (RawNatsClient client = new RawNatsClient(server.url())) {
			client.store((this.queue.stream() + ".job").getBytes(), block.getBytes(StandardCharsets.ISO_8859_1),
					"precious".getBytes());
		}
		RestoredLetter letter = awaitLetter();
		assertThat(letter.payload()).asString().isEqualTo("precious");
		assertThat(letter.letter().getHeaders().getFirst("Dead-Letter-Raw-Headers"))
			.isEqualTo(Base64.getEncoder().encodeToString(block.getBytes(StandardCharsets.ISO_8859_1)));
	}

	@Test
	void whenTheMessageOfAHeadersOnlyConsumerIsGoneThenTheLetterSaysSo() throws Exception {
		create((consumer) -> consumer.headersOnly(true), UnaryOperator.identity());
		this.queue.publish(this.queue.message("payload").build());
		this.queue.listener().options(options()).deadLetters(publishing()).start((delivery, message) -> {
			this.queue.management().deleteMessage(this.queue.stream(), delivery.streamSequence());
			throw new DeadLetterException("never");
		});
		// The handler has emptied the queue before there is a letter
		await().atMost(PATIENCE).until(() -> count() == 1);
		assertThat(awaitLetter().letter().getHeaders().getFirst("Dead-Letter-Payload")).isEqualTo("missing");
	}

	@Test
	void whenAnotherStreamListensOnTheSubjectThenTheMessageStays() throws Exception {
		create(UnaryOperator.identity(), UnaryOperator.identity());
		this.queue.publish(1);
		AtomicInteger failures = new AtomicInteger();
		DeadLetterHandler other = DeadLetterHandler.publishing(this.template, "another", this.letters);
		listen((deadLetter) -> other.handle(deadLetter).whenComplete((stored, failure) -> {
			if (failure != null && failure.getMessage().contains("another stream than 'another' listens on")) {
				failures.incrementAndGet();
			}
		}));
		await().atMost(PATIENCE).until(() -> failures.get() > 0);
		assertThat(count()).isZero();
		assertThat(this.queue.size()).isOne();
	}

	private void create(UnaryOperator<ConsumerConfiguration.Builder> consumer,
			UnaryOperator<StreamConfiguration.Builder> stream) throws Exception {
		this.queue = new TestQueue(server.url(), consumer);
		this.letters = "letters-" + this.queue.stream();
		this.queue.management()
			.addStream(stream.apply(StreamConfiguration.builder().name(this.letters).subjects(this.letters + ".>"))
				.build());
		this.template = new JetStreamTemplate(this.queue.connection(), new StringMessageConverter(),
				new PublisherOptions(Duration.ofSeconds(5), 100), PublishObserver.NONE);
	}

	private DeadLetterHandler publishing() {
		return DeadLetterHandler.publishing(this.template, this.letters, this.letters);
	}

	private void listen(DeadLetterHandler handler) {
		this.queue.listener().options(options()).deadLetters(handler).start((delivery, message) -> {
			throw new DeadLetterException("never");
		});
	}

	private RestoredLetter awaitLetter() throws Exception {
		await().atMost(PATIENCE).until(() -> this.queue.size() == 0);
		return RestoredLetter.last(this.queue.management(), this.letters,
				this.letters + "." + this.queue.stream() + "." + TestQueue.CONSUMER);
	}

	private long count() throws Exception {
		return this.queue.management().getStreamInfo(this.letters).getStreamState().getMsgCount();
	}

	private void purge() {
		try {
			this.queue.management().purgeStream(this.letters);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static ListenerOptions options() {
		return ListenerOptions.builder()
			.concurrency(1)
			.retry(new RetryOptions(3L, Duration.ofMillis(20), 1.0, Duration.ofMillis(20), 0.0))
			.build();
	}

	private static byte[] random(int size) {
		byte[] bytes = new byte[size];
		new Random(17).nextBytes(bytes);
		return bytes;
	}

	private static final class UnspeakableException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			throw new IllegalStateException("nothing to say");
		}

	}

}
