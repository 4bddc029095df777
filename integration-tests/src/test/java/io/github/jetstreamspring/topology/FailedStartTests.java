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
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerLimits;
import io.nats.client.api.Mirror;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A start that will fail writes nothing, as far as the server can be asked before.
 */
@EmbeddedNats
class FailedStartTests {

	private static TopologyServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = new TopologyServer(embedded);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	// Would be created, or updated, if nothing was wrong
	@BeforeEach
	void prepare() throws Exception {
		server.declare(StreamDefinition.named("first").subjects("first.>").description("old").build());
	}

	@AfterEach
	void clear() throws Exception {
		for (String stream : server.management().getStreamNames()) {
			server.management().deleteStream(stream);
		}
	}

	@Test
	void whenAConsumerHasABackoffThenAnotherAckWaitIsAProblemThatNamesIt() throws Exception {
		add(stream("orders", "orders.>").retentionPolicy(RetentionPolicy.WorkQueue));
		server.management()
			.createConsumer("orders",
					ConsumerConfiguration.builder()
						.durable("worker")
						.maxDeliver(5)
						.backoff(Duration.ofSeconds(1), Duration.ofSeconds(5))
						.build());
		assertFails(orders().consumer("worker", (consumer) -> consumer.ackWait(Duration.ofSeconds(30))),
				"jetstream.streams.orders.consumers.worker.ack-wait",
				"can't be '30s': the server would make it '1s', as the consumer has a 'backoff' on the server",
				"nats consumer edit orders worker --backoff none");
		assertThat(server.consumer("orders", "worker").getMaxDeliver()).isEqualTo(5);
		assertFails(orders().consumer("worker", (consumer) -> consumer.maxDeliver(1)),
				"jetstream.streams.orders.consumers.worker.max-deliver",
				"can't be '1', as the consumer's 'backoff' on the server has 2 entries", "--backoff none");
		server.declare(orders().consumer("worker", (consumer) -> consumer.ackWait(Duration.ofSeconds(1))).build());
		assertThat(server.consumer("orders", "worker").getBackoff()).hasSize(2);
	}

	@Test
	void whenSubjectsAreThoseOfAForeignStreamThenBothAreNamed() throws Exception {
		add(stream("taken", "taken.*", "more"));
		assertFails(StreamDefinition.named("late").subjects("late.x", "taken.x"), "jetstream.streams.late.subjects",
				"overlap with those of stream 'taken', which is on the server and not declared here:"
						+ " [taken.x] and [taken.*, more]",
				"nats stream rm taken");
	}

	@Test
	void whenAStreamGivesASubjectToANewOneThenItIsUpdatedFirst() {
		server.declare(StreamDefinition.named("orders").subjects("orders.>", "mails.>").build());
		server.declare(StreamDefinition.named("mails").subjects("mails.>").build(), orders().build());
		assertThat(server.stream("mails").getSubjects()).containsExactly("mails.>");
	}

	@Test
	void whenFiltersAreThoseOfAForeignConsumerOnAWorkQueueThenItIsNamed() throws Exception {
		add(stream("orders", "orders.>").retentionPolicy(RetentionPolicy.WorkQueue));
		server.management()
			.createConsumer("orders",
					ConsumerConfiguration.builder().durable("foreign").filterSubject("orders.created").build());
		assertFails(orders().consumer("worker", (consumer) -> consumer.filterSubjects("orders.*")),
				"jetstream.streams.orders.consumers.worker.filter-subjects",
				"overlap with those of consumer 'foreign', which is on the server and not declared here:"
						+ " [orders.*] and [orders.created]",
				"nats consumer rm orders foreign");
	}

	@Test
	void whenAStreamCantHaveMoreConsumersThenThoseOfOthersCount() throws Exception {
		add(stream("orders", "orders.>").maxConsumers(2));
		for (String name : List.of("a", "b")) {
			server.management().createConsumer("orders", ConsumerConfiguration.builder().durable(name).build());
		}
		assertFails(orders().retention(RetentionPolicy.Limits).consumer("worker"),
				"jetstream.streams.orders.max-consumers",
				"would be exceeded: 2 are possible, with 1 declared and 2 more on the server",
				"nats consumer ls orders");
	}

	@Test
	void whenTheServerIsInNoClusterThenReplicasAreAProblem() {
		assertFails(orders().replicas(3), "jetstream.streams.orders.replicas",
				"can't be '3': the server is in no cluster", "set it to 1");
	}

	@Test
	void whenAConsumersReplicasDontFitItsStreamThenItIsAProblem() {
		assertFails(orders().consumer("worker", (consumer) -> consumer.replicas(3)),
				"jetstream.streams.orders.consumers.worker.replicas",
				"can't be '3' on a stream with 1 and retention 'work-queue'", "Remove the key");
	}

	@Test
	void whenTheOriginOfAMirrorSaysWhetherItIsReadDirectlyThenAnotherValueIsAProblem() throws Exception {
		add(stream("origin", "origin").allowDirect(true));
		assertFails(StreamDefinition.named("copy").mirror(Mirror.builder().name("origin").build()).mirrorDirect(false),
				"jetstream.streams.copy.mirror-direct", "can't be 'false': the server would make it 'true', as"
						+ " 'allow-direct' of the mirrored stream 'origin' is 'true'",
				"Remove the key");
	}

	@Test
	@NeedsServer("2.12")
	void whenASettingAsksForOthersThenTheirOtherValuesAreAProblem() {
		assertFails(orders().allowMessageSchedules(true).allowRollup(false), "jetstream.streams.orders.allow-rollup",
				"can't be 'false': the server would make it 'true', as the stream has 'allow-message-schedules'",
				"Remove the key");
		assertFails(orders().allowMessageSchedules(true).denyPurge(true), "jetstream.streams.orders.deny-purge",
				"can't be 'true' together with 'allow-message-schedules', which purge", "Remove one");
		assertFails(orders().subjectDeleteMarkerTtl(Duration.ofMinutes(1)).allowMessageTtl(false),
				"jetstream.streams.orders.allow-message-ttl",
				"can't be 'false': the server would make it 'true', as the stream has 'subject-delete-marker-ttl'",
				"Remove the key");
	}

	@Test
	void whenAStreamIsToBeSealedThenLimitsThatItWouldLoseAreAProblem() throws Exception {
		add(stream("orders", "orders.>").retentionPolicy(RetentionPolicy.WorkQueue));
		assertFails(orders().sealed(true).maxAge(Duration.ofDays(1)), "jetstream.streams.orders.max-age",
				"can't be '1d': the server would make it 'unlimited', as the stream is 'sealed'", "Remove the key");
		assertThat(server.stream("orders").getSealed()).isFalse();
	}

	@Test
	void whenALimitOfTheStreamGoesBeforeAnEndlessOneThenItIsAProblem() {
		assertFails(
				orders().consumerLimits(ConsumerLimits.builder().inactiveThreshold(Duration.ofHours(1)).build())
					.consumer("worker", (consumer) -> consumer.inactiveThreshold(Duration.ZERO)),
				"jetstream.streams.orders.consumers.worker.inactive-threshold",
				"can't be 'unlimited': the server would make it '1h', as the stream's 'consumer-limits' have it",
				"Remove the key");
	}

	@Test
	void whenTheAccountAllowsNoMoreThenItIsAProblem() {
		try (EmbeddedNatsServer own = EmbeddedNatsServer.builder()
			.config("accounts {", "  APP {",
					"    jetstream { max_streams: 2, max_file: 10000, max_consumers: 1, max_ack_pending: 500 }",
					"    users: [{ user: app, password: app }]", "  }", "}", "no_auth_user: app")
			.start(); TopologyServer limited = new TopologyServer(own)) {
			limited.declare(StreamDefinition.named("first").subjects("first").maxBytes(4000).build());
			assertThatExceptionOfType(TopologyException.class)
				.isThrownBy(() -> limited.declare(
						StreamDefinition.named("first").subjects("first").description("new").build(),
						StreamDefinition.named("second")
							.subjects("second.>")
							.maxBytes(7000)
							.consumer("a", (consumer) -> consumer.filterSubjects("second.a").maxAckPending(1000))
							.consumer("b", (consumer) -> consumer.filterSubjects("second.b"))
							.build(),
						StreamDefinition.named("third").subjects("third").build()))
				.satisfies((ex) -> assertThat(ex.getProblems()).extracting(TopologyProblem::key)
					.contains("jetstream.streams", "jetstream.streams.second.max-bytes",
							"jetstream.streams.second.max-consumers",
							"jetstream.streams.second.consumers.a.max-ack-pending"));
			assertThat(limited.writes()).isEmpty();
			assertThat(limited.stream("first").getDescription()).isNull();
		}
	}

	@Test
	void whenTheServerRefusesWhatNobodyCouldKnowThenTheErrorSaysWhatIsWritten() {
		JetStreamManagement refusing = refusing("mails");
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> server.declarer(refusing, TopologyMode.UPDATE)
				.declare(new Topology(List.of(first(), StreamDefinition.named("mails").subjects("mails").build(),
						orders().consumer("worker").build()))))
			.satisfies((ex) -> {
				assertThat(ex.getProblems()).extracting(TopologyProblem::key)
					.containsExactly("jetstream.streams.mails");
				assertThat(ex.getWritten()).containsExactly("Stream 'first': updated description old -> new");
			})
			.withMessageContaining("Before that, this was written:\n- Stream 'first': updated description old -> new");
		assertThat(names()).containsExactly("first");
	}

	@Test
	void whenAPartIsDeclaredAgainThenWhatIsRefusedKeepsNothingElseFromBeingWritten() {
		JetStreamManagement refusing = refusing("refused");
		Topology topology = new Topology(
				List.of(orders().consumer("refused", (consumer) -> consumer.filterSubjects("orders.a"))
					.consumer("worker", (consumer) -> consumer.filterSubjects("orders.b"))
					.build()));
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> server.declarer(refusing, TopologyMode.UPDATE).declare(topology.part("orders")));
		assertThat(server.consumer("orders", "worker")).isNotNull();
	}

	private static void assertFails(StreamDefinition.Builder wrong, String key, String description, String action) {
		List<String> before = names();
		assertThatExceptionOfType(TopologyException.class).isThrownBy(() -> server.declare(first(), wrong.build()))
			.satisfies((ex) -> {
				assertThat(ex.getProblems()).singleElement().satisfies((problem) -> {
					assertThat(problem.key()).isEqualTo(key);
					assertThat(problem.description()).startsWith(description);
					assertThat(problem.description() + " " + problem.action()).contains(action);
				});
				assertThat(ex.getWritten()).isEmpty();
			});
		assertThat(server.writes()).isEmpty();
		assertThat(names()).isEqualTo(before);
		assertThat(server.stream("first").getDescription()).isEqualTo("old");
	}

	private static StreamDefinition first() {
		return StreamDefinition.named("first").subjects("first.>").description("new").build();
	}

	private static StreamDefinition.Builder orders() {
		return StreamDefinition.named("orders").subjects("orders.>");
	}

	private static StreamConfiguration.Builder stream(String name, String... subjects) {
		return StreamConfiguration.builder().name(name).subjects(subjects);
	}

	private static void add(StreamConfiguration.Builder stream) throws IOException, JetStreamApiException {
		server.management().addStream(stream.build());
	}

	private static List<String> names() {
		return TopologyServer.call(() -> server.management().getStreamNames());
	}

	/**
	 * Returns access to a server that refuses one stream or consumer, as one that is full
	 * does.
	 */
	private static JetStreamManagement refusing(String name) {
		return (JetStreamManagement) Proxy.newProxyInstance(FailedStartTests.class.getClassLoader(),
				new Class<?>[] { JetStreamManagement.class }, (proxy, method, arguments) -> {
					boolean stream = method.getName().equals("addStream")
							&& ((StreamConfiguration) arguments[0]).getName().equals(name);
					boolean consumer = method.getName().equals("createConsumer")
							&& name.equals(((ConsumerConfiguration) arguments[1]).getDurable());
					if (stream || consumer) {
						throw new IOException("no space left");
					}
					try {
						return method.invoke(server.management(), arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

}
