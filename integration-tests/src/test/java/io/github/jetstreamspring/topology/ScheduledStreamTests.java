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

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Streams that allow message schedules keep them where no worker gets them.
 */
@NeedsServer("2.12")
@EmbeddedNats
class ScheduledStreamTests {

	private static final String SCHEDULES = "_schedules.orders.>";

	@AutoClose
	private final TopologyServer server;

	ScheduledStreamTests(EmbeddedNatsServer embedded) {
		this.server = new TopologyServer(embedded);
	}

	@Test
	void whenSchedulesAreAllowedThenTheyHaveASubjectAndWorkersAreKeptOffIt() {
		StreamDefinition stream = orders().consumer(ConsumerDefinition.named("worker").build()).build();
		this.server.declare(stream);
		assertThat(this.server.stream("orders").getSubjects()).containsExactlyInAnyOrder("orders.>", SCHEDULES);
		assertThat(this.server.consumer("orders", "worker").getFilterSubjects()).containsExactly("orders.>");
		this.server.declare(stream);
		assertThat(this.server.writes()).isEmpty();
	}

	@Test
	void whenAConsumerHasFiltersThenTheyAreLeftAlone() {
		this.server.declare(
				orders().consumer(ConsumerDefinition.named("worker").filterSubjects("orders.created").build()).build());
		assertThat(this.server.consumer("orders", "worker").getFilterSubjects()).containsExactly("orders.created");
	}

	@Test
	void whenTheStreamExistsThenSchedulesAreAddedAndItsWorkersAreKeptOff() throws Exception {
		this.server.declare(StreamDefinition.named("orders")
			.subjects("orders.>")
			.consumer(ConsumerDefinition.named("worker").build())
			.build());
		assertThat(this.server.consumer("orders", "worker").getFilterSubjects()).isNullOrEmpty();
		this.server.declare(StreamDefinition.named("orders")
			.allowMessageSchedules(true)
			.consumer(ConsumerDefinition.named("worker").build())
			.build());
		assertThat(this.server.stream("orders").getSubjects()).containsExactlyInAnyOrder("orders.>", SCHEDULES);
		assertThat(this.server.consumer("orders", "worker").getFilterSubjects()).containsExactly("orders.>");
	}

	@Test
	void whenTheDefinitionNoLongerNamesSchedulesThenTheStreamKeepsThem() {
		this.server.declare(orders().build());
		this.server.declare(StreamDefinition.named("orders").subjects("orders.>", "returns.>").build());
		assertThat(this.server.stream("orders").getSubjects()).containsExactlyInAnyOrder("orders.>", "returns.>",
				SCHEDULES);
	}

	@Test
	void whenTheStreamIsSomebodyElsesThenItsSchedulesAreKeptOffAllTheSame() throws Exception {
		this.server.management()
			.addStream(StreamConfiguration.builder()
				.name("orders")
				.subjects("orders.>", SCHEDULES)
				.allowMessageSchedules(true)
				.build());
		Topology topology = new Topology(List.of());
		topology.addConsumer("orders", ConsumerDefinition.named("worker").build());
		this.server.declare(TopologyMode.UPDATE, topology);
		assertThat(this.server.consumer("orders", "worker").getFilterSubjects()).containsExactly("orders.>");
	}

	@Test
	void whenAStreamOfSomebodyElseKeepsItsSchedulesElsewhereThenThatIsNoDifference() throws Exception {
		this.server.management()
			.addStream(StreamConfiguration.builder()
				.name("ALL")
				.subjects("all.>")
				.retentionPolicy(RetentionPolicy.WorkQueue)
				.allowMessageSchedules(true)
				.build());
		for (StreamDefinition stream : List.of(StreamDefinition.named("ALL").subjects("all.>").build(),
				StreamDefinition.named("ALL").subjects("all.>").allowMessageSchedules(true).build())) {
			assertThat(this.server.declare(TopologyMode.VALIDATE, stream)).extracting(TopologyResult::outcome)
				.containsExactly(TopologyResult.Outcome.UNCHANGED);
			this.server.declare(stream);
			assertThat(this.server.writes()).isEmpty();
		}
		this.server.declare(StreamDefinition.named("ALL").subjects("all.>").maxAge(Duration.ofDays(1)).build());
		assertThat(this.server.stream("ALL").getSubjects()).containsExactly("all.>");
	}

	@Test
	void whenSettingsDontGoWithSchedulesThenAllAreReportedTogether() {
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> this.server.declare(
					orders().discard(DiscardPolicy.New)
						.consumer(ConsumerDefinition.named("worker").filterSubjects(">").build())
						.build(),
					StreamDefinition.named("events")
						.subjects("events.>")
						.retention(RetentionPolicy.Interest)
						.allowMessageSchedules(true)
						.build()))
			.satisfies((ex) -> assertThat(ex.getProblems()).extracting(TopologyProblem::key)
				.containsExactlyInAnyOrder("jetstream.streams.orders.discard",
						"jetstream.streams.orders.consumers.worker.filter-subjects",
						"jetstream.streams.events.allow-message-schedules"))
			.withMessageContaining("cover the schedules of the stream: '>' and '_schedules.orders.>'")
			.withMessageContaining("the server keeps no schedule there");
		assertThat(this.server.writes()).isEmpty();
	}

	@Test
	void whenNothingMayBeWrittenThenAWorkerThatGetsSchedulesIsReported() throws Exception {
		this.server.declare(orders().build());
		this.server.management()
			.createConsumer("orders",
					ConsumerConfiguration.builder()
						.durable("worker")
						.ackPolicy(AckPolicy.Explicit)
						.ackWait(Duration.ofSeconds(30))
						.build());
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> this.server.declare(TopologyMode.CREATE,
					orders().consumer(ConsumerDefinition.named("worker").build()).build()))
			.withMessageContaining("cover the schedules of the stream");
	}

	private static StreamDefinition.Builder orders() {
		return StreamDefinition.named("orders").subjects("orders.>").allowMessageSchedules(true);
	}

}
