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
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Every setting of a stream against a real server.
 */
@EmbeddedNats
class StreamSettingTests {

	private static final String OLD = "2.10.27";

	private static final AtomicInteger counter = new AtomicInteger();

	private static TopologyServer server;

	private final String name = "s" + counter.incrementAndGet();

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = new TopologyServer(embedded);
		server.declare(StreamDefinition.named("origin")
			.subjects("origin.>")
			.retention(RetentionPolicy.Limits)
			.allowDirect(true)
			.build());
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	static List<StreamSample> samples() {
		return StreamSample.all();
	}

	static List<StreamSample> known() {
		return samples().stream().filter((sample) -> sample.isKnownTo(server.version())).toList();
	}

	static List<StreamSample> changeable() {
		return known().stream().filter((sample) -> sample.isChangeableOn(server.version())).toList();
	}

	static List<StreamSample> unchangeable() {
		return known().stream().filter((sample) -> !sample.isChangeableOn(server.version())).toList();
	}

	static List<StreamSample> newer() {
		return samples().stream().filter((sample) -> !sample.isKnownTo(OLD)).toList();
	}

	@Test
	void everySettingHasASample() {
		Set<Object> sampled = samples().stream().map(StreamSample::setting).collect(Collectors.toSet());
		assertThat(sampled).containsExactlyInAnyOrderElementsOf(StreamSettings.all());
	}

	@ParameterizedTest
	@MethodSource("known")
	void whenDeclaredAgainThenNothingIsWritten(StreamSample sample) {
		assertThat(outcome(sample.before(this.name))).isEqualTo(Outcome.CREATED);
		assertThat(outcome(sample.before(this.name))).isEqualTo(Outcome.UNCHANGED);
		assertThat(server.writes()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("changeable")
	void whenChangeableThenItIsUpdatedOnce(StreamSample sample) {
		server.declare(sample.before(this.name));
		String before = server.stream(this.name).toJson();
		List<TopologyResult> results = server.declare(sample.after(this.name));
		assertThat(results).singleElement().satisfies((result) -> {
			assertThat(result.outcome()).isEqualTo(Outcome.UPDATED);
			assertThat(result.differences()).map((difference) -> difference.split(" ")[0])
				.containsExactlyInAnyOrderElementsOf(sample.changed());
		});
		assertThat(server.stream(this.name).toJson()).isNotEqualTo(before);
		assertThat(outcome(sample.after(this.name))).isEqualTo(Outcome.UNCHANGED);
		assertThat(server.writes()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("unchangeable")
	void whenUnchangeableThenItIsRefusedWithBothValues(StreamSample sample) {
		server.declare(sample.before(this.name));
		StreamConfiguration before = server.stream(this.name);
		assertThatExceptionOfType(TopologyException.class).isThrownBy(() -> server.declare(sample.after(this.name)))
			.satisfies((ex) -> assertThat(ex.getProblems()).singleElement().satisfies((problem) -> {
				assertThat(problem.key()).isEqualTo("jetstream.streams." + this.name + "." + sample.setting().key());
				assertThat(problem.description()).matches("is '.+' on the server and can't be changed to '.+'");
				assertThat(problem.action()).contains("nats stream rm " + this.name);
			}));
		assertThat(server.writes()).isEmpty();
		assertThat(server.stream(this.name).toJson()).isEqualTo(before.toJson());
	}

	@ParameterizedTest
	@MethodSource("unchangeable")
	void whenUnchangeableThenTheServerRefusesItToo(StreamSample sample) {
		server.declare(sample.before(this.name));
		DeclaredStream declared = new DeclaredStream(this.name, sample.after(this.name).settings());
		StreamConfiguration current = server.stream(this.name);
		if (sample.setting().equals(StreamSettings.firstSequence())) {
			// The server takes another first sequence, which then means nothing
			assertThat(TopologyServer.call(() -> declared.update(server.management(), current, null))).isNotNull();
			return;
		}
		assertThatExceptionOfType(JetStreamApiException.class)
			.isThrownBy(() -> declared.update(server.management(), current, null));
	}

	@ParameterizedTest
	@MethodSource("newer")
	void whenServerIsTooOldThenSettingIsRefusedByName(StreamSample sample) {
		Topology topology = new Topology(List.of(newest(sample)));
		assertThatExceptionOfType(TopologyException.class).isThrownBy(() -> server.declareOn(OLD, topology))
			.withMessageContaining(
					"jetstream.streams." + this.name + "." + sample.setting().key() + " needs nats-server 2.")
			.withMessageContaining("but " + OLD + " is connected");
		assertThat(server.writes()).isEmpty();
	}

	private static Outcome outcome(StreamDefinition definition) {
		return server.declare(definition).get(0).outcome();
	}

	private StreamDefinition newest(StreamSample sample) {
		StreamDefinition first = sample.before(this.name);
		boolean refused = new SettingsCheck(OLD).usable("", first.settings(), new Problems())
			.keys()
			.size() < first.settings().keys().size();
		return refused ? first : sample.after(this.name);
	}

}
