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

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.topology.TopologyResult.Outcome;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.Republish;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.Source;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats
class TopologyDeclarerTests {

	@AutoClose
	private TopologyServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) {
		this.server = new TopologyServer(embedded);
	}

	@Test
	void whenMissingThenStreamAndConsumerAreCreatedWithTheDefaults(CapturedOutput output) {
		assertThat(this.server.declare(orders().consumer(worker().build()).build())).containsExactly(
				new TopologyResult("orders", null, Outcome.CREATED, List.of()),
				new TopologyResult("orders", "worker", Outcome.CREATED, List.of()));
		assertThat(this.server.writes()).containsExactly("addStream", "createConsumer");
		assertThat(this.server.stream("orders").getRetentionPolicy()).isEqualTo(RetentionPolicy.WorkQueue);
		ConsumerConfiguration consumer = this.server.consumer("orders", "worker");
		assertThat(consumer.getDurable()).isEqualTo("worker");
		assertThat(consumer.getAckPolicy()).isEqualTo(AckPolicy.Explicit);
		assertThat(consumer.getMaxDeliver()).isEqualTo(-1);
		assertThat(output).contains("Stream 'orders': created")
			.contains("Consumer 'worker' of stream 'orders': created");
	}

	@Test
	void whenSomethingDiffersThenOnlyThatIsUpdatedAndNamed(CapturedOutput output) {
		this.server.declare(orders().maxAge(Duration.ofDays(7)).consumer(worker().build()).build());
		List<TopologyResult> results = this.server.declare(orders().maxAge(Duration.ofDays(14))
			.description("Orders of the shop")
			.consumer(worker().build())
			.build());
		assertThat(results).containsExactly(
				new TopologyResult("orders", null, Outcome.UPDATED,
						List.of("max-age 7d -> 14d", "description not set -> Orders of the shop")),
				new TopologyResult("orders", "worker", Outcome.UNCHANGED, List.of()));
		assertThat(this.server.writes()).containsExactly("updateStream");
		assertThat(output)
			.contains("Stream 'orders': updated max-age 7d -> 14d, description not set -> Orders of the shop")
			.contains("Consumer 'worker' of stream 'orders': unchanged");
	}

	@Test
	void whenSettingIsLeftOutThenItStaysAsItIsOnTheServer() throws Exception {
		this.server.management()
			.addStream(StreamConfiguration.builder()
				.name("orders")
				.subjects("orders.>")
				.retentionPolicy(RetentionPolicy.WorkQueue)
				.description("by hand")
				.maxMessages(500)
				.denyDelete(true)
				.metadata(Map.of("by", "hand"))
				.build());
		this.server.management()
			.createConsumer("orders",
					ConsumerConfiguration.builder()
						.durable("worker")
						.ackWait(Duration.ofSeconds(7))
						.maxBatch(9)
						.build());
		this.server.declare(StreamDefinition.named("orders")
			.maxAge(Duration.ofDays(1))
			.consumer(ConsumerDefinition.named("worker").description("works").build())
			.build());
		StreamConfiguration stream = this.server.stream("orders");
		assertThat(stream.getMaxAge()).isEqualTo(Duration.ofDays(1));
		assertThat(stream.getSubjects()).containsExactly("orders.>");
		assertThat(stream.getDescription()).isEqualTo("by hand");
		assertThat(stream.getMaxMsgs()).isEqualTo(500);
		assertThat(stream.getDenyDelete()).isTrue();
		assertThat(stream.getMetadata()).containsEntry("by", "hand");
		ConsumerConfiguration consumer = this.server.consumer("orders", "worker");
		assertThat(consumer.getDescription()).isEqualTo("works");
		assertThat(consumer.getAckWait()).isEqualTo(Duration.ofSeconds(7));
		assertThat(consumer.getMaxBatch()).isEqualTo(9);
	}

	@Test
	void whenNotInTheTopologyThenStreamsAndConsumersAreLeftAlone() {
		this.server.declare(orders().consumer(worker().build()).build(),
				StreamDefinition.named("other").subjects("other").build());
		this.server.declare(orders().build());
		assertThat(this.server.writes()).isEmpty();
		assertThat(this.server.consumer("orders", "worker")).isNotNull();
		assertThat(this.server.stream("other")).isNotNull();
	}

	@Test
	void whenSeveralThingsAreWrongThenAllAreReportedAndNothingIsWritten() {
		this.server.declare(orders().storage(StorageType.File).build());
		Topology topology = new Topology(List.of(
				orders().storage(StorageType.Memory)
					.maxAge(Duration.ofDays(1))
					.consumer(worker().filterSubjects("orders.*").ackWait(Duration.ofSeconds(-1)).build())
					.consumer(ConsumerDefinition.named("second")
						.filterSubjects("orders.a")
						.deliverPolicy(DeliverPolicy.New)
						.build())
					.build(),
				StreamDefinition.named("new").subjects("orders.new", "new.>").replicas(6).build(),
				StreamDefinition.named("bad name").subjects("bad").build()));
		topology.add(StreamDefinition.named("orders").maxAge(Duration.ofDays(2)).build());
		topology.addConsumer("mails", ConsumerDefinition.named("mailer").build());
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> this.server.declare(TopologyMode.UPDATE, topology))
			.satisfies((ex) -> assertThat(ex.getProblems())
				.extracting(TopologyProblem::key, TopologyProblem::description)
				.containsExactlyInAnyOrder(problem("orders.max-age", "is set twice, to '1d' and to '2d'"),
						problem("orders.consumers.worker.ack-wait", "can't be '-1s'"),
						problem("new.replicas", "can't be '6'"), problem("bad name", "can't be a name"),
						problem("mails", "is neither on the server nor declared, but has consumers [mailer]"),
						problem("orders.storage", "is 'file' on the server and can't be changed to 'memory'"),
						problem("new.subjects",
								"overlap with those of stream 'orders': [orders.new, new.>] and [orders.>]"),
						problem("orders.consumers.second.deliver-policy", "can't be 'new' on a work-queue stream"),
						problem("orders.consumers.second.filter-subjects",
								"overlap with those of consumer 'worker' on a work-queue stream:"
										+ " [orders.a] and [orders.*]")))
			.withMessageContaining("Declare it, at least with its subjects (jetstream.streams.mails.subjects)");
		assertThat(this.server.writes()).isEmpty();
	}

	@Test
	void whenAFilterMatchesNoneOfTheStreamsMessagesThenItIsReported() {
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> this.server.declare(StreamDefinition.named("orders")
				.subjects("orders.>")
				.consumer(ConsumerDefinition.named("good").filterSubjects("orders.a", "*.b").build())
				.consumer(ConsumerDefinition.named("bad").filterSubjects("orders.c", "mails.c").build())
				.build()))
			.satisfies((ex) -> assertThat(ex.getProblems())
				.extracting(TopologyProblem::key, TopologyProblem::description)
				.containsExactly(problem("orders.consumers.bad.filter-subjects",
						"match none of the stream's messages: 'mails.c' is not among its subjects [orders.>]")));
		this.server.declare(StreamDefinition.named("copy")
			.subjects("copy")
			.sources(Source.builder().sourceName("mails").build())
			.consumer(ConsumerDefinition.named("worker").filterSubjects("mails.c").build())
			.build());
	}

	@Test
	@NeedsServer("2.12")
	void whenSchedulesMeetDiscardNewThenItIsReportedBeforeTheServerRefuses() {
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> this.server
				.declare(orders().allowMessageSchedules(true).discard(DiscardPolicy.New).maxMessages(5).build()))
			.withMessageContaining(
					"jetstream.streams.orders.discard can't be 'new' together with allow-message-schedules");
		assertThat(this.server.writes()).isEmpty();
	}

	@Test
	void whenConsumerIsOnAForeignStreamThenOnlyTheConsumerIsDeclared() throws Exception {
		this.server.management()
			.addStream(StreamConfiguration.builder().name("mails").subjects("mails").maxMessages(7).build());
		Topology topology = new Topology(List.of());
		topology.addConsumer("mails", ConsumerDefinition.named("mailer").build());
		assertThat(this.server.declare(TopologyMode.UPDATE, topology))
			.containsExactly(new TopologyResult("mails", "mailer", Outcome.CREATED, List.of()));
		assertThat(this.server.writes()).containsExactly("createConsumer");
	}

	@Test
	void whenServerRefusesThenItsWordsAreReported() {
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> this.server
				.declare(orders().republish(new Republish("orders.*", "copy.{{wildcard(7)}}", false)).build()))
			.satisfies((ex) -> assertThat(ex.getProblems()).singleElement().satisfies((problem) -> {
				assertThat(problem.key()).isEqualTo("jetstream.streams.orders");
				assertThat(problem.description()).startsWith("can't be created, the server says: ")
					.contains("republish");
			}));
	}

	@Test
	void whenAValueCantWorkThenItIsWarnedOf(CapturedOutput output) {
		this.server.declare(orders().duplicateWindow(Duration.ofMillis(100))
			.maxBytes(1000)
			.maxMessageSize(100)
			.consumer(worker().ackWait(Duration.ofMillis(50))
				.inactiveThreshold(Duration.ofSeconds(5))
				.headersOnly(true)
				.build())
			.build());
		assertThat(output)
			.containsPattern("WARN .*jetstream.streams.orders.consumers.worker.ack-wait is '50ms': the way to the"
					+ " server and a short pause of the JVM take longer")
			.containsPattern("WARN .*jetstream.streams.orders.consumers.worker.headers-only makes nats-server up to"
					+ " 2.15.1 end")
			.containsPattern("WARN .*jetstream.streams.orders.duplicate-window is shorter than")
			.containsPattern("WARN .*jetstream.streams.orders.max-bytes is less than one message may have")
			.containsPattern("WARN .*jetstream.streams.orders.max-message-size has little room for a payload")
			.containsPattern(
					"WARN .*jetstream.streams.orders.consumers.worker.inactive-threshold lets the server delete"
							+ " the consumer");
		assertThat(this.server.declarer(this.server.management(), TopologyMode.UPDATE)
			.report(new Topology(List.of(orders().consumer(worker().build()).build())))
			.notes()).anySatisfy((note) -> assertThat(note).contains("worker.ack-wait is '50ms'"));
	}

	@Test
	void whenSealedStreamIsMissingThenItIsRefused() {
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> this.server.declare(orders().sealed(true).build()))
			.withMessageContaining(
					"jetstream.streams.orders.sealed can't be 'true' for a stream that doesn't exist yet");
		assertThat(this.server.writes()).isEmpty();
	}

	@Test
	void whenConsumerIsAPushConsumerThenItIsRefused() throws Exception {
		this.server.declare(orders().retention(RetentionPolicy.Limits).build());
		this.server.management()
			.createConsumer("orders", ConsumerConfiguration.builder().durable("worker").deliverSubject("push").build());
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> this.server
				.declare(orders().retention(RetentionPolicy.Limits).consumer(worker().build()).build()))
			.withMessageContaining("jetstream.streams.orders.consumers.worker is a push consumer on the server");
	}

	@Test
	void whenModeIsCreateThenDifferencesAreLoggedOnly(CapturedOutput output) {
		this.server.declare(orders().storage(StorageType.File).maxMessages(5).build());
		StreamDefinition changed = orders().storage(StorageType.Memory)
			.maxMessages(6)
			.consumer(worker().build())
			.build();
		assertThat(this.server.declare(TopologyMode.CREATE, changed)).containsExactly(
				new TopologyResult("orders", null, Outcome.DIFFERS,
						List.of("storage file -> memory", "max-messages 5 -> 6")),
				new TopologyResult("orders", "worker", Outcome.CREATED, List.of()));
		assertThat(this.server.writes()).containsExactly("createConsumer");
		assertThat(output)
			.containsPattern("WARN .*Stream 'orders': differs storage file -> memory, max-messages 5 -> 6");
	}

	@Test
	void whenModeIsValidateThenWhatIsMissingOrDiffersIsReported() {
		this.server.declare(orders().maxMessages(5).build());
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> this.server.declare(TopologyMode.VALIDATE,
					orders().maxMessages(6).consumer(worker().build()).build(),
					StreamDefinition.named("mails").subjects("mails").build()))
			.satisfies(
					(ex) -> assertThat(ex.getProblems()).extracting(TopologyProblem::key, TopologyProblem::description)
						.containsExactly(problem("orders.max-messages", "is '5' on the server instead of '6'"),
								problem("orders.consumers.worker", "is not on the server"),
								problem("mails", "is not on the server")));
		assertThat(this.server.writes()).isEmpty();
	}

	@Test
	void whenModeIsValidateAndAllIsThereThenNothingIsWritten() {
		StreamDefinition definition = orders().consumer(worker().build()).build();
		this.server.declare(definition);
		assertThat(this.server.declare(TopologyMode.VALIDATE, definition)).extracting(TopologyResult::outcome)
			.containsOnly(Outcome.UNCHANGED);
		assertThat(this.server.writes()).isEmpty();
	}

	@Test
	void whenModeIsNoneThenNothingIsLookedAt() {
		assertThat(this.server.declare(TopologyMode.NONE, orders().replicas(99).build())).isEmpty();
		assertThat(this.server.writes()).isEmpty();
	}

	private static StreamDefinition.Builder orders() {
		return StreamDefinition.named("orders").subjects("orders.>");
	}

	private static ConsumerDefinition.Builder worker() {
		return ConsumerDefinition.named("worker");
	}

	private static Tuple problem(String key, String description) {
		return tuple("jetstream.streams." + key, description);
	}

}
