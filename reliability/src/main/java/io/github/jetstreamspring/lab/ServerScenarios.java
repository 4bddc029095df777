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
import java.util.stream.Stream;

import io.github.jetstreamspring.lab.TcpProxy.Network;

/**
 * What is wrong with a single server, and with the network before it.
 */
final class ServerScenarios {

	private ServerScenarios() {
	}

	static Stream<Scenario> all() {
		return Stream.concat(servers(), networks());
	}

	private static Stream<Scenario> servers() {
		return Stream.of(Scenario.of("server-killed", "the server is killed and started again", Faults.KILL_SERVER),
				Scenario.of("server-restarted", "the server is stopped and started again",
						Faults.every(3000,
								(lab) -> lab.fault("server stopped", 500, lab.servers().first()::stop,
										lab.servers().first()::restart))),
				Scenario.of("server-hangs", "the server hangs for three seconds", Faults.HANG_SERVER),
				Scenario
					.of("delayed-jobs", "a third of the jobs is delayed, and the server is killed", Faults.KILL_SERVER)
					.publisher("--lab.delayed=33", "--lab.fails=500"),
				Scenario
					.of("long-retries", "a tenth of the jobs waits as schedules twice, and the server is killed",
							Faults.KILL_SERVER)
					.workers(3, "--jetstream.listener.retry.delay=1500ms")
					.publisher("--lab.fails=1000", "--lab.hopeless=50"),
				Scenario
					.of("disk-full", "the disk is full for three seconds, and the server is started again",
							Faults.every(4000, (lab) -> fill(lab, 0)))
					.servers(ServerPlan.SINGLE.onSmallDisks()),
				storeFull("the store of the server is full for three seconds", (lab) -> {
				}), Scenario.of("upgrade", "the server is replaced: nats-server 2.10 by the newest one", (lab) -> {
					lab.sleep(5000);
					lab.fault("server upgraded", 0, () -> lab.servers().upgrade(0), () -> {
					});
					Faults.calm().disturb(lab);
				})
					.servers(ServerPlan.SINGLE.fromOld())
					.workers(3, "--lab.schedules=false")
					.publisher("--lab.fails=500", "--lab.hopeless=50", "--lab.schedules=false"),
				Scenario
					.of("permissions-withdrawn",
							"for 20 s each: no requests for messages, no acks, no dead letters are allowed",
							ServerScenarios::withdrawPermissions)
					.servers(ServerPlan.SINGLE.withUsers()));
	}

	/**
	 * Somebody else takes all the room that the server has.
	 * @param what what happens, for the report
	 * @param cure what is done when there is room again
	 */
	static Scenario storeFull(String what, Scenario.Disturbance cure) {
		return Scenario.of("store-full", what,
				Faults.every(3000, (lab) -> lab.fault("store full", 3000, () -> Filler.fill(lab.connection()), () -> {
					Filler.empty(lab.connection());
					cure.disturb(lab);
				})))
			.servers(ServerPlan.SINGLE.config("jetstream { max_file_store: 8MB }"));
	}

	static void fill(Lab lab, int server) throws Exception {
		lab.fault("disk full", 3000, lab.servers().disk(server)::fill, () -> {
			lab.servers().disk(server).free();
			// It has switched JetStream off, and doesn't switch it on by itself
			lab.servers().get(server).restart();
		});
	}

	private static void withdrawPermissions(Lab lab) throws Exception {
		for (String subject : new String[] { "$JS.API.CONSUMER.MSG.NEXT.jobs.worker", "$JS.ACK.jobs.worker.>",
				"dead-letters.>" }) {
			lab.sleep(3000);
			lab.fault("not allowed: " + subject, 20_000,
					() -> lab.servers().permit("publish: { deny: \"" + subject + "\" }"),
					() -> lab.servers().permit(null));
		}
	}

	private static Stream<Scenario> networks() {
		return Stream.of(
				Scenario.of("network-cut",
						"everything between workers and server is swallowed for three seconds, and connections break",
						Faults.cut(Network.CUT)),
				Scenario.of("network-one-way",
						"what the server says is swallowed for three seconds, and connections break",
						Faults.cut(Network.ANSWERS_CUT)),
				Scenario.of("connections-reset", "all connections of the workers break",
						Faults.every(2000, (lab) -> lab.fault("connections reset", 0, lab::resetNetworks, () -> {
						}))),
				Scenario.of("network-slow", "everything takes 50 ms each way",
						(lab) -> lab.fault("network slow", Duration.ofSeconds(10).toMillis(),
								() -> lab.networks(Network.SLOW), () -> lab.networks(Network.SOUND))));
	}

}
