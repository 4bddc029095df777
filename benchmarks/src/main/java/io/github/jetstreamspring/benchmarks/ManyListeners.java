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

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;

import org.springframework.util.FileSystemUtils;

/**
 * What many listeners in one application cost at rest, and how they do under a trickle of
 * messages, after the death of their server and when they are stopped. Application and
 * server have processes of their own.
 */
final class ManyListeners implements Benchmark {

	private static final int PER_SECOND = 200;

	// The first requests end, and what the start has had compiled is compiled
	private static final int SETTLE_SECONDS = 45;

	@Override
	public void run(EmbeddedNatsServer shared, Settings settings, Report report) throws Exception {
		Result one = run(1, settings);
		for (int listeners : settings.listeners()) {
			report.manyListeners(listeners, PER_SECOND, run(listeners, settings), one);
		}
	}

	private static Result run(int listeners, Settings settings) throws Exception {
		Path folder = Files.createTempDirectory("many-listeners");
		try (EmbeddedNatsServer server = EmbeddedNatsServer.start()) {
			ManyQueues queues = new ManyQueues(listeners);
			Path jar = ApplicationFolder.create(folder, true, queues.yaml(server.url()));
			Path classes = folder.resolve("listeners");
			String[] names = queues.compile(jar, classes).toArray(String[]::new);
			String classPath = jar + File.pathSeparator + classes;
			// Declares the consumers, which exist from now on
			try (ApplicationProcess first = ApplicationProcess.start(classPath, settings.jvm(),
					ManyListenersApplication.class, names)) {
				first.figures();
			}
			try (ApplicationProcess application = ApplicationProcess.start(classPath, settings.jvm(),
					ManyListenersApplication.class, names)) {
				return new Run(listeners, settings, server, queues, application)
					.measure(folder.resolve("handled-messages"));
			}
		}
		finally {
			FileSystemUtils.deleteRecursively(folder);
		}
	}

	private static final class Run {

		private final int listeners;

		private final Settings settings;

		private final EmbeddedNatsServer server;

		private final ManyQueues queues;

		private final ApplicationProcess application;

		private final Trickle trickle;

		Run(int listeners, Settings settings, EmbeddedNatsServer server, ManyQueues queues,
				ApplicationProcess application) {
			this.listeners = listeners;
			this.settings = settings;
			this.server = server;
			this.queues = queues;
			this.application = application;
			this.trickle = new Trickle(listeners);
		}

		Result measure(Path handled) throws Exception {
			Figures start = this.application.figures();
			TimeUnit.SECONDS.sleep(Math.min(SETTLE_SECONDS, this.settings.seconds()));
			Usage before = Usage.now(this.server.pid());
			Figures rest = ask("rest " + this.settings.seconds());
			Usage server = Usage.now(this.server.pid()).since(before);
			double serverPercent = server.serverCpuNanos() * 100.0 / server.nanos();
			if (this.listeners == 1) {
				return new Result(start, rest, serverPercent, rest, 0, 0, rest, 0);
			}
			Figures trickled = trickle();
			double down = killServer();
			double goOn = goOn();
			Figures stop = stop(handled);
			return new Result(start, rest, serverPercent, trickled, down, goOn, stop, lost(handled));
		}

		private Figures ask(String command) throws Exception {
			this.application.tell(command);
			return this.application.figures();
		}

		private Figures trickle() throws Exception {
			publish(this.settings.messagesOr(this.settings.seconds() * PER_SECOND), PER_SECOND);
			return ask("await " + this.trickle.count());
		}

		private double killServer() {
			long start = System.nanoTime();
			this.server.kill();
			this.server.restart();
			return (System.nanoTime() - start) / 1e9;
		}

		// From the moment when the server is there again until each has handled a message
		private double goOn() throws Exception {
			long start = Vitals.micros();
			publish(this.listeners, Integer.MAX_VALUE);
			return (ask("await " + this.trickle.count()).get("last") - start) / 1e6;
		}

		private Figures stop(Path handled) throws Exception {
			CompletableFuture<Void> publishing = CompletableFuture.runAsync(this::publishForASecond);
			TimeUnit.MILLISECONDS.sleep(500);
			Figures stop = ask("stop " + handled);
			publishing.get();
			return stop;
		}

		private void publishForASecond() {
			try {
				publish(PER_SECOND, PER_SECOND);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

		private void publish(int messages, int perSecond) throws Exception {
			Connection connection = RawConnections.open(this.server.url(), "trickle");
			try {
				this.trickle.publish(connection, messages, perSecond);
			}
			finally {
				RawConnections.close(connection);
			}
		}

		private int lost(Path handled) throws Exception {
			Connection connection = RawConnections.open(this.server.url(), "trickle");
			try {
				return this.trickle.lost(connection, this.queues, BitSet.valueOf(Files.readAllBytes(handled)));
			}
			finally {
				RawConnections.close(connection);
			}
		}

	}

	/**
	 * What was measured.
	 *
	 * @param start of the start
	 * @param rest of the application at rest
	 * @param serverPercent of a core that the server takes then
	 * @param trickle of the trickle of messages
	 * @param down how long the server was gone
	 * @param goOn how long after that the last listener handled a message
	 * @param stop of the stop
	 * @param lost how many messages are lost
	 */
	record Result(Figures start, Figures rest, double serverPercent, Figures trickle, double down, double goOn,
			Figures stop, int lost) {
	}

}
