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

import java.io.IOException;
import java.util.List;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What can't be declared is found before anything is sent, and it is what the server
 * would refuse.
 */
@EmbeddedNats
class BadTopologyTests {

	private static TopologyServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = new TopologyServer(embedded);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@AfterEach
	void clear() throws Exception {
		for (String stream : server.management().getStreamNames()) {
			server.management().deleteStream(stream);
		}
	}

	static List<BadTopology> known() {
		return BadTopology.all().stream().filter((bad) -> server.knows(bad.needs())).toList();
	}

	static List<BadTopology> refused() {
		return known().stream().filter(BadTopology::refused).toList();
	}

	@ParameterizedTest
	@MethodSource("known")
	void whenItCantBeDeclaredThenTheKeyIsBlamedAndNothingIsSent(BadTopology bad) throws Exception {
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> server.declare(TopologyMode.UPDATE, new Topology(bad.streams())))
			.satisfies((ex) -> assertThat(ex.getProblems()).anySatisfy((problem) -> {
				assertThat(problem.key()).isEqualTo("jetstream.streams." + bad.key());
				assertThat(problem.description()).startsWith(bad.problem());
				assertThat(problem.action()).isNotEmpty();
			}));
		assertThat(server.writes()).isEmpty();
		assertThat(server.management().getStreamNames()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("refused")
	void whenItCantBeDeclaredThenTheServerRefusesItToo(BadTopology bad) {
		assertThatException().isThrownBy(() -> send(bad.streams()))
			.isInstanceOfAny(JetStreamApiException.class, IllegalArgumentException.class);
	}

	@Test
	void whenSourcesDontComeBackThenTheyAreNoCircle() {
		server.declare(
				StreamDefinition.named("a")
					.subjects("a.>")
					.sources(Source.builder().name("b").filterSubject("b.x").build())
					.build(),
				StreamDefinition.named("b")
					.subjects("b.>")
					.sources(Source.builder().name("a").filterSubject("a.y").build())
					.build());
		assertThat(server.stream("a").getSources()).hasSize(1);
	}

	@Test
	void whenSubjectsAreThoseOfEventsThenTheyAreFine() {
		server.declare(StreamDefinition.named("events")
			.subjects("$JS.EVENT.>", "$SYS.ACCOUNT.*.CONNECT", "$KV.bucket.>", "$SRV.>")
			.build());
		assertThat(server.stream("events").getSubjects()).hasSize(4);
	}

	@Test
	void whenTheServerHasItAlreadyThenItIsLeftAlone() throws Exception {
		StreamDefinition everything = StreamDefinition.named("all").subjects(">").noAck(true).build();
		server.declare(everything);
		assertThat(server.declare(everything)).extracting(TopologyResult::outcome)
			.containsExactly(TopologyResult.Outcome.UNCHANGED);
	}

	@Test
	void whenDeadLettersWouldNotArriveThenItIsReported() {
		Topology topology = deadLetters(
				StreamDefinition.named("dead-letters").subjects("failed.>").noAck(true).build());
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> server.declare(TopologyMode.UPDATE, topology))
			.satisfies((ex) -> assertThat(ex.getProblems())
				.extracting((problem) -> problem.key() + " " + problem.description())
				.containsExactly(
						"jetstream.streams.dead-letters.subjects don't cover those of dead letters:"
								+ " [dead-letters.orders.worker] are not among [failed.>]",
						"jetstream.streams.dead-letters.no-ack can't be 'true': dead letters are published with"
								+ " confirmation"));
		assertThat(server.writes()).isEmpty();
	}

	@Test
	void whenDeadLettersWouldNotBeStoredThenItIsReported() {
		StreamDefinition.Builder interest = StreamDefinition.named("dead-letters")
			.subjects("dead-letters.>")
			.retention(RetentionPolicy.Interest);
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> server.declare(TopologyMode.UPDATE, deadLetters(interest.build())))
			.withMessageContaining("jetstream.streams.dead-letters.retention can't be 'interest' without a consumer");
		server.declare(TopologyMode.UPDATE,
				deadLetters(interest.consumer(ConsumerDefinition.named("reviewer").build()).build()));
	}

	@Test
	void whenTheSubjectsAreNarrowerButTakeTheDeadLettersOfAllConsumersThenTheyAreFine() {
		server.declare(TopologyMode.UPDATE,
				deadLetters(StreamDefinition.named("dead-letters").subjects("dead-letters.orders.*").build()));
		assertThat(server.stream("dead-letters").getSubjects()).containsExactly("dead-letters.orders.*");
	}

	private static Topology deadLetters(StreamDefinition stream) {
		Topology topology = new Topology(List.of(stream,
				StreamDefinition.named("orders")
					.subjects("orders.>")
					.consumer(ConsumerDefinition.named("worker").build())
					.build()));
		topology.addDeadLetters("dead-letters", "dead-letters");
		return topology;
	}

	private static void send(List<StreamDefinition> streams) throws IOException, JetStreamApiException {
		for (StreamDefinition stream : streams) {
			new DeclaredStream(stream.name(), stream.settings().orElse(StreamSettings.DEFAULTS))
				.create(server.management());
			for (ConsumerDefinition consumer : stream.consumers()) {
				new DeclaredConsumer(stream.name(), consumer.name(),
						consumer.settings().orElse(ConsumerSettings.DEFAULTS))
					.create(server.management());
			}
		}
	}

}
