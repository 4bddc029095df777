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

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An application in a JVM of its own, usually with the class path of the tests.
 */
public final class JavaProcess {

	private JavaProcess() {
	}

	/**
	 * Starts it.
	 * @param application the class with the main method
	 * @param log the file for what it prints
	 * @param options options of the JVM, which may have another class path
	 * @param arguments arguments of the application
	 */
	public static Process start(Class<?> application, Path log, List<String> options, String... arguments)
			throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		// It doesn't run for long enough to be worth the optimizing compiler's time
		command.add("-XX:TieredStopAtLevel=1");
		command.add("-XX:+UseSerialGC");
		command.addAll(options);
		if (!options.contains("-cp")) {
			Collections.addAll(command, "-cp", System.getProperty("java.class.path"));
		}
		command.add(application.getName());
		Collections.addAll(command, arguments);
		return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
	}

}
