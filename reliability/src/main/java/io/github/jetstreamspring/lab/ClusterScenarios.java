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
import java.time.ZonedDateTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.jetstreamspring.lab.TcpProxy.Network;
import io.github.jetstreamspring.test.EmbeddedNatsServer;

/**
 * What is wrong with a cluster of three.
 */
final class ClusterScenarios {

	/**
	 * Runs only when it is asked for.
	 */
	static final String MARATHON = "marathon";

	private ClusterScenarios() {
	}

	static Stream<Scenario> all() {
		return Stream.of(leaders(), nodes(), Stream.of(marathon()))
			.flatMap((scenarios) -> scenarios)
			.map((scenario) -> {
				// Some have a cluster of their own kind
				return (scenario.servers().count() > 1) ? scenario : scenario.inCluster();
			});
	}

	private static Stream<Scenario> leaders() {
		return Stream.of(
				Scenario.of("stream-leader", "the stream's leader steps down", Faults.MOVE_STREAM)
					.rules(Rules.DEFAULTS.once()),
				Scenario.of("consumer-leader", "the consumer's leader steps down", Faults.MOVE_CONSUMER)
					.rules(Rules.DEFAULTS.once()),
				Scenario
					.of("consumer-leader-confirmed", "the consumer's leader steps down, acks are confirmed",
							Faults.MOVE_CONSUMER)
					.workers(3, "--jetstream.listener.ack=confirmed")
					.rules(Rules.DEFAULTS.once()),
				Scenario.of("atomic-groups", "jobs are published in groups of five, all or none; the leaders step down",
						Faults.every(2000, (lab) -> {
							Faults.stepDown(lab, "STREAM.LEADER.STEPDOWN.jobs");
							Faults.stepDown(lab, "CONSUMER.LEADER.STEPDOWN.jobs.worker");
						}))
					.workers(3, "--jetstream.streams.jobs.allow-atomic-publish=true")
					.publisher("--lab.group=5", "--lab.fails=500",
							"--jetstream.streams.jobs.allow-atomic-publish=true"),
				Scenario.of("fleet-paused", "all workers are paused for three seconds, and leaders step down",
						Faults.every(3000, (lab) -> lab.fault("fleet paused", 3000, () -> {
							lab.management().pauseConsumer("jobs", "worker", ZonedDateTime.now().plusMinutes(1));
							Faults.stepDown(lab, "CONSUMER.LEADER.STEPDOWN.jobs.worker");
						}, () -> lab.management().resumeConsumer("jobs", "worker"))))
					.rules(Faults.ELECTION),
				Scenario.of("leader-hangs", "the stream's leader hangs for three seconds", Faults.every(4000, (lab) -> {
					EmbeddedNatsServer leader = lab.servers().get(lab.leader("jobs"));
					lab.fault("leader hangs", 3000, leader::pause, leader::resume);
				})).rules(Faults.ELECTION),
				Scenario
					.of("leader-out-of-reach", "clients can't reach the server of the stream's leader for five seconds",
							Faults.every(4000, (lab) -> {
								TcpProxy network = lab.network(lab.leader("jobs"));
								lab.fault("leader out of reach", 5000, () -> network.become(Network.CUT), () -> {
									network.become(Network.SOUND);
									network.reset();
								});
							}))
					.rules(Faults.ELECTION),
				Scenario
					.of("leader-isolated",
							"the server of the stream's leader is cut off from the others for five seconds",
							Faults.every(6000, (lab) -> Faults.isolate(lab, lab.leader("jobs"))))
					.rules(Faults.ELECTION));
	}

	private static Scenario marathon() {
		long[] moved = { System.nanoTime() };
		return Scenario.of(MARATHON, "workers are killed at random, and a leader steps down every 30 s",
				Faults.every(3000, (lab) -> {
					lab.killWorker(lab.random().nextInt(lab.fleet().size()));
					if (System.nanoTime() - moved[0] > TimeUnit.SECONDS.toNanos(30)) {
						moved[0] = System.nanoTime();
						Faults.stepDown(lab, lab.random().nextBoolean() ? "STREAM.LEADER.STEPDOWN.jobs"
								: "CONSUMER.LEADER.STEPDOWN.jobs.worker");
					}
				}))
			.publisher("--lab.fails=100", "--lab.hopeless=10", "--lab.per-second=500")
			.lasts(Duration.ofMinutes(34));
	}

	private static Stream<Scenario> nodes() {
		return Stream.of(
				Scenario.of("node-killed", "one of three servers is killed and started again", Faults.KILL_NODES)
					.rules(Faults.ELECTION),
				Scenario
					.of("node-isolated", "one of three servers is cut off from the others for five seconds",
							Faults.ISOLATE_NODES)
					.rules(Faults.ELECTION),
				Scenario
					.of("node-disk-full", "the disk of one of three servers is full for three seconds",
							Faults.every(4000, (lab) -> ServerScenarios.fill(lab, lab.anyServer())))
					.servers(ServerPlan.CLUSTER.onSmallDisks())
					.rules(Faults.ELECTION),
				Scenario.of("rolling-servers", "three servers are stopped and started one after the other",
						rollServers()),
				Scenario
					.of("rolling-upgrade",
							"three servers are replaced one after the other: nats-server 2.10 by the newest",
							ClusterScenarios::upgrade)
					.servers(ServerPlan.CLUSTER.fromOld())
					.workers(3, "--lab.schedules=false")
					.publisher("--lab.fails=500", "--lab.hopeless=50", "--lab.schedules=false")
					.rules(Faults.ELECTION),
				Scenario.of("two-nodes-down", "two of three servers are gone for three seconds",
						Faults.every(8000, (lab) -> {
							List<EmbeddedNatsServer> all = lab.servers().all();
							lab.fault("two nodes down", 3000, () -> {
								all.get(0).kill();
								all.get(1).kill();
							}, () -> {
								all.get(0).restart();
								all.get(1).restart();
							});
						}))
					.rules(Faults.ELECTION));
	}

	private static Scenario.Disturbance rollServers() {
		AtomicInteger next = new AtomicInteger();
		return Faults.every(4000, (lab) -> {
			EmbeddedNatsServer server = lab.servers().get(next.getAndIncrement() % lab.servers().replicas());
			lab.fault("node stopped", 500, server::stop, server::restart);
		});
	}

	private static void upgrade(Lab lab) throws Exception {
		for (int i = 0; i < lab.servers().replicas(); i++) {
			int server = i;
			lab.sleep(Duration.ofSeconds(5).toMillis());
			lab.fault("node upgraded", 0, () -> lab.servers().upgrade(server), () -> {
			});
		}
		Faults.calm().disturb(lab);
	}

}
