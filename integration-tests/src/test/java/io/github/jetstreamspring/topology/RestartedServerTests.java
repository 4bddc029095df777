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

import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.topology.TopologyResult.Outcome;
import io.nats.client.Connection;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Topologies on a server that was restarted.
 */
@EmbeddedNats(shared = false)
class RestartedServerTests {

	private final EmbeddedNatsServer embedded;

	RestartedServerTests(EmbeddedNatsServer embedded) {
		this.embedded = embedded;
	}

	@Test
	void whenAConsumerIsChangedThenItIsChangedAtTheFirstTry() throws Exception {
		Connection before = TestConnections.connect(this.embedded.url());
		new TopologyDeclarer(before.jetStreamManagement(), before.getServerInfo()::getVersion, TopologyMode.UPDATE)
			.declare(new Topology(List.of(orders("orders.created", 10))));
		before.close();
		this.embedded.restart();
		try (TopologyServer after = new TopologyServer(this.embedded)) {
			assertThat(after.declare(orders("orders.paid", 20))).extracting(TopologyResult::outcome)
				.containsExactly(Outcome.UNCHANGED, Outcome.UPDATED);
			assertThat(after.consumer("orders", "worker").getFilterSubjects()).containsExactly("orders.paid");
			assertThat(after.consumer("orders", "worker").getAckWait()).isEqualTo(Duration.ofSeconds(20));
		}
	}

	private static StreamDefinition orders(String filter, int seconds) {
		return StreamDefinition.named("orders")
			.subjects("orders.>")
			.consumer(ConsumerDefinition.named("worker")
				.filterSubjects(filter)
				.ackWait(Duration.ofSeconds(seconds))
				.build())
			.build();
	}

}
