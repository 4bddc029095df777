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

package io.github.jetstreamspring.listener;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.github.jetstreamspring.publisher.PublisherOptions;
import io.github.jetstreamspring.test.EmbeddedNatsCluster;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Delayed jobs of a replicated stream whose leader changes while they wait.
 */
@Timeout(180)
@NeedsServer("2.12")
class ScheduleClusterTests {

	private static final int JOBS = 100;

	private EmbeddedNatsCluster cluster;

	private Connection connection;

	@BeforeEach
	void start() throws Exception {
		this.cluster = EmbeddedNatsCluster.start();
		this.connection = Nats.connect(Options.builder()
			.servers(this.cluster.urls().toArray(String[]::new))
			.maxReconnects(-1)
			.reconnectWait(Duration.ofMillis(200))
			.build());
		// A cluster takes a while until it has a leader that knows all its servers
		await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> {
			management().addStream(StreamConfiguration.builder()
				.name("jobs")
				.subjects("jobs.>", "_schedules.jobs.>")
				.retentionPolicy(RetentionPolicy.WorkQueue)
				.allowMessageSchedules(true)
				.replicas(3)
				.build());
			return true;
		});
	}

	@AfterEach
	void close() throws Exception {
		this.connection.close();
		this.cluster.close();
	}

	@Test
	void whenTheLeaderMovesThenEachJobIsDeliveredOnce() throws Exception {
		publish(Instant.now().plusSeconds(3));
		this.connection.request("$JS.API.STREAM.LEADER.STEPDOWN.jobs", new byte[0]).get(10, TimeUnit.SECONDS);
		assertThat(delivered()).containsExactlyInAnyOrderElementsOf(jobs());
	}

	@Test
	void whenTheLeaderDiesThenEachJobIsDeliveredOnce() throws Exception {
		publish(Instant.now().plusSeconds(3));
		this.cluster.leaderOf("jobs").kill();
		assertThat(delivered()).containsExactlyInAnyOrderElementsOf(jobs());
	}

	private void publish(Instant due) {
		JetStreamTemplate template = new JetStreamTemplate(this.connection,
				JetStreamMessageConverters.json(JsonMapper.shared()), PublisherOptions.DEFAULTS, PublishObserver.NONE);
		jobs().stream()
			.map((job) -> template.message(job).to("jobs.run").id(job).deliverAt(due).publishAsync())
			.toList()
			.forEach((result) -> result.join());
		template.destroy();
	}

	private static List<String> jobs() {
		return IntStream.range(0, JOBS).mapToObj((number) -> "job-" + number).toList();
	}

	/**
	 * Returns the jobs when none waits any more.
	 */
	private List<String> delivered() throws Exception {
		await().atMost(Duration.ofSeconds(90)).ignoreExceptions().until(() -> read("_schedules.").isEmpty());
		return read("jobs.");
	}

	private List<String> read(String prefix) throws Exception {
		List<String> found = new ArrayList<>();
		StreamInfo stream = stream();
		for (long sequence = stream.getStreamState().getFirstSequence(); sequence <= stream.getStreamState()
			.getLastSequence(); sequence++) {
			try {
				MessageInfo message = management().getMessage("jobs", sequence);
				if (message.getSubject().startsWith(prefix)) {
					found.add(new String(message.getData()));
				}
			}
			catch (JetStreamApiException ex) {
				if (ex.getApiErrorCode() != 10037 && ex.getApiErrorCode() != 10043) {
					throw ex;
				}
			}
		}
		return found;
	}

	private StreamInfo stream() throws Exception {
		return management().getStreamInfo("jobs");
	}

	private JetStreamManagement management() throws Exception {
		return TestConnections.management(this.connection);
	}

}
