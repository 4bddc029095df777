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
import io.github.jetstreamspring.topology.TopologyResult.Outcome;
import io.nats.client.api.RetentionPolicy;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Definitions in code and their customizers, as the server gets them.
 */
@EmbeddedNats
class TopologyCustomizerTests {

	@AutoClose
	private TopologyServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) {
		this.server = new TopologyServer(embedded);
	}

	@Test
	void whenADefinitionIsStartedByItsRetentionThenTheStreamHasIt() {
		this.server.declare(StreamDefinition.workQueue("orders").subjects("orders.>").build(),
				StreamDefinition.interest("news").subjects("news.>").build(),
				StreamDefinition.limits("audit").subjects("audit.>").build());
		assertThat(this.server.stream("orders").getRetentionPolicy()).isEqualTo(RetentionPolicy.WorkQueue);
		assertThat(this.server.stream("news").getRetentionPolicy()).isEqualTo(RetentionPolicy.Interest);
		assertThat(this.server.stream("audit").getRetentionPolicy()).isEqualTo(RetentionPolicy.Limits);
	}

	@Test
	void whenConsumersAreAddedByNameThenTheyAreDeclaredWithTheirSettings() {
		this.server.declare(StreamDefinition.limits("audit")
			.subjects("audit.>")
			.consumer("auditor", (consumer) -> consumer.ackWait(Duration.ofSeconds(7)))
			.consumer("archivist")
			.build());
		assertThat(this.server.consumer("audit", "auditor").getAckWait()).isEqualTo(Duration.ofSeconds(7));
		assertThat(this.server.consumer("audit", "archivist").getMaxDeliver()).isEqualTo(-1);
	}

	@Test
	void whenMetadataIsSetTwiceThenAllEntriesAreThere() {
		this.server.declare(
				StreamDefinition.workQueue("orders").metadata(Map.of("a", "1")).metadata(Map.of("b", "2")).build());
		assertThat(this.server.stream("orders").getMetadata()).containsEntry("a", "1").containsEntry("b", "2");
	}

	@Test
	void whenThereAreCustomizersThenTheLastOneHasTheLastWordAndNothingIsWrittenTwice() {
		StreamConfigurationCustomizer first = (stream) -> stream.metadata(Map.of("team", "shop"))
			.maxAge(Duration.ofDays(1));
		StreamConfigurationCustomizer second = (stream) -> stream.maxAge(Duration.ofDays(2));
		ConsumerConfigurationCustomizer waiting = (stream, consumer) -> consumer
			.description(stream + "/" + consumer.name());
		Topology topology = new Topology(List.of(StreamDefinition.workQueue("orders")
			.subjects("orders.>")
			.maxAge(Duration.ofDays(9))
			.metadata(Map.of("owner", "me"))
			.consumer("order-worker")
			.build()), List.of(first, second), List.of(waiting));
		this.server.declare(TopologyMode.UPDATE, topology);
		assertThat(this.server.stream("orders").getMaxAge()).isEqualTo(Duration.ofDays(2));
		assertThat(this.server.stream("orders").getMetadata()).containsEntry("team", "shop")
			.containsEntry("owner", "me");
		assertThat(this.server.consumer("orders", "order-worker").getDescription()).isEqualTo("orders/order-worker");
		assertThat(this.server.declare(TopologyMode.UPDATE, topology)).extracting(TopologyResult::outcome)
			.containsExactly(Outcome.UNCHANGED, Outcome.UNCHANGED);
		assertThat(this.server.writes()).isEmpty();
	}

	@Test
	void whenWhatACustomizerSetsDiffersOnTheServerThenOnlyThatIsUpdated() {
		this.server.declare(StreamDefinition.workQueue("orders").subjects("orders.>").maxMessages(5).build());
		Topology topology = new Topology(List.of(StreamDefinition.named("orders").build()),
				// The default of the client and of the server: it counts because it is
				// set
				List.of((stream) -> stream.maxMessages(-1)), List.of());
		assertThat(this.server.declare(TopologyMode.UPDATE, topology)).containsExactly(
				new TopologyResult("orders", null, Outcome.UPDATED, List.of("max-messages 5 -> unlimited")));
		assertThat(this.server.writes()).containsExactly("updateStream");
	}

	@Test
	void whenAStreamHasTwoDefinitionsThenWhatACustomizerSetsIsNoConflict() {
		Topology topology = new Topology(
				List.of(StreamDefinition.workQueue("orders").maxAge(Duration.ofDays(1)).build(),
						StreamDefinition.named("orders").description("Orders of the shop").build()),
				List.of((stream) -> stream.maxAge(Duration.ofDays(3)).consumer("spy")), List.of());
		this.server.declare(TopologyMode.UPDATE, topology);
		assertThat(this.server.stream("orders").getMaxAge()).isEqualTo(Duration.ofDays(3));
		assertThat(this.server.stream("orders").getDescription()).isEqualTo("Orders of the shop");
		assertThat(topology.streamsWithConsumer("spy")).containsExactly("orders");
	}

	@Test
	void whenDefaultsAndConsumersAreAddedLaterThenTheyAreCustomizedToo() {
		Topology topology = new Topology(List.of(), List.of((stream) -> stream.maxMessages(7)),
				List.of((stream, consumer) -> consumer.maxAckPending(3)));
		topology.addDefaults(StreamDefinition.limits("dead-letters").subjects("dead-letters.>").build());
		topology.addConsumer("dead-letters", ConsumerDefinition.named("reviewer").build());
		this.server.declare(TopologyMode.UPDATE, topology);
		assertThat(this.server.stream("dead-letters").getMaxMsgs()).isEqualTo(7);
		assertThat(this.server.consumer("dead-letters", "reviewer").getMaxAckPending()).isEqualTo(3);
	}

	@Test
	void whenACustomizerSetsWhatTheServerDoesntTakeThenItIsReportedByItsKey() {
		Topology topology = new Topology(List.of(StreamDefinition.workQueue("orders").build()),
				List.of((stream) -> stream.replicas(9)), List.of());
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> this.server.declare(TopologyMode.UPDATE, topology))
			.withMessageContaining("jetstream.streams.orders.replicas can't be '9'");
		assertThat(this.server.writes()).isEmpty();
	}

}
