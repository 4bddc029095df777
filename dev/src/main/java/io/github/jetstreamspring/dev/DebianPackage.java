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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The package of a newer Debian, from this machine's own mirror, unpacked without
 * installing it.
 *
 * @param suite the release of Debian that has it
 * @param etc the folder with the machine's configuration
 * @param commands runs apt and dpkg
 */
record DebianPackage(String suite, Path etc, Commands commands) implements ServerSource {

	private static final String MIRROR = "\\S+/debian(?:/|\\.list)?";

	private static final String SUITE = "(?:bookworm|trixie|forky|sid|oldstable|stable|testing|unstable)";

	// Group 1: the line up to the suite
	private static final Pattern LINE = Pattern
		.compile("(?m)^(deb\\s+(?:\\[.*?]\\s+)?" + MIRROR + ")\\s+" + SUITE + "\\s+main\\b");

	private static final Pattern STANZA = Pattern.compile("(?ms)(?=.*^URIs:\\s*" + MIRROR + "\\s*$)(?=.*^Suites:\\s*"
			+ SUITE + "\\b)(?=.*^Components:[^\\n]*\\bmain\\b).*");

	/**
	 * Returns the packages that may be of a version. Only trixie has 2.10; forky had
	 * 2.15.1 when this was written.
	 */
	static List<DebianPackage> of(RequestedVersion requested, Path etc, Commands commands) {
		List<String> suites = requested.name().startsWith("2.10") ? List.of("trixie") : List.of("forky", "sid");
		return suites.stream().map((suite) -> new DebianPackage(suite, etc, commands)).toList();
	}

	@Override
	public Path find(Path work) throws Exception {
		Path release = this.etc.resolve("os-release");
		if (!Files.exists(release) || !Files.readAllLines(release).contains("ID=debian")) {
			throw new UnavailableException("no Debian packages on this system");
		}
		List<String> apt = apt(work);
		this.commands.run(work, concat(apt, "update"));
		this.commands.run(work, concat(apt, "download", "nats-server"));
		try (Stream<Path> files = Files.list(work)) {
			Path archive = files.filter((file) -> file.toString().endsWith(".deb"))
				.findFirst()
				.orElseThrow(() -> new UnavailableException("no package in Debian's " + this.suite));
			this.commands.run(work, List.of("dpkg", "-x", archive.toString(), work.toString()));
		}
		return work.resolve("usr/sbin/nats-server");
	}

	@Override
	public String toString() {
		return "Debian's " + this.suite;
	}

	/**
	 * Returns an apt that has its lists and packages in the folder, so that the machine's
	 * stay as they are, and nobody has to be root.
	 */
	private List<String> apt(Path work) throws Exception {
		Path sources = sources(work);
		for (String directory : List.of("lists/partial", "cache/archives/partial")) {
			Files.createDirectories(work.resolve(directory));
		}
		return List.of("apt-get", "-q", "-o", "Dir::Etc::sourcelist=" + sources, "-o", "Dir::Etc::sourceparts=-", "-o",
				"Dir::State::lists=" + work.resolve("lists"), "-o", "Dir::Cache=" + work.resolve("cache"), "-o",
				"Acquire::Languages=none", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::Retries=1", "-o",
				"APT::Sandbox::User=" + System.getProperty("user.name"));
	}

	/**
	 * Writes a source list for the suite that has the machine's own mirror and keys.
	 */
	private Path sources(Path work) throws Exception {
		for (Path file : sourceFiles()) {
			String content = Files.readString(file).replaceAll("(?m)^\\s*#.*\\R", "");
			Matcher line = LINE.matcher(content);
			if (file.toString().endsWith(".list") && line.find()) {
				return Files.writeString(work.resolve("debian.list"), line.group(1) + " " + this.suite + " main\n");
			}
			for (String stanza : content.split("\\R\\s*\\R")) {
				if (file.toString().endsWith(".sources") && STANZA.matcher(stanza).matches()) {
					return Files.writeString(work.resolve("debian.sources"),
							stanza.strip()
								.replaceAll("(?m)^Suites:.*", "Suites: " + this.suite)
								.replaceAll("(?m)^Components:.*", "Components: main") + "\n");
				}
			}
		}
		throw new UnavailableException("no Debian mirror in " + this.etc.resolve("apt"));
	}

	private List<Path> sourceFiles() throws IOException {
		Path apt = this.etc.resolve("apt");
		List<Path> files = new ArrayList<>(List.of(apt.resolve("sources.list")));
		Path parts = apt.resolve("sources.list.d");
		if (Files.isDirectory(parts)) {
			try (Stream<Path> content = Files.list(parts)) {
				content.sorted().forEach(files::add);
			}
		}
		return files.stream().filter(Files::isRegularFile).toList();
	}

	private static List<String> concat(List<String> command, String... arguments) {
		return Stream.concat(command.stream(), Stream.of(arguments)).toList();
	}

}
