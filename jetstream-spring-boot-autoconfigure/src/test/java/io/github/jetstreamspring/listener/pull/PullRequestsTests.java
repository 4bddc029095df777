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

package io.github.jetstreamspring.listener.pull;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.PriorityPolicy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PullRequestsTests {

	private static final long MAX_PAYLOAD = 1024 * 1024;

	@Test
	void whenTheConsumerHasNoLimitsThenARequestWaitsForFiveSecondsWithAHeartbeatEveryHalfSecond() {
		assertThat(body(ConsumerConfiguration.builder().build(), null))
			.contains("\"batch\":7", "\"expires\":5000000000", "\"idle_heartbeat\":500000000", "\"max_bytes\":3000")
			.doesNotContain("group", "\"id\"");
	}

	@Test
	void whenTheConsumerHasLimitsThenRequestsKeepThem() {
		PullRequests requests = PullRequests.within(
				ConsumerConfiguration.builder().maxBatch(3).maxBytes(2000).maxExpires(Duration.ofSeconds(1)).build(),
				MAX_PAYLOAD, Precedence.NONE);
		assertThat(requests.maxBatch()).isEqualTo(3);
		assertThat(requests.maxBytes()).isEqualTo(2000);
		assertThat(requests.expiry(Rhythm.of(1))).hasSeconds(1);
		assertThat(requests.heartbeat(Rhythm.of(1))).hasMillis(500);
		assertThat(requests.expiry(Rhythm.of(1000))).hasSeconds(1);
		assertThat(requests.heartbeat(Rhythm.of(1000))).hasMillis(500);
	}

	@Test
	void whenSomebodyWaitsForLessThenSoDoRequests() {
		PullRequests requests = PullRequests.within(
				ConsumerConfiguration.builder().maxExpires(Duration.ofSeconds(1)).build(), MAX_PAYLOAD,
				Precedence.NONE);
		assertThat(requests.waitingFor(Duration.ofMillis(70)).expiry(Rhythm.of(1))).hasMillis(70);
		assertThat(requests.waitingFor(Duration.ofMillis(70)).heartbeat(Rhythm.of(1))).hasMillis(35);
		assertThat(requests.waitingFor(Duration.ofNanos(1)).expiry(Rhythm.of(1))).hasMillis(1);
		assertThat(requests.waitingFor(Duration.ofHours(1)).expiry(Rhythm.of(1))).hasSeconds(1);
	}

	@Test
	void aBriefRequestWaitsForHalfASecond() {
		PullRequests requests = PullRequests.within(ConsumerConfiguration.builder().build(), MAX_PAYLOAD,
				Precedence.NONE);
		assertThat(text(requests.body(1, 900_000, null, null))).contains("\"expires\":500000000",
				"\"idle_heartbeat\":250000000");
	}

	@Test
	void whenOnlyOneClientGetsMessagesThenRequestsNameTheGroupAndTheClient() {
		ConsumerConfiguration consumer = pinned().priorityTimeout(Duration.ofSeconds(3)).build();
		assertThat(body(consumer, null)).contains("\"group\":\"workers\"").doesNotContain("\"id\"");
		assertThat(body(consumer, "pin")).contains("\"group\":\"workers\"", "\"id\":\"pin\"");
		assertThat(PullRequests.within(consumer, MAX_PAYLOAD, Precedence.NONE).pinTimeout()).hasSeconds(3);
		assertThat(PullRequests.within(pinned().build(), MAX_PAYLOAD, Precedence.NONE).pinTimeout()).hasMinutes(2);
	}

	@Test
	void whenAClientOnlyShowsThatItIsThereThenNoMessageIsSmallEnoughForItsRequest() {
		PullRequests requests = PullRequests.within(pinned().build(), MAX_PAYLOAD, Precedence.NONE);
		assertThat(text(requests.keepPin("pin"))).contains("\"batch\":1", "\"max_bytes\":1", "\"id\":\"pin\"");
	}

	@Test
	void whenTheListenerHasAPriorityThenRequestsCarryIt() {
		ConsumerConfiguration consumer = ConsumerConfiguration.builder().priorityGroups("workers").build();
		assertThat(text(PullRequests.within(consumer, MAX_PAYLOAD, new Precedence(3, null, null))
			.body(7, 3_000, Rhythm.of(1), null))).contains("\"group\":\"workers\"", "\"priority\":3")
			.doesNotContain("min_pending", "min_ack_pending");
		assertThat(text(PullRequests.within(consumer, MAX_PAYLOAD, new Precedence(null, 10L, 20L))
			.body(7, 3_000, Rhythm.of(1), null))).contains("\"min_pending\":10", "\"min_ack_pending\":20")
			.doesNotContain("priority");
	}

	private static ConsumerConfiguration.Builder pinned() {
		return ConsumerConfiguration.builder().priorityGroups("workers").priorityPolicy(PriorityPolicy.PinnedClient);
	}

	private static String body(ConsumerConfiguration consumer, String pinId) {
		return text(PullRequests.within(consumer, MAX_PAYLOAD, Precedence.NONE).body(7, 3_000, Rhythm.of(1), pinId));
	}

	private static String text(byte[] json) {
		return new String(json, StandardCharsets.UTF_8);
	}

}
