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

package io.github.jetstreamspring.benchmarks;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.deadletter.RedriveOptions;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamManagement;
import io.nats.client.impl.Headers;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What people wait for who look at a great many dead letters, and redrive them. Letters
 * have headers as listeners write them, and are those of four consumers.
 */
final class ManyDeadLetters implements Benchmark {

	private static final int LETTERS = 1_000_000;

	private static final int CONSUMERS = 4;

	private static final int PAYLOAD = 256;

	private static final int IN_FLIGHT = 1000;

	private static final int PAGES = 20;

	private static final List<String> REASONS = List.of(
			"Failed after 10 attempts: Connection to host 10.0.0.%d refused",
			"Failed after 10 attempts: order %d is locked", "declined", "Customer %d is unknown");

	@Override
	public void run(EmbeddedNatsServer server, Settings settings, Report report) throws Exception {
		int count = settings.messagesOr(LETTERS);
		try (ConfigurableApplicationContext context = application(server)) {
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			store(server, count);
			DeadLetters letters = context.getBean(DeadLetters.class);
			report.values("%d dead letters".formatted(count));
			queries(count).forEach((name, query) -> report.values("page " + name, "ms", pages(letters, query)));
			report.values("summary", "s", summaries(letters, settings, count));
			report.values("redriven", "a second", redrives(letters));
			for (String stream : management.getStreamNames()) {
				management.deleteStream(stream);
			}
		}
	}

	private static ConfigurableApplicationContext application(EmbeddedNatsServer server) {
		List<String> arguments = new ArrayList<>(List.of("--jetstream.servers=" + server.url(),
				"--jetstream.topology.mode=update", "--jetstream.streams.jobs.subjects=jobs.>",
				// Nothing is ever in it
				"--jetstream.streams.jobs.retention=limits", "--jetstream.streams.dead-letters.subjects=dead-letters.>",
				"--jetstream.streams.dead-letters.retention=limits"));
		for (int consumer = 0; consumer < CONSUMERS; consumer++) {
			arguments.add("--jetstream.streams.jobs.consumers.worker-%d.filter-subjects=jobs.>".formatted(consumer));
		}
		return new SpringApplicationBuilder(ListenerWorker.Application.class).web(WebApplicationType.NONE)
			.registerShutdownHook(false)
			.run(arguments.toArray(String[]::new));
	}

	private static void store(EmbeddedNatsServer server, int count) throws Exception {
		Connection connection = RawConnections.open(server.url(), "letters");
		try {
			JetStream jetStream = connection.jetStream();
			Deque<CompletableFuture<?>> unconfirmed = new ArrayDeque<>();
			for (int number = 0; number < count; number++) {
				if (unconfirmed.size() == IN_FLIGHT) {
					unconfirmed.remove().join();
				}
				unconfirmed.add(jetStream.publishAsync("dead-letters.jobs.worker-%d".formatted(number % CONSUMERS),
						headers(number), Payload.create(number, 0, PAYLOAD)));
			}
			unconfirmed.forEach(CompletableFuture::join);
		}
		finally {
			RawConnections.close(connection);
		}
	}

	private static Headers headers(int number) {
		Instant time = Instant.parse("2026-01-01T00:00:00.123456789Z").plusMillis(number);
		return new Headers().add("Nats-Msg-Id", "letter-" + number)
			.add("Dead-Letter-Reason", REASONS.get(number % 7 % REASONS.size()).formatted(number))
			.add("Dead-Letter-Exception", "com.example.orders.Failure%dException".formatted(number % 3))
			.add("Dead-Letter-Exception-Message", "This could not be done with number " + number)
			.add("Dead-Letter-Stream", "jobs")
			.add("Dead-Letter-Subject", "jobs.created")
			.add("Dead-Letter-Sequence", Integer.toString(number + 1))
			.add("Dead-Letter-Consumer", "worker-" + number % CONSUMERS)
			.add("Dead-Letter-Attempts", "10")
			.add("Dead-Letter-Message-Id", "order-" + number)
			.add("Dead-Letter-Published", time.minusSeconds(60).toString())
			.add("Dead-Letter-First-Failure", time.minusSeconds(30).toString())
			.add("Dead-Letter-Time", time.toString())
			.add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
			.add("tenant", (number % 1000 == 0) ? "rare" : "usual");
	}

	private static Map<String, DeadLetterQuery> queries(int count) {
		Map<String, DeadLetterQuery> queries = new LinkedHashMap<>();
		queries.put("oldest", DeadLetterQuery.all());
		queries.put("newest", DeadLetterQuery.all().newestFirst());
		queries.put("in the middle", DeadLetterQuery.all().from(Math.max(1, count / 2)));
		queries.put("of a consumer", DeadLetterQuery.all().consumer("worker-1"));
		queries.put("with a reason", DeadLetterQuery.all().reason("DECLINED"));
		queries.put("with a rare header", DeadLetterQuery.all().header("tenant", "rare"));
		queries.put("with what none has", DeadLetterQuery.all().reason("nothing of the kind"));
		return queries;
	}

	// What the first ones cost a JVM that has just started isn't of interest
	private static List<Double> pages(DeadLetters letters, DeadLetterQuery query) {
		List<Double> times = new ArrayList<>();
		for (int page = -PAGES; page < PAGES; page++) {
			long start = System.nanoTime();
			letters.find(query);
			if (page >= 0) {
				times.add((System.nanoTime() - start) / 1e6);
			}
		}
		return times;
	}

	private static List<Double> summaries(DeadLetters letters, Settings settings, int count) {
		List<Double> times = new ArrayList<>();
		for (int round = -Math.min(1, settings.warmup()); round < settings.rounds(); round++) {
			long start = System.nanoTime();
			long total = letters.summary().total();
			if (total != count) {
				throw new IllegalStateException("The summary is of %d letters".formatted(total));
			}
			if (round >= 0) {
				times.add((System.nanoTime() - start) / 1e9);
			}
		}
		return times;
	}

	// One consumer after the other
	private static List<Double> redrives(DeadLetters letters) {
		List<Double> perSecond = new ArrayList<>();
		for (int consumer = 0; consumer < CONSUMERS; consumer++) {
			long start = System.nanoTime();
			long redriven = letters
				.redrive(DeadLetterQuery.all().consumer("worker-" + consumer), RedriveOptions.defaults())
				.redriven();
			perSecond.add(redriven * 1e9 / (System.nanoTime() - start));
		}
		return perSecond;
	}

}
