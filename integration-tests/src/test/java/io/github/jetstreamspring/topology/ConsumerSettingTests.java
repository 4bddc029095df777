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

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.topology.TopologyResult.Outcome;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Every setting of a consumer against a real server.
 */
@EmbeddedNats
class ConsumerSettingTests {

	private static final String STREAM = "origin";

	private static final String OLD = "2.10.27";

	private static final AtomicInteger counter = new AtomicInteger();

	private static TopologyServer server;

	private final String name = "c" + counter.incrementAndGet();

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = new TopologyServer(embedded);
		server.declare(StreamDefinition.named(STREAM).subjects("origin.>").retention(RetentionPolicy.Limits).build());
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	static List<ConsumerSample> samples() {
		return ConsumerSample.all();
	}

	static List<ConsumerSample> known() {
		return samples().stream().filter((sample) -> sample.isKnownTo(server.version())).toList();
	}

	static List<ConsumerSample> changeable() {
		return known().stream().filter((sample) -> sample.isChangeableOn(server.version())).toList();
	}

	static List<ConsumerSample> unchangeable() {
		return known().stream().filter((sample) -> !sample.isChangeableOn(server.version())).toList();
	}

	static List<ConsumerSample> newer() {
		return samples().stream().filter((sample) -> !sample.isKnownTo(OLD)).toList();
	}

	@Test
	void everySettingHasASample() {
		Set<Object> sampled = samples().stream().map(ConsumerSample::setting).collect(Collectors.toSet());
		assertThat(sampled).containsExactlyInAnyOrderElementsOf(ConsumerSettings.all());
	}

	@ParameterizedTest
	@MethodSource("known")
	void whenDeclaredAgainThenNothingIsWritten(ConsumerSample sample) {
		assertThat(outcome(sample.before(this.name))).isEqualTo(Outcome.CREATED);
		assertThat(outcome(sample.before(this.name))).isEqualTo(Outcome.UNCHANGED);
		assertThat(server.writes()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("changeable")
	void whenChangeableThenItIsUpdatedOnce(ConsumerSample sample) {
		declare(sample.before(this.name));
		String before = server.consumer(STREAM, this.name).toJson();
		assertThat(declare(sample.after(this.name))).singleElement().satisfies((result) -> {
			assertThat(result.outcome()).isEqualTo(Outcome.UPDATED);
			assertThat(result.differences()).map((difference) -> difference.split(" ")[0])
				.containsExactlyInAnyOrderElementsOf(sample.changed());
		});
		assertThat(server.consumer(STREAM, this.name).toJson()).isNotEqualTo(before);
		assertThat(outcome(sample.after(this.name))).isEqualTo(Outcome.UNCHANGED);
		assertThat(server.writes()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("unchangeable")
	void whenUnchangeableThenItIsRefusedWithBothValues(ConsumerSample sample) {
		declare(sample.before(this.name));
		ConsumerConfiguration before = server.consumer(STREAM, this.name);
		assertThatExceptionOfType(TopologyException.class).isThrownBy(() -> declare(sample.after(this.name)))
			.satisfies((ex) -> assertThat(ex.getProblems()).singleElement().satisfies((problem) -> {
				assertThat(problem.key())
					.isEqualTo("jetstream.streams.origin.consumers." + this.name + "." + sample.setting().key());
				assertThat(problem.description()).matches("is '.+' on the server and can't be changed to '.+'");
				assertThat(problem.action()).contains("nats consumer rm origin " + this.name);
			}));
		assertThat(server.writes()).isEmpty();
		assertThat(server.consumer(STREAM, this.name).toJson()).isEqualTo(before.toJson());
	}

	@ParameterizedTest
	@MethodSource("unchangeable")
	void whenUnchangeableThenTheServerRefusesItToo(ConsumerSample sample) {
		declare(sample.before(this.name));
		DeclaredConsumer declared = new DeclaredConsumer(STREAM, this.name, sample.after(this.name).settings());
		ConsumerConfiguration current = server.consumer(STREAM, this.name);
		if (sample.setting().equals(ConsumerSettings.memoryStorage()) && !server.knows("2.15")) {
			// Older servers write it down, but the state stays where it is
			assertThat(TopologyServer.call(() -> declared.update(server.management(), current, null))).isNotNull();
			return;
		}
		assertThatExceptionOfType(JetStreamApiException.class)
			.isThrownBy(() -> declared.update(server.management(), current, null));
	}

	@ParameterizedTest
	@MethodSource("newer")
	void whenServerIsTooOldThenSettingIsRefusedByName(ConsumerSample sample) {
		Topology topology = topology(newest(sample));
		assertThatExceptionOfType(TopologyException.class).isThrownBy(() -> server.declareOn(OLD, topology))
			.withMessageContaining("jetstream.streams.origin.consumers." + this.name + "." + sample.setting().key()
					+ " needs nats-server 2.")
			.withMessageContaining("but " + OLD + " is connected");
		assertThat(server.writes()).isEmpty();
	}

	private static Outcome outcome(ConsumerDefinition definition) {
		return declare(definition).get(0).outcome();
	}

	private static List<TopologyResult> declare(ConsumerDefinition definition) {
		return server.declare(TopologyMode.UPDATE, topology(definition));
	}

	private static Topology topology(ConsumerDefinition definition) {
		Topology topology = new Topology(List.of());
		topology.addConsumer(STREAM, definition);
		return topology;
	}

	private ConsumerDefinition newest(ConsumerSample sample) {
		ConsumerDefinition first = sample.before(this.name);
		boolean refused = new SettingsCheck(OLD).usable("", first.settings(), new Problems())
			.keys()
			.size() < first.settings().keys().size();
		return refused ? first : sample.after(this.name);
	}

}
