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

package io.github.jetstreamspring.topology;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.topology.TopologyReport.Action;
import io.github.jetstreamspring.topology.TopologyReport.Row;
import io.github.jetstreamspring.messaging.SigningKey;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.github.jetstreamspring.test.RawNatsClient;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.api.Subject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats
class ScheduleDeclarerTests {

	private static final String NIGHTLY = "_schedules.reports.recurring.shop.nightly";

	private static final Pattern SECRET = Pattern.compile("(?<=^_schedules.{1,100})\\.[\\w-]{43}$");

	@AutoClose
	private final TopologyServer server;

	ScheduleDeclarerTests(EmbeddedNatsServer embedded) {
		this.server = new TopologyServer(embedded);
	}

	@Test
	@NeedsServer("2.14")
	void whenMissingThenItIsCreatedAndThenLeftAlone(CapturedOutput output) {
		declare("shop", TopologyMode.UPDATE, nightly().build());
		MessageInfo written = schedule(NIGHTLY);
		assertThat(written.getHeaders().getFirst("Nats-Schedule")).isEqualTo("0 0 6 * * MON-FRI");
		assertThat(written.getHeaders().getFirst("Nats-Schedule-Target")).isEqualTo("reports.run");
		assertThat(written.getHeaders().getFirst("Nats-Schedule-Time-Zone")).isEqualTo("Europe/Berlin");
		assertThat(written.getHeaders().getFirst("tenant")).isEqualTo("acme");
		assertThat(written.getData()).asString().isEqualTo("{\"kind\":\"sales\"}");
		assertThat(output).contains("Schedule 'nightly' of stream 'reports': created");
		declare("shop", TopologyMode.UPDATE, nightly().build());
		assertThat(schedule(NIGHTLY).getSeq()).isEqualTo(written.getSeq());
		assertThat(output).contains("Schedule 'nightly' of stream 'reports': unchanged");
	}

	@Test
	@NeedsServer("2.14")
	void whenSomethingDiffersThenItIsReplaced(CapturedOutput output) {
		declare("shop", TopologyMode.UPDATE, nightly().build());
		declare("shop", TopologyMode.UPDATE, nightly().cron("0 30 6 * * *").payload("secret").build());
		assertThat(schedule(NIGHTLY).getHeaders().getFirst("Nats-Schedule")).isEqualTo("0 30 6 * * *");
		assertThat(subjects()).containsExactly(NIGHTLY);
		assertThat(output)
			.contains("Schedule 'nightly' of stream 'reports': updated time 0 0 6 * * MON-FRI -> 0 30 6 * * *, payload")
			.doesNotContain("secret");
	}

	@Test
	@NeedsServer("2.14")
	void whenNoLongerDeclaredThenOnlyTheOwnersIsRemoved(CapturedOutput output) {
		ScheduleDefinition hourly = ScheduleDefinition.named("hourly")
			.subject("reports.run")
			.every(Duration.ofHours(1))
			.build();
		declare("shop", TopologyMode.UPDATE, nightly().build(), hourly);
		declare("other shop", TopologyMode.UPDATE, hourly);
		declare("shop", TopologyMode.CREATE);
		assertThat(subjects()).hasSize(3);
		declare("shop", TopologyMode.UPDATE, hourly);
		assertThat(subjects()).containsExactlyInAnyOrder("_schedules.reports.recurring.shop.hourly",
				"_schedules.reports.recurring.other%20shop.hourly");
		assertThat(output).contains("Schedule 'nightly' of stream 'reports': removed, as it is no longer declared");
		declare(null, TopologyMode.UPDATE);
		assertThat(subjects()).hasSize(2);
		declare("shop", TopologyMode.UPDATE);
		assertThat(subjects()).containsExactly("_schedules.reports.recurring.other%20shop.hourly");
	}

	@ParameterizedTest
	@NeedsServer("2.14")
	@NullSource
	@ValueSource(strings = "between us")
	void whenSomebodyGuessesTheSubjectThenTheScheduleStays(@Nullable String key) throws Exception {
		declare(key, topology(nightly().build()));
		long sequence = schedule(NIGHTLY).getSeq();
		try (RawNatsClient client = new RawNatsClient(this.server.connection().getConnectedUrl())) {
			for (String guess : List.of(NIGHTLY, NIGHTLY + ".*", NIGHTLY + ".>", "_schedules.reports.>")) {
				client.store("reports.run".getBytes(StandardCharsets.UTF_8),
						"NATS/1.0\r\nNats-Scheduler: %s\r\nNats-Schedule-Next: purge\r\n\r\n".formatted(guess)
							.getBytes(StandardCharsets.UTF_8),
						new byte[0]);
			}
		}
		assertThat(schedule(NIGHTLY).getSeq()).isEqualTo(sequence);
	}

	@Test
	@NeedsServer("2.14")
	void whenTheKeyIsAnotherOneThenTheScheduleIsReplacedAndFiresOnce(CapturedOutput output) {
		declare("between us", topology(nightly().build()));
		TopologyDeclarer changed = declarer("shop", TopologyMode.UPDATE).signingWith(SigningKey.of("leaked"));
		assertThat(changed.report(topology(nightly().build())).rows()).containsExactly(new Row("reports", null,
				"schedule nightly: signing key", "another one", "the configured one", Action.UPDATE));
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> declarer("shop", TopologyMode.VALIDATE).declare(topology(nightly().build())))
			.withMessageContaining("differs on the server: signing key");
		declare("shop", TopologyMode.CREATE, nightly().build());
		assertThat(subjects()).containsExactly(NIGHTLY);
		changed.declare(topology(nightly().build()));
		assertThat(subjects()).containsExactly(NIGHTLY);
		assertThat(output)
			.contains("Schedule 'nightly' of stream 'reports': updated signing key another one -> the configured one")
			.doesNotContain("leaked");
		assertThat(changed.report(topology(nightly().build())).isClean()).isTrue();
		// Without a name, too
		declare(null, TopologyMode.UPDATE, nightly().build());
		declarer(null, TopologyMode.UPDATE).signingWith(SigningKey.of("between us"))
			.declare(topology(nightly().build()));
		assertThat(subjects()).containsExactlyInAnyOrder(NIGHTLY, "_schedules.reports.recurring.application.nightly");
	}

	@Test
	@NeedsServer("2.14")
	void whenInstancesWithSeveralKeysDeclareAtOnceThenOneScheduleIsLeft() {
		this.server.declare(reports());
		List<CompletableFuture<Void>> instances = IntStream.range(0, 4)
			.mapToObj((number) -> CompletableFuture
				.runAsync(() -> declare((number % 2 == 0) ? "old" : "new", topology(nightly().build()))))
			.toList();
		instances.forEach(CompletableFuture::join);
		assertThat(subjects()).containsExactly(NIGHTLY);
	}

	@Test
	@NeedsServer("2.14")
	void whenThereIsMoreThanAsciiThenItIsWrittenAsItIsAndThenLeftAlone() throws Exception {
		ScheduleDefinition definition = ScheduleDefinition.named("nächtlich")
			.subject("reports.run")
			.cron("@daily")
			.header("Region", " Köln 雨 ")
			.header("tenant", "acme")
			.payload("Müller 雨")
			.build();
		declare("Käufe", TopologyMode.UPDATE, definition);
		String subject = "_schedules.reports.recurring.K%C3%A4ufe.n%C3%A4chtlich";
		assertThat(subjects()).containsExactly(subject);
		StoredMessages messages = new StoredMessages(this.server.connection());
		StoredMessages.Stored stored = messages.findLast("reports", subject + ".*");
		assertThat(stored.headers().getFirst("Region")).isEqualTo("Köln 雨");
		assertThat(new String(stored.payload(), StandardCharsets.UTF_8)).isEqualTo("Müller 雨");
		declare("Käufe", TopologyMode.UPDATE, definition);
		declare("Käufe", TopologyMode.VALIDATE, definition);
		assertThat(messages.findLast("reports", subject + ".*").sequence()).isEqualTo(stored.sequence());
	}

	@Test
	@NeedsServer("2.14")
	void whenReportedThenWhatDiffersIsListedAndNothingIsWritten() {
		ScheduleDefinition hourly = ScheduleDefinition.named("hourly")
			.subject("reports.run")
			.every(Duration.ofHours(1))
			.build();
		TopologyDeclarer declarer = declarer("shop", TopologyMode.VALIDATE);
		assertThat(declarer.report(topology(nightly().build())).table()).contains("schedule nightly",
				"0 0 6 * * MON-FRI to reports.run", "create");
		declare("shop", TopologyMode.UPDATE, nightly().build(), hourly);
		assertThat(declarer.report(topology(nightly().build(), hourly)).isClean()).isTrue();
		TopologyReport report = declarer.report(topology(nightly().cron("0 30 6 * * *").payload("other").build()));
		assertThat(report.rows()).containsExactly(
				new Row("reports", null, "schedule nightly: time", "0 0 6 * * MON-FRI", "0 30 6 * * *", Action.UPDATE),
				new Row("reports", null, "schedule nightly: payload", "another one", "the configured one",
						Action.UPDATE),
				new Row("reports", null, "schedule hourly", "present", "not in it", Action.REMOVE));
		assertThat(report.isDeclarable()).isTrue();
		assertThat(subjects()).hasSize(2);
		assertThat(schedule(NIGHTLY).getHeaders().getFirst("Nats-Schedule")).isEqualTo("0 0 6 * * MON-FRI");
	}

	@Test
	@NeedsServer("2.14")
	void whenOnlyOneStreamIsDeclaredThenNoScheduleIsRemoved() {
		declare("shop", TopologyMode.UPDATE, nightly().build());
		declarer("shop", TopologyMode.UPDATE).declare(topology(nightly().build()).part("reports"));
		declarer("shop", TopologyMode.UPDATE).declare(topology().part("reports"));
		assertThat(subjects()).containsExactly(NIGHTLY);
	}

	@Test
	@NeedsServer("2.14")
	void whenOnlyAPartIsDeclaredThenItsSchedulesComeBackAndNoneIsRemoved() throws Exception {
		Topology topology = topology(nightly().build());
		declarer("shop", TopologyMode.UPDATE).declare(topology);
		Topology part = topology.part("elsewhere", ConsumerDefinition.named("worker").build());
		this.server.declare(StreamDefinition.named("elsewhere").build());
		declarer("shop", TopologyMode.UPDATE).declare(part);
		assertThat(subjects()).containsExactly(NIGHTLY);
		this.server.management().deleteStream("reports");
		declarer("shop", TopologyMode.UPDATE)
			.declare(topology.part("reports", ConsumerDefinition.named("worker").build()));
		assertThat(subjects()).containsExactly(NIGHTLY);
	}

	@Test
	@NeedsServer("2.14")
	void whenTheModeForbidsItThenNothingIsWritten(CapturedOutput output) {
		declare("shop", TopologyMode.NONE, nightly().build());
		this.server.declare(reports());
		assertThat(subjects()).isEmpty();
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> declare("shop", TopologyMode.VALIDATE, nightly().build()))
			.withMessageContaining("jetstream.schedules.nightly is not on the server");
		declare("shop", TopologyMode.CREATE, nightly().build());
		declare("shop", TopologyMode.VALIDATE, nightly().build());
		ScheduleDefinition changed = nightly().cron("@daily").build();
		declare("shop", TopologyMode.CREATE, changed);
		assertThat(output).contains("differs time 0 0 6 * * MON-FRI -> @daily");
		assertThat(schedule(NIGHTLY).getHeaders().getFirst("Nats-Schedule")).isEqualTo("0 0 6 * * MON-FRI");
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> declare("shop", TopologyMode.VALIDATE, changed))
			.withMessageContaining("differs on the server: time 0 0 6 * * MON-FRI -> @daily");
	}

	@Test
	@NeedsServer("2.14")
	void whenSeveralInstancesDeclareAtOnceThenItIsWrittenOnce() {
		this.server.declare(reports());
		List<CompletableFuture<Void>> instances = IntStream.range(0, 8)
			.mapToObj((number) -> CompletableFuture
				.runAsync(() -> declare("shop", TopologyMode.UPDATE, nightly().build())))
			.toList();
		instances.forEach(CompletableFuture::join);
		assertThat(TopologyServer.call(() -> this.server.management().getStreamInfo("reports"))
			.getStreamState()
			.getLastSequence()).isEqualTo(1);
	}

	@Test
	@NeedsServer("2.14")
	void whenTheStreamDeletesWhatIsOldThenSchedulesAreExempt() {
		Topology topology = new Topology(List.of(StreamDefinition.named("reports")
			.subjects("reports.>")
			.allowMessageSchedules(true)
			.allowMessageTtl(true)
			.maxAge(Duration.ofSeconds(1))
			.build()));
		topology.addSchedule(nightly().build());
		declarer("shop", TopologyMode.UPDATE).declare(topology);
		assertThat(schedule(NIGHTLY).getHeaders().getFirst("Nats-TTL")).isEqualTo("never");
		declarer("shop", TopologyMode.VALIDATE).declare(topology);
		TopologyServer.call(() -> this.server.management().jetStream().publish("reports.run", new byte[0]));
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(subjects()).containsExactly(NIGHTLY));
	}

	@Test
	@NeedsServer("2.14")
	void whenManyThingsAreWrongThenAllAreReportedTogether() {
		Topology topology = new Topology(List.of(reports(), StreamDefinition.named("plain").subjects("plain.>").build(),
				StreamDefinition.named("aging")
					.subjects("aging.>")
					.allowMessageSchedules(true)
					.maxAge(Duration.ofDays(1))
					.build(),
				StreamDefinition.named("wrong").subjects("a b").build()));
		List.of(nightly("nonsense").cron("every morning").build(), nightly("last").cron("0 0 6 L * *").build(),
				nightly("both").every(Duration.ofHours(1)).build(), nightly("neither").cron(null).build(),
				nightly("zone").timeZone("Mars/Olympus").build(),
				ScheduleDefinition.named("short").subject("reports.run").every(Duration.ofMillis(10)).build(),
				nightly("nowhere").subject("nowhere.run").build(), nightly("plain").subject("plain.run").build(),
				nightly("aging").subject("aging.run").build(), nightly("wild").subject("reports.*").build(),
				ScheduleDefinition.named("lost").cron("@daily").build(),
				nightly("header").header("Nats-Msg-Id", "1").build())
			.forEach(topology::addSchedule);
		topology.addSchedule(nightly("twice").build());
		topology.addSchedule(nightly("twice").payload("other").build());
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> declarer("shop", TopologyMode.UPDATE).declare(topology))
			.satisfies((ex) -> assertThat(ex.getProblems()).extracting(TopologyProblem::key)
				.containsExactlyInAnyOrder("jetstream.schedules.twice", "jetstream.streams.wrong.subjects",
						"jetstream.schedules.nonsense.cron", "jetstream.schedules.last.cron",
						"jetstream.schedules.both", "jetstream.schedules.neither", "jetstream.schedules.zone.time-zone",
						"jetstream.schedules.short.every", "jetstream.schedules.nowhere.subject",
						"jetstream.schedules.plain", "jetstream.schedules.aging", "jetstream.schedules.wild.subject",
						"jetstream.schedules.lost.subject", "jetstream.schedules.header.headers"));
		assertThat(TopologyServer.call(() -> this.server.management().getStreamNames())).isEmpty();
	}

	@Test
	void whenTheServerIsTooOldThenItIsReported() {
		Topology topology = new Topology(List.of(StreamDefinition.named("reports").subjects("reports.>").build()));
		topology.addSchedule(nightly().build());
		assertThatExceptionOfType(TopologyException.class).isThrownBy(() -> this.server.declareOn("2.12.3", topology))
			.withMessageContaining("jetstream.schedules.nightly needs nats-server 2.14, but 2.12.3 is connected");
	}

	private void declare(String owner, TopologyMode mode, ScheduleDefinition... schedules) {
		declarer(owner, mode).declare(topology(schedules));
	}

	private TopologyDeclarer declarer(String owner, TopologyMode mode) {
		return new TopologyDeclarer(this.server.management(), this.server::version, mode).ownedBy(owner)
			.on(this.server.connection());
	}

	private void declare(@Nullable String key, Topology topology) {
		declarer("shop", TopologyMode.UPDATE).signingWith((key != null) ? SigningKey.of(key) : null).declare(topology);
	}

	private static Topology topology(ScheduleDefinition... schedules) {
		Topology topology = new Topology(List.of(reports()));
		List.of(schedules).forEach(topology::addSchedule);
		return topology;
	}

	private static StreamDefinition reports() {
		return StreamDefinition.named("reports").subjects("reports.>").allowMessageSchedules(true).build();
	}

	private static ScheduleDefinition.Builder nightly() {
		return nightly("nightly").timeZone("Europe/Berlin").header("tenant", "acme").payload("{\"kind\":\"sales\"}");
	}

	private static ScheduleDefinition.Builder nightly(String name) {
		return ScheduleDefinition.named(name).subject("reports.run").cron("0 0 6 * * MON-FRI");
	}

	private MessageInfo schedule(String subject) {
		return TopologyServer.call(() -> this.server.management().getLastMessage("reports", subject + ".*"));
	}

	private List<String> subjects() {
		return TopologyServer.call(() -> this.server.management()
			.getStreamInfo("reports", StreamInfoOptions.allSubjects())
			.getStreamState()
			.getSubjects()
			.stream()
			.map(Subject::getName)
			.map((subject) -> SECRET.matcher(subject).replaceFirst(""))
			.toList());
	}

}
