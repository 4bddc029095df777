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

package io.github.jetstreamspring.dev;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Provides the nats-server that the tests and the sample run on, at
 * <code>.nats-server/&lt;asked version&gt;/nats-server</code>.
 *
 * @param folder keeps the servers
 * @param requested what is asked for
 * @param sources the ways to it, in order
 * @param log says where it comes from
 */
public record NatsServerProvider(Path folder, RequestedVersion requested, List<ServerSource> sources, PrintStream log) {

	/**
	 * Provides one in the working directory, and prints its path.
	 * @param arguments the version asked for, or none
	 * @return the exit code
	 * @throws Exception if the folder can't be used
	 */
	public static int run(String... arguments) throws Exception {
		RequestedVersion requested;
		try {
			requested = new RequestedVersion((arguments.length > 0) ? arguments[0] : "newest");
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage());
			System.err.println("Ask for 'newest', or for one like 2.14 or 2.14.5.");
			return 1;
		}
		try {
			System.out.println(new NatsServerProvider(Path.of(".nats-server").toAbsolutePath(), requested,
					sources(requested), System.err)
				.provide());
			return 0;
		}
		catch (UnavailableException ex) {
			System.err.println(ex.getMessage());
			System.err.println("Install nats-server " + requested + " (https://github.com/nats-io/nats-server/releases)"
					+ ", put it on the PATH and build again.");
			return 1;
		}
	}

	private static List<ServerSource> sources(RequestedVersion requested) {
		List<ServerSource> sources = new ArrayList<>();
		sources.add(new ServerOnPath(requested, System.getenv().getOrDefault("PATH", "")));
		sources.add(new OfficialRelease(requested,
				OfficialRelease.platform(System.getProperty("os.name"), System.getProperty("os.arch")),
				OfficialRelease.PINNED,
				System.getenv().getOrDefault("NATS_SERVER_DOWNLOADS", OfficialRelease.DOWNLOADS)));
		sources.addAll(DebianPackage.of(requested, Path.of("/etc"), Commands::onMachine));
		return sources;
	}

	/**
	 * Returns the server: the one that is there already, or else the first that fits.
	 * @throws UnavailableException if none does, and why
	 */
	Path provide() throws Exception {
		Path target = this.folder.resolve(this.requested.name()).resolve("nats-server");
		if (this.requested.isSatisfiedBy(target)) {
			return target;
		}
		Files.createDirectories(target.getParent());
		// Beside the target: builds may run at once, and only a move there is atomic
		Path work = Files.createTempDirectory(this.folder, "work-");
		try {
			List<String> failures = new ArrayList<>();
			for (ServerSource source : this.sources) {
				try {
					install(source, work, target);
					this.log.println("nats-server " + this.requested.name() + " comes from " + source
							+ (failures.isEmpty() ? "" : " (" + String.join("; ", failures) + ")"));
					return target;
				}
				catch (UnavailableException ex) {
					failures.add(ex.getMessage());
				}
				catch (Exception ex) {
					failures.add(ex.toString());
				}
			}
			throw new UnavailableException(
					("No nats-server " + this.requested + " to run the tests on: " + String.join("; ", failures) + ".")
						.replaceAll("\\s+", " "));
		}
		finally {
			delete(work);
		}
	}

	private void install(ServerSource source, Path work, Path target) throws Exception {
		Path found = source.find(Files.createTempDirectory(work, "source-"));
		Path copy = Files.copy(found, work.resolve("nats-server"), StandardCopyOption.REPLACE_EXISTING,
				StandardCopyOption.COPY_ATTRIBUTES);
		copy.toFile().setExecutable(true);
		// The copy, as a program may need what is beside it
		if (!this.requested.isSatisfiedBy(copy)) {
			throw new UnavailableException("that of " + source + " does not run here as " + this.requested);
		}
		Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
		}
	}

}
