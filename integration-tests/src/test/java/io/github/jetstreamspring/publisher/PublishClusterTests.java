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

package io.github.jetstreamspring.publisher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.github.jetstreamspring.test.EmbeddedNatsCluster;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Publishing while a cluster of three servers has no quorum.
 */
@Execution(ExecutionMode.CONCURRENT)
class PublishClusterTests {

	private static final Duration OUTAGE = Duration.ofSeconds(7);

	private EmbeddedNatsCluster cluster;

	private Connection connection;

	private JetStreamTemplate template;

	@BeforeEach
	void startCluster() throws Exception {
		this.cluster = EmbeddedNatsCluster.start();
		this.connection = Nats.connect(Options.builder()
			.servers(this.cluster.urls().toArray(String[]::new))
			.maxReconnects(-1)
			.reconnectWait(Duration.ofMillis(200))
			.build());
		// A cluster takes a while until it has a leader that knows all its servers
		await().atMost(Duration.ofMinutes(2))
			.ignoreExceptions()
			.until(() -> this.connection.jetStreamManagement()
				.addStream(StreamConfiguration.builder()
					.name("orders")
					.subjects("orders.>")
					.retentionPolicy(RetentionPolicy.WorkQueue)
					.replicas(3)
					.build()) != null);
		this.template = new JetStreamTemplate(this.connection, JetStreamMessageConverters.json(JsonMapper.shared()),
				new PublisherOptions(Duration.ofSeconds(40), 1000), PublishObserver.NONE);
	}

	@AfterEach
	void close() throws Exception {
		if (this.template != null) {
			this.template.destroy();
		}
		this.connection.close();
		this.cluster.close();
	}

	@Test
	void whenTwoOfThreeServersAreGoneForSecondsThenEverythingIsStored() throws Exception {
		this.template.publish("orders.created", "known");
		List<EmbeddedNatsServer> others = others();
		others.forEach(EmbeddedNatsServer::kill);
		Map<String, CompletableFuture<PublishResult>> published = new LinkedHashMap<>();
		long start = System.nanoTime();
		CompletableFuture<PublishResult> unique = CompletableFuture
			.supplyAsync(() -> this.template.message("job").to("orders.unique").uniqueUntilDone("4711").publish());
		CompletableFuture<List<PublishResult>> several = CompletableFuture.supplyAsync(() -> this.template.publishAll(
				List.of(this.template.message(1).to("orders.first"), this.template.message(2).to("orders.second"))));
		await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).until(() -> {
			String id = "o-" + published.size();
			// One that nobody has published to before
			String subject = (published.size() % 2 == 0) ? "orders.created" : "orders.new." + id;
			published.put(id, this.template.message(id).to(subject).id(id).publishAsync());
			return System.nanoTime() - start > OUTAGE.toNanos();
		});
		assertThat(published.values()).noneMatch(CompletableFuture::isCompletedExceptionally);
		others.forEach(EmbeddedNatsServer::restart);
		assertThat(failures(published.values())).isEmpty();
		assertThat(unique.join().stream()).isEqualTo("orders");
		assertThat(several.join()).hasSize(2);
	}

	@Test
	void whenNobodySaysThatThereIsNoStreamThenThereMayBeOne() throws Exception {
		JetStreamTemplate impatient = new JetStreamTemplate(this.connection,
				JetStreamMessageConverters.json(JsonMapper.shared()), new PublisherOptions(Duration.ofSeconds(6), 10),
				PublishObserver.NONE);
		assertThatExceptionOfType(NoStreamException.class).isThrownBy(() -> impatient.publish("nobody.there", "x"));
		others().forEach(EmbeddedNatsServer::kill);
		// The leader needs ten seconds to notice that it is alone, and answers until then
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThatExceptionOfType(PublishTimeoutException.class)
				.isThrownBy(() -> impatient.publish("nobody.there", "x")));
		impatient.destroy();
	}

	private List<EmbeddedNatsServer> others() {
		String connected = this.connection.getConnectedUrl();
		return IntStream.range(0, 3)
			.mapToObj(this.cluster::server)
			.filter((server) -> !server.url().equals(connected))
			.toList();
	}

	private static List<String> failures(Iterable<CompletableFuture<PublishResult>> futures) {
		List<String> failures = new ArrayList<>();
		for (CompletableFuture<PublishResult> future : futures) {
			try {
				future.join();
			}
			catch (RuntimeException ex) {
				failures.add(ex.toString());
			}
		}
		return failures;
	}

}
