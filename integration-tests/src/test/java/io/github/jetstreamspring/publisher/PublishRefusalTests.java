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

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * What a real server refuses, and how the publisher says so.
 */
@Timeout(60)
@EmbeddedNats
class PublishRefusalTests {

	private static final String SUBJECT = PublishServer.SUBJECT;

	@AutoClose
	private PublishServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = new PublishServer(embedded);
	}

	@Test
	void whenTheSubjectsSequenceIsAsExpectedThenTheMessageIsStored() throws Exception {
		this.server.stream((stream) -> stream);
		JetStreamTemplate template = this.server.template();
		template.message("a").to("orders.a").expectLastSubjectSequence(0).publish();
		template.message("b").to("orders.b").expectLastSubjectSequence(0).publish();
		template.message("c").to("orders.a").expectLastSubjectSequence(1).publish();
		assertThatExceptionOfType(UnexpectedSequenceException.class)
			.isThrownBy(() -> template.message("d").to("orders.a").expectLastSubjectSequence(1).publish())
			.withMessageContaining("wrong last sequence: 3");
		assertThat(this.server.count()).isEqualTo(3);
	}

	@Test
	@NeedsServer("2.11")
	void whenTheSequenceOfSeveralSubjectsIsAsExpectedThenTheMessageIsStored() throws Exception {
		this.server.stream((stream) -> stream);
		JetStreamTemplate template = this.server.template();
		template.publish("orders.4711.created", "a");
		template.publish("orders.4711.paid", "b");
		template.publish("orders.4712.created", "c");
		template.message("d").to("orders.4711.sent").expectLastSubjectSequence("orders.4711.*", 2).publish();
		assertThatExceptionOfType(UnexpectedSequenceException.class).isThrownBy(() -> template.message("e")
			.to("orders.4711.sent")
			.expectLastSubjectSequence("orders.4711.>", 2)
			.publish());
		assertThat(this.server.count()).isEqualTo(4);
	}

	@Test
	void whenTheServerKnowsNoSequencesOfSeveralSubjectsThenNothingIsSent() throws Exception {
		assumeFalse(this.server.knows("2.11.0"), "nats-server 2.11 and newer know sequences of several subjects");
		this.server.stream((stream) -> stream);
		assertThatExceptionOfType(JetStreamException.class)
			.isThrownBy(() -> this.server.template()
				.message("a")
				.to(SUBJECT)
				.expectLastSubjectSequence("orders.*", 0)
				.publish())
			.withMessageContaining("needs nats-server 2.11");
		assertThat(this.server.count()).isZero();
	}

	@Test
	void whenTheLastIdIsAsExpectedThenTheMessageIsStored() throws Exception {
		this.server.stream((stream) -> stream);
		JetStreamTemplate template = this.server.template();
		template.message("a").to(SUBJECT).id("o-1").publish();
		template.message("b").to(SUBJECT).id("o-2").expectLastMessageId("o-1").publish();
		assertThatExceptionOfType(UnexpectedMessageIdException.class)
			.isThrownBy(() -> template.message("c").to(SUBJECT).expectLastMessageId("o-1").publish())
			.withMessageContaining("wrong last msg ID: o-2")
			.satisfies((ex) -> assertThat(ex.getErrorCode()).isEqualTo(10070));
		assertThat(this.server.count()).isEqualTo(2);
	}

	@Test
	void whenAnotherStreamListensThenTheMessageIsNotStored() throws Exception {
		this.server.stream((stream) -> stream);
		JetStreamTemplate template = this.server.template();
		template.message("a").to(SUBJECT).expectStream("orders").publish();
		assertThatExceptionOfType(WrongStreamException.class)
			.isThrownBy(() -> template.message("b").to(SUBJECT).expectStream("mails").publish())
			.satisfies((ex) -> assertThat(ex.getErrorCode()).isEqualTo(10060));
		assertThat(this.server.count()).isEqualTo(1);
	}

	@Test
	void whenTheStreamIsFullThenItIsSaidOfWhat() throws Exception {
		this.server.stream((stream) -> stream.maxBytes(500).discardPolicy(DiscardPolicy.New));
		JetStreamTemplate template = this.server.template();
		template.publish(SUBJECT, new byte[200]);
		assertThatExceptionOfType(StreamFullException.class).isThrownBy(() -> template.publish(SUBJECT, new byte[200]))
			.withMessageContaining("maximum bytes exceeded");
	}

	@Test
	void whenTheSubjectIsFullThenOthersAreNot() throws Exception {
		this.server.stream((
				stream) -> stream.maxMessagesPerSubject(1).discardPolicy(DiscardPolicy.New).discardNewPerSubject(true));
		JetStreamTemplate template = this.server.template();
		template.publish("orders.a", "a");
		assertThatExceptionOfType(StreamFullException.class).isThrownBy(() -> template.publish("orders.a", "b"))
			.withMessageContaining("maximum messages per subject exceeded");
		template.publish("orders.b", "b");
	}

	@Test
	void whenTheStreamIsSealedThenItTakesNoMore() throws Exception {
		this.server.stream((stream) -> stream);
		this.server.management()
			.updateStream(StreamConfiguration
				.builder(this.server.management().getStreamInfo(PublishServer.STREAM).getConfiguration())
				.seal()
				.build());
		assertThatExceptionOfType(PublishRefusedException.class)
			.isThrownBy(() -> this.server.template().publish(SUBJECT, "a"))
			.withMessageContaining("takes no messages any more")
			.satisfies((ex) -> assertThat(ex.getErrorCode()).isEqualTo(10109));
	}

	@Test
	void whenHeadersAreTooLargeThenThatIsSaid() throws Exception {
		this.server.stream((stream) -> stream);
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(
					() -> this.server.template().message("a").to(SUBJECT).header("large", "x".repeat(70_000)).publish())
			.withMessageContaining("64 KB of headers");
	}

	@Test
	void whenTheStreamConfirmsNothingThenThePublishTimesOut() throws Exception {
		this.server.stream((stream) -> stream.noAck(true));
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofSeconds(2), 10));
		assertThatExceptionOfType(PublishTimeoutException.class).isThrownBy(() -> template.publish(SUBJECT, "a"))
			.withMessageContaining("it may or may not be stored");
	}

	@Test
	void whenHeadersAskForWhatTheStreamDoesNotAllowThenItIsSaidWhatToSet() throws Exception {
		this.server.stream((stream) -> stream);
		assertRefused(10111, "allow-rollup: true", (headers) -> headers.put("Nats-Rollup", "all"));
		assertThat(this.server.count()).isZero();
	}

	@Test
	@NeedsServer("2.11")
	void whenATimeToLiveIsNotAllowedThenItIsSaidWhatToSet() throws Exception {
		this.server.stream((stream) -> stream);
		assertRefused(10166, "allow-message-ttl: true", (headers) -> headers.put("Nats-TTL", "1s"));
		assertThat(this.server.count()).isZero();
	}

	@Test
	@NeedsServer("2.12")
	void whenHeadersAskForWhatIsNewAndNotAllowedThenItIsSaidWhatToSet() throws Exception {
		this.server.stream((stream) -> stream);
		assertRefused(10168, "allow-message-counter: true", (headers) -> headers.put("Nats-Incr", "1"));
		assertRefused(10188, "allow-message-schedules: true", (headers) -> {
			headers.put("Nats-Schedule", "@at 2099-01-01T00:00:00Z");
			headers.put("Nats-Schedule-Target", "orders.target");
		});
		assertRefused(10193, "Expect a sequence",
				(headers) -> headers.put("Nats-Expected-Last-Subject-Sequence-Subject", "orders.>"));
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> send("a", (headers) -> {
			headers.put("Nats-Batch-Id", "b-1");
			headers.put("Nats-Batch-Sequence", "1");
			headers.put("Nats-Batch-Commit", "1");
		})).withCauseInstanceOf(AtomicPublishUnsupportedException.class).withMessageContaining("[10174]");
		assertThat(this.server.count()).isZero();
	}

	@Test
	@NeedsServer("2.12")
	void whenHeadersAreWrongThenItIsSaidWhatIs() throws Exception {
		this.server.stream(
				(stream) -> stream.allowMessageTtl().allowMessageSchedules().allowRollup(true).allowAtomicPublish());
		assertRefused(10165, "in whole seconds", (headers) -> headers.put("Nats-TTL", "soon"));
		assertRefused(10189, "Correct the schedule", (headers) -> headers.put("Nats-Schedule", "whenever"));
		assertRefused(10190, "another subject of the same stream", (headers) -> {
			headers.put("Nats-Schedule", "@at 2099-01-01T00:00:00Z");
			headers.put("Nats-Schedule-Target", "mails.sent");
		});
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> send("a", (headers) -> headers.put("Nats-Batch-Id", "b-1")))
			.withCauseInstanceOf(AtomicPublishUnsupportedException.class)
			.withMessageContaining("[10175]");
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> send("a", (headers) -> {
			headers.put("Nats-Batch-Id", "b".repeat(65));
			headers.put("Nats-Batch-Sequence", "1");
		})).withCauseInstanceOf(AtomicPublishUnsupportedException.class).withMessageContaining("[10179]");
		assertThat(this.server.count()).isZero();
	}

	@Test
	@NeedsServer("2.12")
	void whenTheStreamIsACounterThenOrdinaryMessagesAreRefused() throws Exception {
		this.server.stream((stream) -> stream.allowMessageCounter());
		assertRefused(10169, "is a counter", (headers) -> {
		});
		assertRefused(10170, "is a counter", (headers) -> headers.put("Nats-Incr", "1"));
		assertRefused(10171, "is a counter", (headers) -> headers.put("Nats-Incr", "one"));
		assertThat(send("", (headers) -> headers.put("Nats-Incr", "5")).sequence()).isEqualTo(1);
	}

	@Test
	void whatTheClientThrowsIsNeverTheFailure() throws Exception {
		this.server.stream((stream) -> stream.maxMessages(1).discardPolicy(DiscardPolicy.New));
		JetStreamTemplate template = this.server.template();
		template.publish(SUBJECT, "a");
		Throwable failure = catchThrowable(() -> template.publishAsync(SUBJECT, "b").join());
		assertThat(failure).isInstanceOf(CompletionException.class).hasCauseInstanceOf(StreamFullException.class);
		// The server's answer, for those who want its details, and nothing around it
		assertThat(failure.getCause()).hasCauseInstanceOf(JetStreamApiException.class)
			.rootCause()
			.isNotInstanceOf(IOException.class)
			.isSameAs(failure.getCause().getCause());
	}

	private void assertRefused(int code, String advice, Consumer<Headers> headers) {
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> send("a", headers))
			.withMessageContaining(advice)
			.withCauseInstanceOf(PublishRefusedException.class)
			.satisfies((ex) -> assertThat(((PublishRefusedException) ex.getCause()).getErrorCode()).isEqualTo(code));
	}

	/**
	 * Publishes a message with headers that the builder doesn't set.
	 */
	private PublishResult send(String payload, Consumer<Headers> customizer) {
		Headers headers = new Headers();
		customizer.accept(headers);
		return this.server.template()
			.send(NatsMessage.builder().subject(SUBJECT).headers(headers).data(payload).build())
			.join();
	}

}
