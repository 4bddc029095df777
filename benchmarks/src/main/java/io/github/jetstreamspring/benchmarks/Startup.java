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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.Connection;

import org.springframework.util.FileSystemUtils;

/**
 * What a start costs: whole JVMs, in turns, until an application is ready and has handled
 * its first message. All that it declares exists already.
 */
final class Startup implements Benchmark {

	static final String STREAM = "startup-0";

	static final String CONSUMER = "worker";

	// In the JVM's options, as each application needs an archive of its own
	private static final String FOLDER = "folder/";

	@Override
	public void run(EmbeddedNatsServer server, Settings settings, Report report) throws Exception {
		Path folder = Files.createTempDirectory("startup");
		Connection connection = RawConnections.open(server.url(), "startup");
		try {
			new Run(server, settings, folder, connection).report(report);
		}
		finally {
			deleteStreams(connection);
			RawConnections.close(connection);
			FileSystemUtils.deleteRecursively(folder);
		}
	}

	static String stream(int number) {
		return "startup-" + number;
	}

	private static void deleteStreams(Connection connection) throws Exception {
		for (String stream : connection.jetStreamManagement().getStreamNames()) {
			connection.jetStreamManagement().deleteStream(stream);
		}
	}

	private static final class Run {

		private final EmbeddedNatsServer server;

		private final Settings settings;

		private final Path folder;

		private final Connection connection;

		Run(EmbeddedNatsServer server, Settings settings, Path folder, Connection connection) {
			this.server = server;
			this.settings = settings;
			this.folder = folder;
			this.connection = connection;
		}

		void report(Report report) throws Exception {
			run(application("declaring", StartupVariant.STARTER), StartupListener.DECLARE);
			List<Application> applications = new ArrayList<>();
			for (StartupVariant variant : this.settings.variants()) {
				applications.add(application(variant.toString(), variant));
			}
			// The first start declares streams and reads the jars from the disk: it
			// doesn't
			// count
			for (int round = -1; round < this.settings.rounds(); round++) {
				for (Application application : applications) {
					Figures figures = start(application);
					if (round >= 0) {
						application.starts().add(figures);
					}
				}
			}
			Map<StartupVariant, List<Figures>> starts = new EnumMap<>(StartupVariant.class);
			applications.forEach((application) -> starts.put(application.variant(), application.starts()));
			report.startup(this.settings.rounds(), starts);
		}

		private Application application(String name, StartupVariant variant) throws IOException {
			return new Application(variant, ApplicationFolder.create(this.folder.resolve(name), variant.hasClient(),
					variant.yaml(this.server.url())), new ArrayList<>());
		}

		private Figures start(Application application) throws Exception {
			if (application.variant().hasClient()) {
				this.connection.jetStreamManagement().purgeStream(STREAM);
				this.connection.jetStream().publish(STREAM, Payload.create(0, 0, Payload.MIN_SIZE));
			}
			return (application.variant() == StartupVariant.RAW) ? run(application, this.server.url())
					: run(application);
		}

		private Figures run(Application application, String... arguments) throws Exception {
			List<String> options = this.settings.jvm()
				.stream()
				.map((option) -> option.replace(FOLDER, application.jar().resolveSibling("") + File.separator))
				.toList();
			try (ApplicationProcess process = ApplicationProcess.start(application.jar().toString(), options,
					application.variant().main(), arguments)) {
				Figures figures = process.figures();
				process.awaitEnd();
				return figures;
			}
		}

	}

	/**
	 * An application and what its starts took.
	 */
	private record Application(StartupVariant variant, Path jar, List<Figures> starts) {
	}

}
