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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.RawNatsClient;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfoOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

@Timeout(120)
@EmbeddedNats(shared = false)
class DelayedMessageTests {

	private static final String SUBJECT = PublishServer.SUBJECT;

	private static final String SCHEDULES = "_schedules.orders.>";

	private static final Duration LONG = Duration.ofHours(1);

	// Between the application's clock, in milliseconds, and the server's
	private static final Duration ROUNDING = Duration.ofMillis(2);

	@AutoClose
	private PublishServer server;

	private JetStreamTemplate template;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = new PublishServer(embedded);
		this.template = this.server.template();
	}

	@Test
	@NeedsServer("2.12")
	void whenDelayedThenTheMessageIsDeliveredWithItsHeadersWhenItIsDue() throws Exception {
		scheduling((stream) -> stream);
		Instant due = Instant.now().plusSeconds(3);
		PublishResult result = this.template.message("late")
			.to(SUBJECT)
			.header("tenant", "acme")
			.header("tag", "a")
			.header("tag", "b")
			.id("o-1")
			.delay(Duration.ofSeconds(3))
			.publish();
		assertThat(result).isEqualTo(new PublishResult("orders", 1, false));
		assertThat(subjects()).singleElement().asString().matches("_schedules\\.orders\\.delayed\\.o-1\\.[\\w-]{43}");
		MessageInfo message = delivered();
		assertThat(message.getTime().toInstant()).isAfterOrEqualTo(due.minus(ROUNDING))
			.isBefore(due.plus(Duration.ofSeconds(20)));
		assertThat(message.getData()).asString().isEqualTo("late");
		assertThat(message.getHeaders().get("tenant")).containsExactly("acme");
		assertThat(message.getHeaders().get("tag")).containsExactly("a", "b");
		assertThat(message.getHeaders().get("Job-Id")).containsExactly("o-1");
		assertThat(subjects()).containsExactly(SUBJECT);
	}

	@Test
	@NeedsServer("2.12")
	void whenTheTimeIsOverThenTheMessageIsDeliveredAtOnce() throws Exception {
		scheduling((stream) -> stream);
		this.template.message("past").to(SUBJECT).deliverAt(Instant.now().minus(LONG)).publish();
		assertThat(delivered().getData()).asString().isEqualTo("past");
	}

	@Test
	@NeedsServer("2.12")
	void whenOneWithTheSameIdWaitsThenItIsReplaced() throws Exception {
		scheduling((stream) -> stream);
		this.template.message("first").to(SUBJECT).id("o-1").delay(LONG).publish();
		assertThat(this.template.message("second").to("orders.changed").id("o-1").delay(LONG).publish().duplicate())
			.isFalse();
		assertThat(this.server.count()).isEqualTo(1);
		this.template.message("third").to(SUBJECT).id("o-1").delay(Duration.ZERO).publish();
		assertThat(delivered().getData()).asString().isEqualTo("third");
		assertThat(this.server.count()).isEqualTo(1);
	}

	@Test
	@NeedsServer("2.12")
	void whenCancelledThenTheMessageIsNotDelivered() throws Exception {
		scheduling((stream) -> stream);
		String id = "Order 7: a.b*c>d%e/f";
		this.template.message("a").to(SUBJECT).id(id).delay(LONG).publish();
		this.template.message("b").to(SUBJECT).id("Order 7: a.b*c>d%e/g").delay(LONG).publish();
		assertThat(this.template.cancel(id)).isTrue();
		assertThat(this.template.cancel(id)).isFalse();
		assertThat(this.server.count()).isEqualTo(1);
		assertThat(this.template.cancel(SUBJECT, "Order 7: a.b*c>d%e/g")).isTrue();
		assertThat(this.template.cancel(SUBJECT, "Order 7: a.b*c>d%e/g")).isFalse();
		assertThat(this.server.count()).isZero();
	}

	@ParameterizedTest
	@NeedsServer("2.12")
	@NullSource
	@ValueSource(strings = "between us")
	void whenSomebodyGuessesTheSubjectOfAMessageThatWaitsThenItStays(@Nullable String key) throws Exception {
		scheduling((stream) -> stream);
		JetStreamTemplate publisher = this.server.template(key);
		publisher.message("kept").to(SUBJECT).id("o-1").delay(LONG).publish();
		try (RawNatsClient client = new RawNatsClient(this.server.server().url())) {
			for (String guess : List.of("_schedules.orders.delayed.o-1", "_schedules.orders.delayed.o-1.*",
					"_schedules.orders.delayed.>", "_schedules.orders.>", ">")) {
				client.store("orders.other".getBytes(StandardCharsets.UTF_8),
						"NATS/1.0\r\nNats-Scheduler: %s\r\nNats-Schedule-Next: purge\r\n\r\n".formatted(guess)
							.getBytes(StandardCharsets.UTF_8),
						new byte[0]);
			}
		}
		assertThat(subjects()).filteredOn((subject) -> subject.startsWith("_schedules.orders.delayed.o-1.")).hasSize(1);
	}

	@Test
	@NeedsServer("2.12")
	void whenAnotherInstanceHasTheSameKeyThenItReplacesTheMessageAndWithAnyKeyItCancelsIt() throws Exception {
		scheduling((stream) -> stream);
		this.server.template("between us").message("first").to(SUBJECT).id("o-1").delay(LONG).publish();
		this.server.template("between us").message("second").to(SUBJECT).id("o-1").delay(LONG).publish();
		assertThat(this.server.count()).isEqualTo(1);
		assertThat(this.template.cancel(SUBJECT, "o-")).isFalse();
		assertThat(this.template.cancel(SUBJECT, "o-1")).isTrue();
		assertThat(this.server.count()).isZero();
		this.server.template("between us").message("third").to(SUBJECT).id("o-1").delay(LONG).publish();
		assertThat(this.server.template("another one").cancel("o-1")).isTrue();
		assertThat(this.server.count()).isZero();
	}

	@Test
	@NeedsServer("2.12")
	void whenItIsDeliveredThenThereIsNothingToCancel() throws Exception {
		scheduling((stream) -> stream);
		this.template.message("a").to(SUBJECT).id("o-1").delay(Duration.ZERO).publish();
		delivered();
		assertThat(this.template.cancel("o-1")).isFalse();
		assertThat(this.server.count()).isEqualTo(1);
	}

	@Test
	@NeedsServer("2.12")
	void whenSeveralStreamsHaveSchedulesThenAMessageIsCancelledWhereItWaits() throws Exception {
		scheduling((stream) -> stream);
		this.server.management()
			.addStream(StreamConfiguration.builder()
				.name("mails")
				.subjects("mails.>", "_schedules.mails.>")
				.allowMessageSchedules(true)
				.build());
		this.template.message("a").to("mails.sent").id("o-1").delay(LONG).publish();
		this.template.message("b").to(SUBJECT).id("o-2").delay(LONG).publish();
		assertThat(this.template.cancel(SUBJECT, "o-1")).isFalse();
		assertThat(this.template.cancel("o-1")).isTrue();
		assertThat(this.server.management().getStreamInfo("mails").getStreamState().getMsgCount()).isZero();
		assertThat(this.server.count()).isEqualTo(1);
	}

	@Test
	@NeedsServer("2.12")
	void whenTheServerRestartsThenTheMessageIsDeliveredNevertheless() throws Exception {
		scheduling((stream) -> stream);
		this.template.message("kept").to(SUBJECT).delay(Duration.ofSeconds(3)).publish();
		this.server.server().restart();
		await().atMost(Duration.ofSeconds(30))
			.until(() -> this.server.connection().getStatus() == Connection.Status.CONNECTED);
		assertThat(delivered().getData()).asString().isEqualTo("kept");
	}

	@Test
	@NeedsServer("2.12")
	void whenTheServerIsDownAtTheTimeThenTheMessageIsDeliveredWhenItIsBack() throws Exception {
		scheduling((stream) -> stream);
		Instant due = Instant.now().plusSeconds(1);
		this.template.message("kept").to(SUBJECT).deliverAt(due).publish();
		this.server.server().stop();
		await().until(() -> Instant.now().isAfter(due));
		this.server.server().restart();
		await().atMost(Duration.ofSeconds(30))
			.until(() -> this.server.connection().getStatus() == Connection.Status.CONNECTED);
		assertThat(delivered().getData()).asString().isEqualTo("kept");
	}

	@Test
	@NeedsServer("2.12")
	void whenTheConfirmationIsLostThenTheMessageIsStoredOnce() throws Exception {
		// It never confirms, so that every message is sent several times
		scheduling((stream) -> stream.noAck(true));
		JetStreamTemplate impatient = this.server.template(new PublisherOptions(Duration.ofSeconds(4), 10));
		CompletableFuture<PublishResult> delivered = impatient.message("a")
			.to(SUBJECT)
			.delay(Duration.ofMillis(1500))
			.publishAsync();
		CompletableFuture<PublishResult> waiting = impatient.message("b").to(SUBJECT).delay(LONG).publishAsync();
		await().atMost(Duration.ofSeconds(30)).until(() -> delivered.isDone() && waiting.isDone());
		assertThat(delivered).isCompletedExceptionally();
		// The client may not have noticed yet that the server was gone
		await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> subjects().contains(SUBJECT));
		assertThat(this.server.count()).isEqualTo(2);
	}

	@Test
	@NeedsServer("2.12")
	void whenManyAreDelayedThenEachIsDeliveredOnce() throws Exception {
		scheduling((stream) -> stream);
		Instant due = Instant.now().plusSeconds(2);
		List<CompletableFuture<PublishResult>> results = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			results.add(this.template.message("job " + i)
				.to(SUBJECT)
				.id("job-" + i)
				.deliverAt(due.plusMillis(i))
				.publishAsync());
		}
		results.forEach(CompletableFuture::join);
		await().atMost(Duration.ofSeconds(60)).until(() -> subjects().equals(List.of(SUBJECT)));
		List<String> jobs = new ArrayList<>();
		long slowest = 0;
		for (MessageInfo message : delivered(500)) {
			String job = new String(message.getData());
			Instant wanted = due.plusMillis(Long.parseLong(job.substring(4)));
			assertThat(message.getTime().toInstant()).isAfterOrEqualTo(wanted.minus(ROUNDING));
			slowest = Math.max(slowest, Duration.between(wanted, message.getTime().toInstant()).toMillis());
			jobs.add(job);
		}
		assertThat(jobs).hasSize(500).doesNotHaveDuplicates();
		assertThat(this.server.count()).isEqualTo(500);
		assertThat(slowest).isLessThan(30_000);
	}

	@Test
	@NeedsServer("2.12")
	void whenThereIsATimeToLiveThenItBeginsWithTheDelivery() throws Exception {
		scheduling((stream) -> stream.allowMessageTtl(true));
		this.template.message("a").to(SUBJECT).ttl(LONG).delay(Duration.ofMillis(100)).publish();
		assertThat(delivered().getHeaders().getFirst("Nats-TTL")).isEqualTo("3600s");
	}

	@Test
	@NeedsServer("2.12")
	void whenTheStreamDeletesWhatIsOldThenAMessageWaitsOnlyIfItIsExempt() throws Exception {
		scheduling((stream) -> stream.maxAge(Duration.ofSeconds(5)));
		assertThatExceptionOfType(JetStreamException.class)
			.isThrownBy(() -> this.template.message("a").to(SUBJECT).delay(Duration.ofSeconds(30)).publish())
			.withMessageContaining("stream 'orders' deletes its messages after 5s")
			.withMessageContaining("allow-message-ttl");
		this.server.management()
			.updateStream(
					StreamConfiguration.builder(this.server.management().getStreamInfo("orders").getConfiguration())
						.allowMessageTtl(true)
						.build());
		JetStreamTemplate informed = this.server.template();
		informed.message("b").to(SUBJECT).delay(Duration.ofSeconds(7)).publish();
		assertThat(delivered().getData()).asString().isEqualTo("b");
	}

	@Test
	@NeedsServer("2.12")
	void whenTheStreamDoesNotAllowItThenTheErrorSaysSo() throws Exception {
		this.server.stream((stream) -> stream);
		assertThatExceptionOfType(JetStreamException.class)
			.isThrownBy(() -> this.template.message("a").to(SUBJECT).delay(LONG).publish())
			.withMessageContaining("stream 'orders' doesn't allow it")
			.withMessageContaining("jetstream.streams.orders.allow-message-schedules=true");
		assertThatExceptionOfType(JetStreamException.class).isThrownBy(() -> this.template.cancel(SUBJECT, "a"))
			.withMessageContaining("stream 'orders' doesn't allow it");
		assertThat(this.template.cancel("a")).isFalse();
		this.server.management()
			.updateStream(
					StreamConfiguration.builder(this.server.management().getStreamInfo("orders").getConfiguration())
						.allowMessageSchedules(true)
						.build());
		assertThatExceptionOfType(JetStreamException.class)
			.isThrownBy(() -> this.template.message("a").to(SUBJECT).delay(LONG).publish())
			.withMessageContaining("has no subject for schedules")
			.withMessageContaining(SCHEDULES);
	}

	@Test
	@NeedsServer("2.12")
	void whenTheStreamKeepsOnlyWhatInterestsConsumersThenTheErrorSaysSo() throws Exception {
		scheduling((stream) -> stream.retentionPolicy(RetentionPolicy.Interest));
		assertThatExceptionOfType(JetStreamException.class)
			.isThrownBy(() -> this.template.message("a").to(SUBJECT).delay(LONG).publish())
			.withMessageContaining("retention 'interest'");
	}

	@Test
	@NeedsServer("2.12")
	void whenNoStreamListensThenTheErrorNamesTheSubject() throws Exception {
		assertThatExceptionOfType(NoStreamException.class)
			.isThrownBy(() -> this.template.message("a").to("nowhere.job").delay(LONG).publish())
			.withMessageContaining("'nowhere.job'");
	}

	@Test
	void whenTheServerIsTooOldThenTheErrorSaysSo() throws Exception {
		assumeFalse(this.server.knows("2.12.0"));
		this.server.stream((stream) -> stream);
		assertThatExceptionOfType(JetStreamException.class)
			.isThrownBy(() -> this.template.message("a").to(SUBJECT).delay(LONG).publish())
			.withMessageContaining("needs nats-server 2.12, but 2.1");
	}

	@Test
	@NeedsServer("2.12")
	void whenADelayMakesNoSenseThenItIsRefused() throws Exception {
		scheduling((stream) -> stream);
		MessageBuilder message = this.template.message("a").to(SUBJECT);
		assertThatIllegalArgumentException().isThrownBy(() -> message.delay(Duration.ofMillis(-1)))
			.withMessageContaining("must not be negative");
		assertThatIllegalStateException().isThrownBy(() -> message.expectLastSequence(1).delay(LONG).publish())
			.withMessageContaining("can't expect a sequence (Nats-Expected-Last-Sequence)");
	}

	private void scheduling(UnaryOperator<StreamConfiguration.Builder> stream) throws Exception {
		this.server.stream((builder) -> stream.apply(builder.retentionPolicy(RetentionPolicy.WorkQueue)
			.subjects("orders.>", SCHEDULES)
			.allowMessageSchedules(true)));
	}

	private List<String> subjects() throws Exception {
		return this.server.management()
			.getStreamInfo("orders", StreamInfoOptions.allSubjects())
			.getStreamState()
			.getSubjectMap()
			.keySet()
			.stream()
			.sorted()
			.toList();
	}

	/**
	 * Returns the last messages, which come after all schedules that are gone.
	 */
	private List<MessageInfo> delivered(int count) throws Exception {
		List<MessageInfo> messages = new ArrayList<>();
		long sequence = this.server.management().getStreamInfo("orders").getStreamState().getLastSequence();
		for (; sequence > 0 && messages.size() < count; sequence--) {
			try {
				messages.add(this.server.message(sequence));
			}
			catch (JetStreamApiException ex) {
				assertThat(ex.getApiErrorCode()).isIn(10037, 10043);
			}
		}
		return messages;
	}

	private MessageInfo delivered() throws Exception {
		// The client may not have noticed yet that the server was gone
		await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> subjects().contains(SUBJECT));
		return this.server.management().getLastMessage("orders", SUBJECT);
	}

}
