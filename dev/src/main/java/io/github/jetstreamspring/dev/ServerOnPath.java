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
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A server that is installed.
 *
 * @param requested what is asked for
 * @param folders the folders of the {@code PATH}
 */
record ServerOnPath(RequestedVersion requested, String folders) implements ServerSource {

	@Override
	public Path find(Path work) throws UnavailableException {
		return Stream.of(this.folders.split(File.pathSeparator))
			.flatMap(ServerOnPath::candidates)
			.filter(this.requested::isSatisfiedBy)
			.findFirst()
			.orElseThrow(() -> new UnavailableException("none on the PATH"));
	}

	@Override
	public String toString() {
		return "the PATH";
	}

	private static Stream<Path> candidates(String folder) {
		try {
			Path path = Path.of(folder).toAbsolutePath();
			return Stream.of(path.resolve("nats-server"), path.resolve("nats-server.exe"));
		}
		catch (InvalidPathException ex) {
			// Windows has quoted ones
			return Stream.empty();
		}
	}

}
