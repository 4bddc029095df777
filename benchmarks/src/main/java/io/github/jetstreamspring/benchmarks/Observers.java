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

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.listener.DeliveryObserver;
import io.github.jetstreamspring.listener.FollowedRun;
import io.github.jetstreamspring.listener.Settlement;
import io.github.jetstreamspring.test.EmbeddedNatsServer;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What log context, meters and observations cost for each message, without the message:
 * the CPU time of the one thread that does it, which a busy machine hardly changes.
 */
final class Observers implements Benchmark {

	private static final int MESSAGES = 500_000;

	private static final String LISTENER = "worker";

	private static final Duration TIME = Duration.ofNanos(1234);

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	@Override
	public void run(EmbeddedNatsServer server, Settings settings, Report report) throws Exception {
		report.values("observers: %d messages a round".formatted(settings.messagesOr(MESSAGES)));
		Map<String, String[]> sides = new LinkedHashMap<>();
		sides.put("nothing", new String[] { "--jetstream.log-context.enabled=false" });
		sides.put("log context", new String[0]);
		sides.put("meters", new String[] { "--jetstream.log-context.enabled=false", "--spring.autoconfigure.exclude=",
				"--jetstream.observation.enabled=false" });
		sides.put("meters and observations",
				new String[] { "--jetstream.log-context.enabled=false", "--spring.autoconfigure.exclude=" });
		for (Map.Entry<String, String[]> side : sides.entrySet()) {
			try (ConfigurableApplicationContext context = application(server, side.getValue())) {
				List<DeliveryObserver> observers = context.getBeanProvider(DeliveryObserver.class)
					.orderedStream()
					.toList();
				report.values(side.getKey(), "ns a message", nanos(observers, settings));
			}
		}
	}

	private static ConfigurableApplicationContext application(EmbeddedNatsServer server, String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--jetstream.servers=" + server.url()));
		arguments.addAll(List.of(properties));
		return new SpringApplicationBuilder(ListenerWorker.Application.class).web(WebApplicationType.NONE)
			.registerShutdownHook(false)
			.run(arguments.toArray(String[]::new));
	}

	private List<Double> nanos(List<DeliveryObserver> observers, Settings settings) {
		int messages = settings.messagesOr(MESSAGES);
		List<Double> rounds = new ArrayList<>();
		for (int round = -settings.warmup(); round < settings.rounds(); round++) {
			long start = this.threads.getCurrentThreadCpuTime();
			for (int number = 0; number < messages; number++) {
				handle(observers, new ObservedJob(number));
			}
			if (round >= 0) {
				rounds.add((this.threads.getCurrentThreadCpuTime() - start) / (double) messages);
			}
		}
		return rounds;
	}

	// As a listener does it
	private static void handle(List<DeliveryObserver> observers, ObservedJob job) {
		List<FollowedRun> runs = new ArrayList<>(observers.size());
		List<FollowedRun.Scope> scopes = new ArrayList<>(observers.size());
		for (DeliveryObserver observer : observers) {
			FollowedRun run = observer.follow(LISTENER, job);
			if (run != null) {
				runs.add(run);
				scopes.add(run.enter());
			}
		}
		for (int i = scopes.size() - 1; i >= 0; i--) {
			scopes.get(i).close();
		}
		for (int i = runs.size() - 1; i >= 0; i--) {
			runs.get(i).ended(Settlement.HANDLED, TIME, null);
		}
		for (DeliveryObserver observer : observers) {
			observer.settled(LISTENER, Settlement.HANDLED, TIME, null);
		}
	}

}
