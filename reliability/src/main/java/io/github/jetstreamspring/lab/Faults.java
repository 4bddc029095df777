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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.lab.TcpProxy.Network;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.api.StreamConfiguration;

/**
 * Ways to disturb.
 */
final class Faults {

	// The servers of a cluster take up to nine seconds until they elect another leader
	static final Rules ELECTION = Rules.DEFAULTS.backWithin(Duration.ofSeconds(15));

	static final Scenario.Disturbance KILL_WORKERS = every(3000,
			(lab) -> lab.killWorker(lab.random().nextInt(lab.fleet().size())));

	static final Scenario.Disturbance KILL_SERVER = every(3000,
			(lab) -> lab.fault("server killed", 500, lab.servers().first()::kill, lab.servers().first()::restart));

	static final Scenario.Disturbance MOVE_CONSUMER = every(2000,
			(lab) -> stepDown(lab, "CONSUMER.LEADER.STEPDOWN.jobs.worker"));

	static final Scenario.Disturbance MOVE_STREAM = every(2000, (lab) -> stepDown(lab, "STREAM.LEADER.STEPDOWN.jobs"));

	static final Scenario.Disturbance KILL_NODES = every(4000, (lab) -> {
		EmbeddedNatsServer server = lab.servers().get(lab.anyServer());
		lab.fault("node killed", 1000, server::kill, server::restart);
	});

	static final Scenario.Disturbance FREEZE_WORKERS = every(1000, (lab) -> {
		LabProcess worker = lab.anyWorker();
		lab.fault("worker frozen", 7000, worker::freeze, worker::thaw);
	});

	static final Scenario.Disturbance HANG_SERVER = every(3000,
			(lab) -> lab.fault("server hangs", 3000, lab.servers().first()::pause, lab.servers().first()::resume));

	static final Scenario.Disturbance DELETE_CONSUMER = every(4000,
			(lab) -> lab.fault("consumer deleted", 0, () -> lab.management().deleteConsumer("jobs", "worker"), () -> {
			}));

	static final Scenario.Disturbance ISOLATE_NODES = every(6000, (lab) -> isolate(lab, lab.anyServer()));

	private Faults() {
	}

	static Scenario.Disturbance calm() {
		return every(1000, (lab) -> {
		});
	}

	static Scenario.Disturbance every(long millis, Scenario.Disturbance disturbance) {
		return (lab) -> {
			while (!lab.isOver()) {
				lab.sleep(millis);
				disturbance.disturb(lab);
			}
		};
	}

	/**
	 * Restarts the workers in turn.
	 */
	static Scenario.Disturbance rollWorkers() {
		AtomicInteger next = new AtomicInteger();
		return every(1000, (lab) -> lab.restartWorker(next.getAndIncrement() % lab.fleet().size()));
	}

	static void stepDown(Lab lab, String request) throws Exception {
		lab.fault("leader steps down", 0,
				() -> lab.connection().request("$JS.API." + request, new byte[0], Duration.ofSeconds(5)), () -> {
				});
	}

	/**
	 * Cuts a server off from the others for five seconds.
	 */
	static void isolate(Lab lab, int server) throws Exception {
		lab.fault("server isolated", 5000, () -> lab.servers().isolate(server, Network.CUT),
				() -> lab.servers().isolate(server, Network.SOUND));
	}

	/**
	 * Cuts the workers off for three seconds.
	 */
	static Scenario.Disturbance cut(Network network) {
		return every(3000, (lab) -> lab.fault("network cut", 3000, () -> lab.networks(network), () -> {
			lab.networks(Network.SOUND);
			lab.resetNetworks();
		}));
	}

	/**
	 * Changes a stream for three seconds.
	 */
	static Scenario.Disturbance change(String stream, UnaryOperator<StreamConfiguration.Builder> change) {
		return every(3000, (lab) -> {
			StreamConfiguration before = lab.management().getStreamInfo(stream).getConfiguration();
			lab.fault(stream + " changed", 3000,
					() -> lab.management().updateStream(change.apply(StreamConfiguration.builder(before)).build()),
					() -> lab.management().updateStream(before));
		});
	}

}
