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

package io.github.jetstreamspring.test;

import java.io.IOException;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link EmbeddedNats} without Spring.
 */
@EmbeddedNats
class EmbeddedNatsTests {

	private final EmbeddedNatsServer outer;

	EmbeddedNatsTests(EmbeddedNatsServer server) {
		this.outer = server;
	}

	@Test
	void whenClassesShareServerThenNobodySeesStreamsOfOthers(EmbeddedNatsServer server) throws Exception {
		EmbeddedNatsServer other = SharedNatsServers.next();
		Connection connection = TestConnections.connect(server.url());
		Connection stranger = TestConnections.connect(other.url());
		try {
			connection.jetStreamManagement().addStream(stream("mine"));
			assertThat(other.port()).isEqualTo(server.port());
			assertThat(stranger.jetStreamManagement().getStreamNames()).isEmpty();
			assertThat(connection.jetStreamManagement().getStreamNames()).contains("mine");
		}
		finally {
			connection.close();
			stranger.close();
		}
	}

	@Test
	void whenServerIsSharedThenItCannotBeKilled(EmbeddedNatsServer server) {
		assertThatIllegalStateException().isThrownBy(server::kill)
			.withMessageContaining("@EmbeddedNats(shared = false)");
		server.close();
		assertThat(server.isRunning()).isTrue();
	}

	@Test
	void whenAllAccountsAreUsedThenThereIsAnotherServer(EmbeddedNatsServer server) throws Exception {
		EmbeddedNatsServer next = SharedNatsServers.next();
		for (int i = 0; i < 100; i++) {
			next = SharedNatsServers.next();
		}
		assertThat(next.port()).isNotEqualTo(server.port());
		TestConnections.connect(next.url()).close();
	}

	@Nested
	class Inner {

		private final EmbeddedNatsServer fromConstructor;

		Inner(EmbeddedNatsServer server) {
			this.fromConstructor = server;
		}

		@Test
		void whenNestedThenServerIsThatOfTheOuterClass(EmbeddedNatsServer server) {
			assertThat(server).isSameAs(this.fromConstructor).isSameAs(EmbeddedNatsTests.this.outer);
		}

	}

	@Nested
	@EmbeddedNats(shared = false)
	class Own {

		@Test
		void whenNotSharedThenServerCanBeKilledAndRestarted(EmbeddedNatsServer server) throws Exception {
			server.kill();
			assertThat(server.isRunning()).isFalse();
			server.restart();
			TestConnections.connect(server.url()).close();
		}

		@Test
		void whenPausedThenNobodyAnswersUntilResumed(EmbeddedNatsServer server) throws Exception {
			server.pause();
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> TestConnections.connect(server.url()));
			server.resume();
			TestConnections.connect(server.url()).close();
		}

	}

	@Nested
	@EmbeddedNats(config = "max_payload: 64KB")
	class Configured {

		@Test
		void whenConfigurationThenServerHasIt(EmbeddedNatsServer server) throws Exception {
			Connection configured = TestConnections.connect(server.url());
			assertThat(configured.getMaxPayload()).isEqualTo(64 * 1024);
			configured.close();
		}

	}

	@Nested
	@EmbeddedNats(servers = 3)
	class Cluster {

		@Test
		void whenSeveralServersThenTheyAreACluster(EmbeddedNatsCluster cluster) throws Exception {
			Connection client = Nats.connect(String.join(",", cluster.urls()));
			client.jetStreamManagement()
				.addStream(StreamConfiguration.builder().name("copies").subjects("copies").replicas(3).build());
			EmbeddedNatsServer leader = cluster.leaderOf("copies");
			leader.kill();
			assertThat(cluster.leaderOf("copies")).isNotSameAs(leader);
			client.close();
		}

	}

	@Nested
	class Versions {

		@Test
		@NeedsServer("2.10")
		void whenServerIsNewEnoughThenTestRuns(EmbeddedNatsServer server) {
			assertThat(server.version()).isNotEmpty();
		}

		@Test
		@NeedsServer("99.0")
		void whenServerIsTooOldThenTestIsSkipped() {
			throw new IllegalStateException("There is no such server");
		}

	}

	private static StreamConfiguration stream(String name) {
		return StreamConfiguration.builder().name(name).subjects(name).build();
	}

}
