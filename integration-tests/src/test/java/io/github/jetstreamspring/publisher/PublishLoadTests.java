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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Publishers that never stop, whatever the server does.
 */
@Timeout(180)
@EmbeddedNats(shared = false)
class PublishLoadTests {

	private static final int MESSAGES = 100_000;

	private static final int RESTARTS = 3;

	@AutoClose
	private PublishServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = new PublishServer(embedded).stream((stream) -> stream);
	}

	@Test
	void whenTheServerRestartsThenWhatIsConfirmedIsStoredOnceAndFailuresAreReported() throws Exception {
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofSeconds(60), 1000));
		AtomicInteger confirmed = new AtomicInteger();
		CompletableFuture<Void> restarts = CompletableFuture.runAsync(() -> {
			for (int restart = 1; restart <= RESTARTS; restart++) {
				int due = restart * MESSAGES / (RESTARTS + 1);
				await().atMost(Duration.ofMinutes(1)).until(() -> confirmed.get() >= due);
				// Without a chance to tell its clients
				this.server.server().kill();
				this.server.server().restart();
			}
		});
		List<CompletableFuture<PublishResult>> futures = new ArrayList<>(MESSAGES);
		for (int i = 0; i < MESSAGES; i++) {
			CompletableFuture<PublishResult> future = template.message("x")
				.to("orders.load")
				.id("m-" + i)
				.publishAsync();
			future.whenComplete((result, failure) -> confirmed.incrementAndGet());
			futures.add(future);
		}
		restarts.get(2, TimeUnit.MINUTES);
		Map<String, Integer> stored = new HashMap<>();
		Set<String> notConfirmed = new HashSet<>();
		for (int i = 0; i < MESSAGES; i++) {
			try {
				futures.get(i).get(2, TimeUnit.MINUTES);
			}
			catch (ExecutionException ex) {
				assertThat(ex).hasCauseInstanceOf(JetStreamException.class);
				notConfirmed.add("m-" + i);
			}
		}
		readIds(stored);
		assertThat(stored.values()).as("Messages with the same id").allMatch((count) -> count == 1);
		for (int i = 0; i < MESSAGES; i++) {
			String id = "m-" + i;
			assertThat(stored.containsKey(id) || notConfirmed.contains(id)).as("Message %s is stored, or reported", id)
				.isTrue();
		}
		assertThat(template.inFlight()).isZero();
	}

	@Test
	void whenTheServerStopsUnderFullLoadThenNoMoreThanMayBeAreInFlight() throws Exception {
		int limit = 50;
		JetStreamTemplate template = this.server.template(new PublisherOptions(Duration.ofSeconds(1), limit));
		AtomicBoolean stopped = new AtomicBoolean();
		AtomicInteger most = new AtomicInteger();
		AtomicInteger called = new AtomicInteger();
		AtomicInteger stored = new AtomicInteger();
		AtomicInteger failed = new AtomicInteger();
		int callers = 8;
		ExecutorService executor = Executors.newFixedThreadPool(callers);
		try {
			for (int i = 0; i < callers; i++) {
				executor.execute(() -> {
					while (!stopped.get()) {
						called.incrementAndGet();
						template.publishAsync("orders.load", "x")
							.whenComplete((result, failure) -> ((failure != null) ? failed : stored).incrementAndGet());
						most.accumulateAndGet(inFlight(template), Math::max);
					}
				});
			}
			await().until(() -> stored.get() > 1000);
			this.server.server().stop();
			// Every caller has waited at the limit by then
			await().atMost(Duration.ofSeconds(30)).until(() -> failed.get() > 3 * limit);
			assertThat(this.server.observed()).contains("PublishTimeoutException");
			this.server.server().restart();
			int before = stored.get();
			await().atMost(Duration.ofSeconds(30)).until(() -> stored.get() > before + 1000);
		}
		finally {
			stopped.set(true);
			executor.shutdown();
		}
		assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
		await().atMost(Duration.ofSeconds(30)).until(() -> stored.get() + failed.get() == called.get());
		assertThat(most).hasValueLessThanOrEqualTo(limit);
		assertThat(template.inFlight()).isZero();
	}

	/**
	 * Counts what is in flight. It changes while it is counted, and a single count may be
	 * too high by what was confirmed and sent meanwhile.
	 */
	private static int inFlight(JetStreamTemplate template) {
		return IntStream.range(0, 3).map((look) -> template.inFlight()).min().orElseThrow();
	}

	private void readIds(Map<String, Integer> ids) throws Exception {
		await().until(() -> this.server.connection().getStatus() == Connection.Status.CONNECTED);
		long count = this.server.count();
		JetStreamSubscription subscription = this.server.connection()
			.jetStream()
			.subscribe("orders.>",
					PushSubscribeOptions.builder()
						.ordered(true)
						.configuration(ConsumerConfiguration.builder().headersOnly(true).build())
						.build());
		for (long i = 0; i < count; i++) {
			Message message = subscription.nextMessage(Duration.ofSeconds(30));
			assertThat(message).as("Message %d of %d", i, count).isNotNull();
			ids.merge(message.getHeaders().getFirst("Nats-Msg-Id"), 1, Integer::sum);
		}
		subscription.unsubscribe();
	}

}
