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
import java.util.stream.Stream;

import io.nats.client.impl.Headers;

/**
 * What is wrong with workers, their handlers and their messages.
 */
final class WorkerScenarios {

	private WorkerScenarios() {
	}

	static Stream<Scenario> all() {
		return Stream.concat(workers(), messages());
	}

	private static Stream<Scenario> workers() {
		return Stream.of(
				Scenario.of("worker-killed", "one of three workers is killed, again and again", Faults.KILL_WORKERS),
				Scenario
					.of("rolling-restart", "workers are asked to end one after the other, and others take their places",
							Faults.rollWorkers())
					.rules(Rules.DEFAULTS.once()),
				Scenario.of("worker-frozen", "a worker is frozen for longer than its leases, and goes on",
						Faults.FREEZE_WORKERS),
				Scenario
					.of("clock-jumps", "the clock of a worker is set an hour ahead or back for three seconds",
							Faults.every(2000, WorkerScenarios::jump))
					.workers(3, "--jetstream.listener.retry.delay=1500ms")
					.withClocks());
	}

	private static void jump(Lab lab) throws Exception {
		FakeClock clock = lab.clock(lab.anyWorker().actor());
		Duration hour = Duration.ofHours(lab.random().nextBoolean() ? 1 : -1);
		lab.fault("clock jumps", 3000, () -> clock.set(hour), () -> clock.set(Duration.ZERO));
	}

	private static Stream<Scenario> messages() {
		return Stream.of(
				Scenario
					.of("handlers-hang", "one job in five hundred hangs, and is interrupted after max-run-time",
							Faults.calm())
					.publisher("--lab.hangs=20", "--lab.fails=500"),
				Scenario.of("handlers-starve", "one job in fifty ends with an OutOfMemoryError", Faults.calm())
					.publisher("--lab.starves=200", "--lab.fails=500"),
				Scenario.of("poison", "a few jobs kill their JVM in every attempt", Faults.calm())
					.workers(3, "--jetstream.listener.retry.max-attempts=2",
							"--jetstream.listener.retry.max-deliveries=3")
					.publisher("--lab.kills=15", "--lab.per-second=100")
					// What has just started may be killed by the next one
					.rules(Rules.DEFAULTS.backWithin(Duration.ofSeconds(30))),
				Scenario.of("garbage", "messages that nobody can read, and forged headers, are mixed in",
						Faults.every(20, WorkerScenarios::garbage)),
				Scenario
					.of("redrive-killed", "dead letters are redriven all the time, by a process that is killed",
							Faults.every(4000, Lab::killRedriver))
					.publisher("--lab.fails=500", "--lab.returns=1000")
					.withRedriver());
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

}
