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

package io.github.jetstreamspring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.Connection;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Applications whose consumers somebody else has made, in their own way.
 */
@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats
class ForeignConsumerTests {

	private static final String FILTER = "jetstream.streams.jobs.consumers.job-worker.filter-subjects=jobs.run";

	private static final Queue<Long> attempts = new ConcurrentLinkedQueue<>();

	private EmbeddedNatsServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		attempts.clear();
		Connection connection = TestConnections.connect(this.server.url());
		try {
			connection.jetStreamManagement()
				.addStream(StreamConfiguration.builder()
					.name("jobs")
					.subjects("jobs.>")
					.retentionPolicy(RetentionPolicy.WorkQueue)
					.build());
			connection.jetStreamManagement()
				.createConsumer("jobs",
						ConsumerConfiguration.builder()
							.durable("job-worker")
							.ackPolicy(AckPolicy.Explicit)
							.maxDeliver(2)
							.filterSubject("jobs.other")
							.build());
		}
		finally {
			connection.close();
		}
	}

	@AfterEach
	void stop() {
		TestStreams.deleteAll(this.server);
	}

	@Test
	void whenTheConsumerIsNotTheApplicationsThenWhatIsWrongIsSaidOnce(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(FILTER, "jetstream.topology.mode=none")) {
			assertThat(reason(context)).contains("max_deliver of the consumer is 2", "[jobs.other]", "[jobs.run]");
		}
		assertThat(output.toString().split("max_deliver of the consumer is 2", -1)).hasSize(2);
	}

	@Test
	void whenTheServerDeliversLessOftenThanTheListenerTriesThenTheMessageBecomesADeadLetterInTime() throws Exception {
		try (ConfigurableApplicationContext context = run("jetstream.topology.mode=create",
				"jetstream.listener.retry.delay=50ms")) {
			context.getBean(JetStreamTemplate.class).publish("jobs.other", "bad");
			await().until(() -> attempts.size() == 2 && messages(context, "jobs") == 0);
			await().until(() -> messages(context, "dead-letters") == 1);
		}
	}

	@Test
	void whenTheApplicationDeclaresTheConsumerThenItIsSetRight() throws Exception {
		try (ConfigurableApplicationContext context = run(FILTER)) {
			assertThat(reason(context)).isNull();
			context.getBean(JetStreamTemplate.class).publish("jobs.run", "good");
			await().until(() -> messages(context, "jobs") == 0);
			assertThat(attempts).containsExactly(1L);
		}
	}

	private ConfigurableApplicationContext run(String... properties) {
		List<String> all = new ArrayList<>(List.of("jetstream.streams.jobs.subjects=jobs.>",
				"jetstream.streams.jobs.consumers.job-worker.ack-wait=30s"));
		all.addAll(List.of(properties));
		return TestApplication.run(List.of(Jobs.class), this.server.url(), all.toArray(String[]::new));
	}

	private static String reason(ConfigurableApplicationContext context) {
		return context.getBean(JetStreamListeners.class).status("job-worker").reason();
	}

	private static long messages(ConfigurableApplicationContext context, String stream) throws Exception {
		return context.getBean(Connection.class)
			.jetStreamManagement()
			.getStreamInfo(stream)
			.getStreamState()
			.getMsgCount();
	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		@JetStreamListener("job-worker")
		void handle(String job, Delivery delivery) {
			attempts.add(delivery.attempt());
			if (job.equals("bad")) {
				throw new IllegalStateException("never");
			}
		}

	}

}
