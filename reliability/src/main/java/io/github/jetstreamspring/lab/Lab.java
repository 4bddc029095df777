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
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.github.jetstreamspring.lab.Event.Type;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamInfoOptions;
import org.jspecify.annotations.Nullable;

/**
 * Servers, a publisher and workers, and the ways to disturb them.
 */
final class Lab implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofMinutes(3);

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

	private final Fleet fleet;

	private final LabProcess publisher;

	private @Nullable LabProcess redriver;

	private int faults;

	Lab(Scenario scenario, Path folder, long seed, Duration time) throws Exception {
		this.scenario = scenario;
		this.folder = folder;
		this.random = new Random(seed);
		this.ledger = Ledger.open(folder, "lab");
		if (scenario.processes().clocks()) {
			// Before anything is started that would have to be stopped
			clock("probe");
		}
		this.servers = Servers.start(scenario.servers(), folder);
		for (EmbeddedNatsServer server : this.servers.all()) {
			this.networks.add(TcpProxy.to(server.port()));
		}
		this.connection = Nats.connect(Options.builder()
			.servers(this.servers.urls().toArray(String[]::new))
			.maxReconnects(-1)
			.reconnectWait(Duration.ofMillis(100))
			.build());
		await(() -> management().getAccountStatistics() != null);
		this.plainClient = new PlainClient(this.servers.urls(), this.servers.replicas());
		this.fleet = new Fleet(this.ledger, this::worker, this::works);
		LabProcess first = this.fleet.add();
		while (this.fleet.size() < scenario.processes().workers()) {
			this.fleet.add();
		}
		List<String> arguments = arguments(this.servers.all().stream().map(EmbeddedNatsServer::url).toList(),
				scenario.processes().publisher());
		arguments.add("--lab.seed=" + seed);
		this.publisher = LabProcess.start(LabPublisher.class, folder, "p", arguments);
		await("first jobs", first, () -> Ledger.read(folder).stream().anyMatch((event) -> event.type() == Type.DONE));
		for (int i = 0; i < this.fleet.size(); i++) {
			LabProcess worker = this.fleet.get(i);
			// One that a job has killed by now is replaced below
			await(() -> !worker.isAlive() || works(worker));
		}
		if (scenario.processes().redriver()) {
			startRedriver();
		}
		this.endNanos = System.nanoTime() + time.toNanos();
		this.fleet.superviseFromNow();
	}

	private List<String> arguments(List<String> urls, List<String> own) {
		List<String> arguments = new ArrayList<>(own);
		arguments.add("--jetstream.servers=" + String.join(",", urls));
		arguments.add("--lab.replicas=" + this.servers.replicas());
		if (this.scenario.servers().users()) {
			arguments.addAll(List.of("--jetstream.username=app", "--jetstream.password=app"));
		}
		return arguments;
	}

	private LabProcess worker(String actor) {
		List<String> arguments = arguments(this.networks.stream().map(TcpProxy::url).toList(),
				this.scenario.processes().worker());
		Map<String, String> environment = this.scenario.processes().clocks() ? clock(actor).environment() : Map.of();
		return LabProcess.start(LabWorker.class, this.folder, actor, arguments, environment);
	}

	private boolean works(LabProcess worker) {
		return Ledger.isWritten(this.folder, worker.actor());
	}

	private void startRedriver() {
		this.redriver = LabProcess.start(LabRedriver.class, this.folder, "redriver",
				arguments(this.servers.all().stream().map(EmbeddedNatsServer::url).toList(), List.of()));
	}

	/**
	 * Returns the clock of a worker.
	 */
	FakeClock clock(String actor) {
		return FakeClock.of(this.folder.resolve(actor + ".clock"));
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

	int anyServer() {
		return this.random.nextInt(this.servers.replicas());
	}

	/**
	 * Returns the number of the server that leads a stream.
	 */
	int leader(String stream) throws Exception {
		int[] leader = { -1 };
		await(() -> {
			String name = management().getStreamInfo(stream).getClusterInfo().getLeader();
			leader[0] = Integer.parseInt(name.substring(1));
			return true;
		});
		return leader[0];
	}

	JetStreamManagement management() throws Exception {
		return this.connection.jetStreamManagement();
	}

	Connection connection() {
		return this.connection;
	}

	Fleet fleet() {
		return this.fleet;
	}

	LabProcess anyWorker() {
		return this.fleet.get(this.random.nextInt(this.fleet.size()));
	}

	/**
	 * Returns the network between clients and a server.
	 */
	TcpProxy network(int server) {
		return this.networks.get(server);
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
		fault("worker killed", 0, () -> this.fleet.get(index).kill(), () -> {
			this.fleet.replace(index);
			await(() -> works(this.fleet.get(index)));
		});
	}

	/**
	 * Asks a worker to end, and starts another one in its place.
	 */
	void restartWorker(int index) throws Exception {
		fault("worker restarted", 0, () -> {
			LabProcess next = this.fleet.next(index);
			await(() -> works(next));
			this.fleet.set(index, next).terminate();
		}, () -> {
		});
	}

	/**
	 * Kills what redrives dead letters, and starts it again.
	 */
	void killRedriver() throws Exception {
		LabProcess running = this.redriver;
		if (running != null) {
			fault("redriver killed", 0, running::kill, this::startRedriver);
		}
	}

	/**
	 * Publishes no more, waits until all is handled, and stops all.
	 * @return what is left
	 */
	Outcome finish() throws Exception {
		this.publisher.finish();
		boolean drained = await(this::isDrained);
		if (this.redriver != null) {
			this.redriver.finish();
		}
		this.fleet.stop();
		int forgotten = read(this.plainClient::forgotten);
		Leftovers leftovers = read(() -> Leftovers.read(this.connection));
		return new Outcome(Checker.check(Ledger.read(this.folder), leftovers), forgotten, drained);
	}

	// A stream of a cluster has no leader now and then
	private <T> T read(Callable<T> reader) throws Exception {
		AtomicReference<T> read = new AtomicReference<>();
		await(() -> {
			read.set(reader.call());
			return true;
		});
		T result = read.get();
		if (result == null) {
			throw new IllegalStateException("The servers can't be asked what they hold");
		}
		return result;
	}

	private boolean isDrained() throws Exception {
		ConsumerInfo consumer = management().getConsumerInfo("jobs", "worker");
		if (consumer.getNumPending() > 0 || consumer.getNumAckPending() > 0) {
			return false;
		}
		StreamInfo waiting = management().getStreamInfo("jobs", StreamInfoOptions.filterSubjects("_schedules.>"));
		boolean none = waiting.getStreamState().getSubjectCount() == 0
				|| waiting.getStreamState().getSubjects().isEmpty();
		return none && (this.redriver == null || (isEmpty("dead-letters") && isEmpty("dead-letters-redrive")));
	}

	private boolean isEmpty(String stream) throws Exception {
		return management().getStreamInfo(stream).getStreamState().getMsgCount() == 0;
	}

	private void await(String what, LabProcess worker, Condition condition) throws Exception {
		boolean there = await(() -> !worker.isAlive() || condition.holds());
		if (!there || !worker.isAlive()) {
			throw new IllegalStateException("No " + what + " within " + PATIENCE + ":\n" + worker.log());
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
		this.publisher.close();
		if (this.redriver != null) {
			this.redriver.close();
		}
		this.fleet.close();
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
