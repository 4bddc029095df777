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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of the server that is asked for.
 *
 * @param name {@code newest} (2.12 or newer), such as {@code 2.10} (any patch of it), or
 * such as {@code 2.14.5} (no other)
 */
record RequestedVersion(String name) {

	// What is downloaded where no patch is named
	private static final Map<String, String> RELEASES = Map.of("newest", "2.14.5", "2.14", "2.14.5", "2.10", "2.10.29");

	private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\.(\\d+)");

	RequestedVersion {
		// It becomes the name of a folder, too
		if (!name.matches("newest|\\d+\\.\\d+(\\.\\d+)?")) {
			throw new IllegalArgumentException("'" + name + "' is not a nats-server version.");
		}
	}

	/**
	 * Returns the release to download.
	 */
	String release() throws UnavailableException {
		String release = RELEASES.getOrDefault(this.name, this.name);
		if (!release.matches("\\d+\\.\\d+\\.\\d+")) {
			throw new UnavailableException("no download without a patch version");
		}
		return release;
	}

	/**
	 * Returns whether a program runs here and is of this version.
	 */
	boolean isSatisfiedBy(Path program) {
		if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
			return false;
		}
		try {
			return isSatisfiedBy(Commands.onMachine(program.getParent(), List.of(program.toString(), "--version")));
		}
		catch (Exception ex) {
			return false;
		}
	}

	boolean isSatisfiedBy(String output) {
		Matcher version = VERSION.matcher(output);
		if (!version.find()) {
			return false;
		}
		int major = Integer.parseInt(version.group(1));
		int minor = Integer.parseInt(version.group(2));
		if (this.name.equals("newest")) {
			return major > 2 || (major == 2 && minor >= 12);
		}
		return version.group().equals("v" + this.name) || this.name.equals(major + "." + minor);
	}

	@Override
	public String toString() {
		return this.name.equals("newest") ? "2.12 or newer" : this.name;
	}

}
