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

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.lab.Event.Type;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamInfoOptions;

/**
 * Servers, a publisher and workers, and the ways to disturb them.
 */
final class Lab implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private static final long LOOK_MILLIS = 100;

	private final Scenario scenario;

	private final Path folder;

	private final Random random;

	private final long endNanos;

	private final Servers servers;

	private final List<TcpProxy> networks = new ArrayList<>();

	private final Connection connection;

	private final Ledger ledger;

	private final PlainClient plainClient;

	private final List<LabProcess> workers = new ArrayList<>();

	private final LabProcess publisher;

	private final Thread supervisor = new Thread(this::supervise, "supervisor");

	private volatile boolean supervising = true;

	private int faults;

	Lab(Scenario scenario, Path folder, long seed, Duration time) throws Exception {
		this.scenario = scenario;
		this.folder = folder;
		this.random = new Random(seed);
		this.ledger = Ledger.open(folder, "lab");
		this.servers = Servers.start(scenario.cluster());
		for (EmbeddedNatsServer server : this.servers.all()) {
			this.networks.add(TcpProxy.to(server.port()));
		}
		List<String> urls = this.servers.all().stream().map(EmbeddedNatsServer::url).toList();
		this.connection = Nats.connect(Options.builder()
			.servers(urls.toArray(String[]::new))
			.maxReconnects(-1)
			.reconnectWait(Duration.ofMillis(100))
			.build());
		this.plainClient = new PlainClient(urls, this.servers.replicas());
		// Declares the streams
		this.workers.add(worker("worker-0"));
		awaitConsumer();
		for (int i = 1; i < scenario.workers(); i++) {
			this.workers.add(worker("worker-" + i));
		}
		List<String> arguments = arguments(urls, scenario.publisher());
		arguments.add("--lab.seed=" + seed);
		this.publisher = LabProcess.start(LabPublisher.class, folder, "p", arguments);
		awaitProgress();
		this.endNanos = System.nanoTime() + time.toNanos();
		this.supervisor.setDaemon(true);
		this.supervisor.start();
	}

	private List<String> arguments(List<String> urls, List<String> own) {
		List<String> arguments = new ArrayList<>(own);
		arguments.add("--jetstream.servers=" + String.join(",", urls));
		arguments.add("--lab.replicas=" + this.servers.replicas());
		return arguments;
	}

	private LabProcess worker(String actor) {
		return LabProcess.start(LabWorker.class, this.folder, actor,
				arguments(this.networks.stream().map(TcpProxy::url).toList(), this.scenario.worker()));
	}

	private void awaitConsumer() throws Exception {
		await("consumer", () -> this.connection.jetStreamManagement().getConsumerInfo("jobs", "worker") != null);
	}

	private void awaitProgress() throws Exception {
		await("first jobs", () -> Ledger.read(this.folder).stream().anyMatch((event) -> event.type() == Type.DONE));
	}

	/**
	 * Returns whether the time of the scenario is over.
	 */
	boolean isOver() {
		return System.nanoTime() - this.endNanos > 0;
	}

	Random random() {
		return this.random;
	}

	Servers servers() {
		return this.servers;
	}

	JetStreamManagement management() throws Exception {
		return this.connection.jetStreamManagement();
	}

	Connection connection() {
		return this.connection;
	}

	int workers() {
		return this.workers.size();
	}

	LabProcess worker(int index) {
		return this.workers.get(index);
	}

	void networks(TcpProxy.Network network) {
		this.networks.forEach((proxy) -> proxy.become(network));
	}

	void resetNetworks() throws Exception {
		for (TcpProxy proxy : this.networks) {
			proxy.reset();
		}
	}

	void sleep(long millis) throws InterruptedException {
		TimeUnit.MILLISECONDS.sleep(millis);
	}

	/**
	 * Disturbs.
	 * @param what the fault
	 * @param millis how long it lasts
	 * @param begin begins it
	 * @param end ends it
	 */
	void fault(String what, long millis, Step begin, Step end) throws Exception {
		fault(what, "", millis, begin, end);
	}

	/**
	 * Destroys what is stored.
	 * @param what the fault
	 * @param step destroys it
	 */
	void destroy(String what, Step step) throws Exception {
		fault(what, Checker.DESTROYS, 0, step, () -> {
		});
	}

	private void fault(String what, String detail, long millis, Step begin, Step end) throws Exception {
		String name = what + "-" + this.faults++;
		this.ledger.write(Type.FAULT, name, 0, detail);
		begin.run();
		sleep(millis);
		end.run();
		this.ledger.write(Type.CURED, name, 0, detail);
	}

	/**
	 * Kills a worker, and starts another one in its place.
	 */
	void killWorker(int index) throws Exception {
		fault("worker killed", 0, () -> this.workers.get(index).kill(), () -> {
			replace(index);
			await(() -> Ledger.isWritten(this.folder, this.workers.get(index).actor()));
		});
	}

	/**
	 * Asks a worker to end, and starts another one in its place.
	 */
	void restartWorker(int index) throws Exception {
		fault("worker restarted", 0, () -> {
			LabProcess worker = this.workers.get(index);
			LabProcess next = worker("worker-" + index + "-" + this.faults);
			await(() -> Ledger.isWritten(this.folder, next.actor()));
			// Before the other one ends, which isn't to be taken for one that has died
			this.workers.set(index, next);
			worker.terminate();
		}, () -> {
		});
	}

	private synchronized void replace(int index) {
		if (!this.workers.get(index).isAlive()) {
			this.workers.set(index, worker("worker-" + index + "-" + this.faults++));
		}
	}

	// As a container platform does, for those that a job has killed
	private void supervise() {
		while (this.supervising) {
			for (int i = 0; i < this.workers.size(); i++) {
				if (!this.workers.get(i).isAlive()) {
					String name = "worker died-" + System.nanoTime();
					this.ledger.write(Type.FAULT, name);
					replace(i);
					this.ledger.write(Type.CURED, name);
				}
			}
			try {
				sleep(LOOK_MILLIS);
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

	/**
	 * Publishes no more, waits until all is handled, and stops all.
	 * @return what is left
	 */
	Outcome finish() throws Exception {
		this.publisher.finish();
		boolean drained = await(this::isDrained);
		this.supervising = false;
		this.supervisor.join();
		for (LabProcess worker : this.workers) {
			worker.terminate();
		}
		int forgotten = this.plainClient.forgotten();
		Leftovers leftovers = Leftovers.read(this.connection);
		return new Outcome(Checker.check(Ledger.read(this.folder), leftovers), forgotten, drained);
	}

	private boolean isDrained() throws Exception {
		ConsumerInfo consumer = management().getConsumerInfo("jobs", "worker");
		if (consumer.getNumPending() > 0 || consumer.getNumAckPending() > 0) {
			return false;
		}
		StreamInfo waiting = management().getStreamInfo("jobs", StreamInfoOptions.filterSubjects("_schedules.>"));
		return waiting.getStreamState().getSubjectCount() == 0 || waiting.getStreamState().getSubjects().isEmpty();
	}

	private void await(String what, Condition condition) throws Exception {
		boolean there = await(() -> !this.workers.get(0).isAlive() || condition.holds());
		if (!there || !this.workers.get(0).isAlive()) {
			throw new IllegalStateException("No " + what + " within " + PATIENCE + ":\n" + this.workers.get(0).log());
		}
	}

	private boolean await(Condition condition) throws Exception {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (System.nanoTime() - deadline < 0) {
			try {
				if (condition.holds()) {
					return true;
				}
			}
			catch (InterruptedException ex) {
				throw ex;
			}
			catch (Exception ex) {
				// The server is away, or the consumer isn't there yet
			}
			sleep(LOOK_MILLIS);
		}
		return false;
	}

	@Override
	public void close() throws IOException {
		this.supervising = false;
		this.publisher.close();
		this.workers.forEach(LabProcess::close);
		this.plainClient.close();
		try {
			this.connection.close();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		for (TcpProxy proxy : this.networks) {
			proxy.close();
		}
		this.servers.close();
		this.ledger.close();
	}

	/**
	 * How a run has ended.
	 *
	 * @param verdict what the checker has found
	 * @param forgotten how many messages the server has confirmed to a plain client, and
	 * doesn't have
	 * @param drained whether nothing was left to do in time
	 */
	record Outcome(Verdict verdict, int forgotten, boolean drained) {
	}

	/**
	 * A step of a fault.
	 */
	@FunctionalInterface
	interface Step {

		void run() throws Exception;

	}

	@FunctionalInterface
	private interface Condition {

		boolean holds() throws Exception;

	}

}
