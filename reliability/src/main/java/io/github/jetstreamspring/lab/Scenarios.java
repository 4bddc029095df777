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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.github.jetstreamspring.lab.TcpProxy.Network;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;

/**
 * All that is disturbed.
 */
final class Scenarios {

	/**
	 * Those that run in every build.
	 */
	private static final List<String> SHORT = List.of("worker-killed", "rolling-restart", "server-killed");

	private static final String WORKER = "--jetstream.streams.jobs.consumers.worker.";

	private static final Rules DEFAULTS = Rules.DEFAULTS;

	// The servers of a cluster take up to nine seconds until they elect another leader
	private static final Duration ELECTION = Duration.ofSeconds(15);

	private Scenarios() {
	}

	/**
	 * Returns the scenarios of a name.
	 * @param which the name of one, {@code short} or {@code all}
	 */
	static List<Scenario> of(String which) {
		List<Scenario> found = all().filter((scenario) -> switch (which) {
			case "all" -> true;
			case "short" -> SHORT.contains(scenario.name());
			default -> which.equals(scenario.name());
		}).toList();
		if (found.isEmpty()) {
			throw new IllegalArgumentException("There is no scenario '%s', only short, all and %s".formatted(which,
					all().map(Scenario::name).toList()));
		}
		return found;
	}

	private static Stream<Scenario> all() {
		return Stream.of(workers(), handlers(), servers(), networks(), topology(), modes(), clusters())
			.flatMap((scenarios) -> scenarios);
	}

	private static Stream<Scenario> workers() {
		return Stream.of(
				Scenario.of("worker-killed", "one of three workers is killed, again and again",
						every(3000, (lab) -> lab.killWorker(lab.random().nextInt(lab.workers())))),
				Scenario
					.of("rolling-restart", "workers are asked to end one after the other, and others take their places",
							every(1000, new Scenario.Disturbance() {

								private int next;

								@Override
								public void disturb(Lab lab) throws Exception {
									lab.restartWorker(this.next++ % lab.workers());
								}

							}))
					.rules(DEFAULTS.once()),
				Scenario.of("worker-frozen", "a worker is frozen for longer than its leases, and goes on",
						every(1000, (lab) -> {
							LabProcess worker = lab.worker(lab.random().nextInt(lab.workers()));
							lab.fault("worker frozen", 7000, worker::freeze, worker::thaw);
						})));
	}

	private static Stream<Scenario> handlers() {
		return Stream.of(
				Scenario
					.of("handlers-hang", "one job in five hundred hangs, and is interrupted after max-run-time", calm())
					.publisher("--lab.hangs=20", "--lab.fails=500"),
				Scenario.of("handlers-starve", "one job in fifty ends with an OutOfMemoryError", calm())
					.publisher("--lab.starves=200", "--lab.fails=500"),
				Scenario.of("poison", "a few jobs kill their JVM in every attempt", calm())
					.workers(3, "--jetstream.listener.retry.max-attempts=2",
							"--jetstream.listener.retry.max-deliveries=3")
					.publisher("--lab.kills=15", "--lab.per-second=100"),
				Scenario.of("garbage", "messages that nobody can read, and forged headers, are mixed in",
						every(20, Scenarios::garbage)));
	}

	private static Stream<Scenario> servers() {
		return Stream.of(
				Scenario.of("server-killed", "the server is killed and started again",
						every(3000,
								(lab) -> lab.fault("server killed", 500, lab.servers().first()::kill,
										lab.servers().first()::restart))),
				Scenario.of("server-restarted", "the server is stopped and started again",
						every(3000,
								(lab) -> lab.fault("server stopped", 500, lab.servers().first()::stop,
										lab.servers().first()::restart))),
				Scenario.of("server-hangs", "the server hangs for three seconds",
						every(3000,
								(lab) -> lab.fault("server hangs", 3000, lab.servers().first()::pause,
										lab.servers().first()::resume))),
				Scenario
					.of("delayed-jobs", "a third of the jobs is delayed, and the server is killed",
							every(3000,
									(lab) -> lab.fault("server killed", 500, lab.servers().first()::kill,
											lab.servers().first()::restart)))
					.publisher("--lab.delayed=33", "--lab.fails=500"));
	}

	private static Stream<Scenario> networks() {
		return Stream.of(
				Scenario.of("network-cut",
						"everything between workers and server is swallowed for three seconds, and connections break",
						every(3000, (lab) -> cut(lab, Network.CUT))),
				Scenario.of("network-one-way",
						"what the server says is swallowed for three seconds, and connections break",
						every(3000, (lab) -> cut(lab, Network.ANSWERS_CUT))),
				Scenario.of("connections-reset", "all connections of the workers break",
						every(2000, (lab) -> lab.fault("connections reset", 0, lab::resetNetworks, () -> {
						}))),
				Scenario.of("network-slow", "everything takes 50 ms each way", (lab) -> lab.fault("network slow",
						10_000, () -> lab.networks(Network.SLOW), () -> lab.networks(Network.SOUND))));
	}

	private static void cut(Lab lab, Network network) throws Exception {
		lab.fault("network cut", 3000, () -> lab.networks(network), () -> {
			lab.networks(Network.SOUND);
			lab.resetNetworks();
		});
	}

	private static Stream<Scenario> topology() {
		return Stream.of(Scenario.of("consumer-deleted", "the consumer is deleted by hand", every(4000, (lab) -> lab
			.fault("consumer deleted", 0, () -> lab.management().deleteConsumer("jobs", "worker"), () -> {
			}))),
				Scenario.of("stream-deleted", "the stream is deleted by hand, with all that is in it",
						every(6000,
								(lab) -> lab.destroy("stream deleted", () -> lab.management().deleteStream("jobs")))),
				Scenario.of("stream-full", "the stream takes no more messages for three seconds", every(3000, (lab) -> {
					StreamConfiguration before = lab.management().getStreamInfo("jobs").getConfiguration();
					lab.fault("stream full", 3000,
							() -> lab.management()
								.updateStream(StreamConfiguration.builder(before)
									.maxMessages(1)
									.discardPolicy(DiscardPolicy.New)
									.build()),
							() -> lab.management().updateStream(before));
				})).workers(3, "--lab.schedules=false").publisher("--lab.fails=500", "--lab.schedules=false"),
				Scenario.of("dead-letters-full", "the dead-letter stream takes no more messages for three seconds",
						every(3000, (lab) -> {
							StreamConfiguration before = lab.management()
								.getStreamInfo("dead-letters")
								.getConfiguration();
							lab.fault("dead letters full", 3000,
									() -> lab.management()
										.updateStream(StreamConfiguration.builder(before)
											.maxMessages(1)
											.discardPolicy(DiscardPolicy.New)
											.build()),
									() -> lab.management().updateStream(before));
						})));
	}

	private static Stream<Scenario> modes() {
		Scenario.Disturbance kills = every(3000, (lab) -> {
			lab.fault("server killed", 300, lab.servers().first()::kill, lab.servers().first()::restart);
			lab.sleep(1000);
			lab.killWorker(lab.random().nextInt(lab.workers()));
		});
		return Stream.of(
				Scenario
					.of("ordered", "one worker in order, the server is killed",
							every(3000,
									(lab) -> lab.fault("server killed", 300, lab.servers().first()::kill,
											lab.servers().first()::restart)))
					.workers(1, "--lab.ordered-by=token(2)")
					.publisher("--lab.fails=300")
					.rules(DEFAULTS.inOrder()),
				Scenario
					.of("exclusive",
							"two instances of which one gets messages, in order; server and workers are killed", kills)
					.workers(2, "--lab.ordered-by=token(2)", "--lab.exclusive=true",
							WORKER + "priority-policy=pinned-client", WORKER + "priority-groups=workers",
							WORKER + "priority-timeout=8s")
					.publisher("--lab.fails=300")
					.rules(DEFAULTS.inOrder().backWithin(ELECTION)),
				Scenario.of("batches", "batches; server and workers are killed", kills)
					.workers(3, "--lab.batch=true", "--jetstream.listener.batch.size=20",
							"--jetstream.listener.batch.timeout=50ms"));
	}

	private static Stream<Scenario> clusters() {
		return Stream.of(
				Scenario
					.of("stream-leader", "the stream's leader steps down",
							every(2000, (lab) -> stepDown(lab, "STREAM.LEADER.STEPDOWN.jobs")))
					.rules(DEFAULTS.once()),
				Scenario
					.of("consumer-leader", "the consumer's leader steps down",
							every(2000, (lab) -> stepDown(lab, "CONSUMER.LEADER.STEPDOWN.jobs.worker")))
					.rules(DEFAULTS.once()),
				Scenario
					.of("consumer-leader-confirmed", "the same with confirmed acks",
							every(2000, (lab) -> stepDown(lab, "CONSUMER.LEADER.STEPDOWN.jobs.worker")))
					.workers(3, "--jetstream.listener.ack=confirmed")
					.rules(DEFAULTS.once()),
				Scenario.of("node-killed", "one of three servers is killed and started again", every(4000, (lab) -> {
					EmbeddedNatsServer server = lab.servers().all().get(lab.random().nextInt(lab.servers().replicas()));
					lab.fault("node killed", 1000, server::kill, server::restart);
				})).rules(DEFAULTS.backWithin(ELECTION)), Scenario.of("rolling-servers",
						"three servers are stopped and started one after the other", new Scenario.Disturbance() {

							private int next;

							@Override
							public void disturb(Lab lab) throws Exception {
								while (!lab.isOver()) {
									lab.sleep(4000);
									EmbeddedNatsServer server = lab.servers()
										.all()
										.get(this.next++ % lab.servers().replicas());
									lab.fault("node stopped", 500, server::stop, server::restart);
								}
							}

						}),
				Scenario.of("leader-hangs", "the stream's leader hangs for three seconds", every(4000, (lab) -> {
					EmbeddedNatsServer leader = lab.servers().leader("jobs");
					lab.fault("leader hangs", 3000, leader::pause, leader::resume);
				})).rules(DEFAULTS.backWithin(ELECTION)),
				Scenario.of("two-nodes-down", "two of three servers are gone for three seconds", every(8000, (lab) -> {
					List<EmbeddedNatsServer> all = lab.servers().all();
					lab.fault("two nodes down", 3000, () -> {
						all.get(0).kill();
						all.get(1).kill();
					}, () -> {
						all.get(0).restart();
						all.get(1).restart();
					});
				})).rules(DEFAULTS.backWithin(ELECTION)))
			.map(Scenario::inCluster);
	}

	private static void stepDown(Lab lab, String request) throws Exception {
		lab.fault("leader steps down", 0,
				() -> lab.connection().request("$JS.API." + request, new byte[0], Duration.ofSeconds(5)), () -> {
				});
	}

	private static void garbage(Lab lab) {
		byte[][] payloads = { {}, "{".getBytes(StandardCharsets.UTF_8), "null".getBytes(StandardCharsets.UTF_8),
				new byte[1000], "[[[[[[[[[[".getBytes(StandardCharsets.UTF_8) };
		Headers headers = new Headers();
		headers.put("JetStream-Retry-Attempts", "1000");
		headers.put("Dead-Letter-Consumer", "worker");
		headers.put("Nats-Marker-Reason", "Purge");
		lab.connection().publish("jobs.garbage", headers, payloads[lab.random().nextInt(payloads.length)]);
	}

	private static Scenario.Disturbance calm() {
		return every(1000, (lab) -> {
		});
	}

	private static Scenario.Disturbance every(long millis, Scenario.Disturbance disturbance) {
		return (lab) -> {
			while (!lab.isOver()) {
				lab.sleep(millis);
				disturbance.disturb(lab);
			}
		};
	}

}
