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
import java.util.Set;
import java.util.stream.Stream;

import io.github.jetstreamspring.lab.TcpProxy.Network;

/**
 * Listeners that work in other ways, in the faults that concern them.
 */
final class ModeScenarios {

	private static final String WORKER = "--jetstream.streams.jobs.consumers.worker.";

	// There are many of these
	private static final Duration TIME = Duration.ofSeconds(12);

	// What happens to servers that keep schedules; others of these scenarios have a mode
	// of their own
	private static final Set<String> SERVER_FAULTS = Set.of("server-restarted", "server-hangs", "disk-full",
			"network-cut", "stream-leader", "consumer-leader", "leader-hangs", "leader-isolated", "node-killed",
			"node-isolated", "node-disk-full", "rolling-servers", "two-nodes-down");

	private static final Scenario.Disturbance KILLS = Faults.every(3000, (lab) -> {
		lab.fault("server killed", 300, lab.servers().first()::kill, lab.servers().first()::restart);
		lab.sleep(1000);
		lab.killWorker(lab.random().nextInt(lab.fleet().size()));
	});

	private ModeScenarios() {
	}

	static Stream<Scenario> all() {
		return Stream.of(Stream.of(
				ordered(Scenario.of("ordered", "one worker in order, the server is killed", Faults.KILL_SERVER)),
				exclusive(Scenario.of("exclusive",
						"two instances of which one gets messages, in order; server and workers are killed", KILLS)),
				batches(Scenario.of("batches", "batches; server and workers are killed", KILLS))),
				faults().map((scenario) -> ordered(named("ordered", "one worker in order", scenario))),
				faults().map((scenario) -> exclusive(named("exclusive", "one of two instances, in order", scenario))),
				faults().map((scenario) -> batches(named("batches", "batches", scenario))),
				serverFaults().map(ModeScenarios::scheduled))
			.flatMap((scenarios) -> scenarios);
	}

	private static Stream<Scenario> faults() {
		return Stream.of(Scenario.of("worker-killed", "workers are killed", Faults.KILL_WORKERS),
				Scenario.of("rolling-restart", "workers are replaced", Faults.rollWorkers()),
				Scenario.of("rolling-restart-cluster", "workers of a cluster are replaced", Faults.rollWorkers())
					.inCluster(),
				Scenario.of("worker-frozen", "workers are frozen for longer than their leases", Faults.FREEZE_WORKERS),
				Scenario.of("server-hangs", "the server hangs", Faults.HANG_SERVER),
				Scenario.of("consumer-deleted", "the consumer is deleted by hand", Faults.DELETE_CONSUMER),
				Scenario.of("network-cut", "the network is cut", Faults.cut(Network.CUT)),
				Scenario.of("consumer-leader", "the consumer's leader steps down", Faults.MOVE_CONSUMER).inCluster(),
				Scenario.of("node-killed", "a server of three is killed", Faults.KILL_NODES).inCluster(),
				Scenario.of("node-isolated", "a server of three is cut off", Faults.ISOLATE_NODES).inCluster());
	}

	private static Stream<Scenario> serverFaults() {
		return Stream.concat(Stream.concat(ServerScenarios.all(), ClusterScenarios.all())
			.filter((scenario) -> SERVER_FAULTS.contains(scenario.name())), Stream.of(storeFullOfSchedules()));
	}

	// A schedule that the server could not publish stays, even when there is room again,
	// until the server is started anew
	private static Scenario storeFullOfSchedules() {
		return ServerScenarios.storeFull(
				"the store of the server is full for three seconds, and the server is started again",
				(lab) -> lab.servers().first().restart());
	}

	private static Scenario named(String mode, String what, Scenario scenario) {
		return scenario.named(mode + "-" + scenario.name(), what + "; " + scenario.what()).lasts(TIME);
	}

	private static Scenario ordered(Scenario scenario) {
		return scenario.workers(1, "--lab.ordered-by=token(2)")
			.publisher("--lab.fails=300", "--lab.hopeless=50")
			.rules(Faults.ELECTION.ordered(Rules.Order.IN_EACH));
	}

	private static Scenario exclusive(Scenario scenario) {
		return scenario
			.workers(2, "--lab.ordered-by=token(2)", "--lab.exclusive=true", WORKER + "priority-policy=pinned-client",
					WORKER + "priority-groups=workers", WORKER + "priority-timeout=8s")
			.publisher("--lab.fails=300", "--lab.hopeless=50")
			.rules(Faults.ELECTION.ordered(Rules.Order.IN_ALL));
	}

	// Some for the first time, others for a far attempt
	private static Scenario scheduled(Scenario scenario) {
		String what = "as `%s`, while many jobs wait as schedules".formatted(scenario.name());
		return scenario.named("schedules-" + scenario.name(), what)
			.lasts(TIME)
			.workers(3, "--jetstream.listener.retry.delay=1500ms")
			.publisher("--lab.fails=1000", "--lab.delayed=10");
	}

	private static Scenario batches(Scenario scenario) {
		return scenario
			.workers(3, "--lab.batch=true", "--jetstream.listener.batch.size=20",
					"--jetstream.listener.batch.timeout=50ms")
			.rules(Faults.ELECTION);
	}

}
