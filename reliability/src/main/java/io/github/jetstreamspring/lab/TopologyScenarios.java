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

package io.github.jetstreamspring.lab;

import java.time.Duration;
import java.util.stream.Stream;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DiscardPolicy;

/**
 * What is wrong with streams and consumers.
 */
final class TopologyScenarios {

	private static final int NO_STREAM = 10059;

	private TopologyScenarios() {
	}

	static Stream<Scenario> all() {
		return Stream
			.of(Scenario.of("consumer-deleted", "the consumer is deleted by hand", Faults.DELETE_CONSUMER),
					Scenario.of("consumer-changed", "ack-wait and max-ack-pending of the consumer are changed by hand",
							Faults.every(3000, TopologyScenarios::changeConsumer)),
					Scenario.of("stream-purged", "the stream is purged by hand", Faults.every(4000,
							(lab) -> lab.destroy("stream purged", () -> lab.management().purgeStream("jobs")))),
					Scenario.of("stream-deleted", "the stream is deleted by hand, with all that is in it", Faults.every(
							6000, (lab) -> lab.destroy("stream deleted", () -> lab.management().deleteStream("jobs")))),
					Scenario
						.of("stream-full", "the stream takes no more messages for three seconds",
								Faults.change("jobs",
										(stream) -> stream.maxMessages(1).discardPolicy(DiscardPolicy.New)))
						.workers(3, "--lab.schedules=false")
						.publisher("--lab.fails=500", "--lab.schedules=false"),
					Scenario.of("dead-letters-full", "the dead-letter stream takes no more messages for three seconds",
							Faults.change("dead-letters",
									(stream) -> stream.maxMessages(1).discardPolicy(DiscardPolicy.New))),
					Scenario.of("dead-letters-deleted", "the dead-letter stream is deleted by hand", Faults.every(4000,
							(lab) -> lab.destroy("dead letters deleted", () -> deleteDeadLetters(lab)))));
	}

	private static void deleteDeadLetters(Lab lab) throws Exception {
		try {
			lab.management().deleteStream("dead-letters");
		}
		catch (JetStreamApiException ex) {
			// Nothing was given up on since the last time
			if (ex.getApiErrorCode() != NO_STREAM) {
				throw ex;
			}
		}
	}

	private static void changeConsumer(Lab lab) throws Exception {
		ConsumerConfiguration before = lab.management().getConsumerInfo("jobs", "worker").getConsumerConfiguration();
		lab.fault("consumer changed", 3000, () -> lab.management()
			.updateConsumer("jobs",
					ConsumerConfiguration.builder(before).ackWait(Duration.ofSeconds(1)).maxAckPending(5).build()),
				() -> lab.management().updateConsumer("jobs", before));
	}

}
