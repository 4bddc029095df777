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

package io.github.jetstreamspring.test;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * The nats-server program on this machine.
 *
 * @param path where it is
 */
record NatsServerExecutable(Path path) {

	static final String PROPERTY = "nats-server.path";

	static final String ENVIRONMENT_VARIABLE = "NATS_SERVER_PATH";

	private static final String HOW_TO_GET_IT = "Install nats-server 2.10 or newer"
			+ " (https://github.com/nats-io/nats-server/releases) and put it on the PATH, or set "
			+ ENVIRONMENT_VARIABLE + " to it.";

	private static final Pattern VERSION = Pattern.compile("v(\\d+\\.\\d+\\.\\d+\\S*)");

	static NatsServerExecutable find(@Nullable Path explicit) {
		return find(explicit, System::getProperty, System::getenv);
	}

	static NatsServerExecutable find(@Nullable Path explicit, UnaryOperator<@Nullable String> properties,
			UnaryOperator<@Nullable String> environment) {
		if (explicit != null) {
			return named("the builder", explicit);
		}
		String property = properties.apply(PROPERTY);
		if (StringUtils.hasText(property)) {
			return named("the system property '" + PROPERTY + "'", Path.of(property));
		}
		String variable = environment.apply(ENVIRONMENT_VARIABLE);
		if (StringUtils.hasText(variable)) {
			return named("the environment variable " + ENVIRONMENT_VARIABLE, Path.of(variable));
		}
		return onPath(environment.apply("PATH"), "nats-server").orElseThrow(
				() -> unavailable("No nats-server to run: none is on the PATH, and neither the system property '"
						+ PROPERTY + "' nor the environment variable " + ENVIRONMENT_VARIABLE + " names one."));
	}

	/**
	 * Finds the program of a minor version.
	 * @param version a version such as {@code 2.11}
	 */
	static NatsServerExecutable ofVersion(String version) {
		return ofVersion(version, System::getProperty, System::getenv);
	}

	static NatsServerExecutable ofVersion(String version, UnaryOperator<@Nullable String> properties,
			UnaryOperator<@Nullable String> environment) {
		Assert.isTrue(version.matches("\\d+\\.\\d+"),
				() -> "'%s' is no minor version of nats-server such as 2.11".formatted(version));
		String property = "nats-server." + version + ".path";
		String variable = "NATS_SERVER_" + version.replace('.', '_') + "_PATH";
		NatsServerExecutable found;
		if (StringUtils.hasText(properties.apply(property))) {
			found = named("the system property '" + property + "'", Path.of(properties.apply(property)));
		}
		else if (StringUtils.hasText(environment.apply(variable))) {
			found = named("the environment variable " + variable, Path.of(environment.apply(variable)));
		}
		else {
			found = onPath(environment.apply("PATH"), "nats-server-" + version)
				.orElseGet(() -> find(null, properties, environment));
		}
		String actual = found.version();
		if (!(actual + ".").startsWith(version + ".")) {
			throw new IllegalStateException(
					"No nats-server %s to run: '%s' is version %s. Get %s from https://github.com/nats-io/nats-server/releases, and set %s to it or put it on the PATH as nats-server-%s."
						.formatted(version, found.path(), actual, version, variable, version));
		}
		return found;
	}

	// What somebody named on purpose is used or refused: going on to the next place
	// would run the tests against another server than the one asked for.
	private static NatsServerExecutable named(String by, Path path) {
		if (!isExecutable(path)) {
			throw unavailable("No nats-server to run: " + by + " names '" + path + "', which is not a program.");
		}
		return new NatsServerExecutable(path);
	}

	private static Optional<NatsServerExecutable> onPath(@Nullable String folders, String name) {
		return Stream.of((folders != null) ? folders.split(File.pathSeparator) : new String[0])
			.filter(StringUtils::hasText)
			.flatMap((folder) -> candidates(folder, name))
			.filter(NatsServerExecutable::isExecutable)
			.findFirst()
			.map(NatsServerExecutable::new);
	}

	private static Stream<Path> candidates(String folder, String name) {
		try {
			Path path = Path.of(folder);
			return Stream.of(path.resolve(name), path.resolve(name + ".exe"));
		}
		catch (InvalidPathException ex) {
			return Stream.empty();
		}
	}

	private static boolean isExecutable(Path path) {
		return Files.isRegularFile(path) && Files.isExecutable(path);
	}

	private static IllegalStateException unavailable(String missing) {
		return new IllegalStateException(missing + "\n" + HOW_TO_GET_IT);
	}

	String version() {
		try {
			Process process = new ProcessBuilder(this.path.toString(), "--version").redirectErrorStream(true).start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
			Matcher matcher = VERSION.matcher(output);
			if (!matcher.find()) {
				throw unavailable(
						"'" + this.path + "' is not a nats-server: asked for its version it said '" + output + "'.");
			}
			return matcher.group(1);
		}
		catch (IOException ex) {
			throw new IllegalStateException("'" + this.path + "' can't be run: " + ex.getMessage(), ex);
		}
	}

}
