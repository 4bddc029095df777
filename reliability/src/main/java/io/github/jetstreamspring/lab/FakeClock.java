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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The wall clock of a process, which can be set by the library libfaketime. What the
 * process measures by the other clock, which nobody can set, stays as it is.
 */
final class FakeClock {

	private static final String LIBRARY = "faketime/libfaketimeMT.so.1";

	private final Path file;

	private final Path preloaded;

	private FakeClock(Path file, Path preloaded) {
		this.file = file;
		this.preloaded = preloaded;
	}

	/**
	 * Makes a clock that goes right.
	 * @param file a file of its own
	 * @throws UnavailableException if there is no such library
	 */
	static FakeClock of(Path file) {
		try (Stream<Path> folders = Files.list(Path.of("/usr/lib"))) {
			Path library = folders.map((folder) -> folder.resolve(LIBRARY))
				.filter(Files::exists)
				.findFirst()
				.orElseThrow(() -> new UnavailableException("libfaketime isn't installed"));
			FakeClock clock = new FakeClock(file, library);
			clock.set(Duration.ZERO);
			return clock;
		}
		catch (IOException ex) {
			throw new UnavailableException("libfaketime isn't installed: " + ex);
		}
	}

	/**
	 * Sets the clock. It takes a second until the process sees it.
	 * @param ahead how far it is ahead of the right time
	 */
	void set(Duration ahead) throws IOException {
		Files.writeString(this.file, "%+d\n".formatted(ahead.toSeconds()));
	}

	/**
	 * Returns what the process has to have in its environment.
	 */
	Map<String, String> environment() {
		// Without the last one, waits of a JVM end at once
		return Map.of("LD_PRELOAD", this.preloaded.toString(), "FAKETIME_TIMESTAMP_FILE", this.file.toString(),
				"FAKETIME_CACHE_DURATION", "1", "FAKETIME_DONT_FAKE_MONOTONIC", "1", "DONT_FAKE_MONOTONIC", "1",
				"FAKETIME_FORCE_MONOTONIC_FIX", "0");
	}

}
