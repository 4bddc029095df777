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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs programs of the machine.
 */
@FunctionalInterface
interface Commands {

	/**
	 * Runs a program to its end.
	 * @return what it printed
	 * @throws UnavailableException if it can't be run, or fails
	 */
	String run(Path directory, List<String> command) throws Exception;

	static String onMachine(Path directory, List<String> command) throws Exception {
		Process process;
		try {
			process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
		}
		catch (IOException ex) {
			throw new UnavailableException(command.get(0) + " can't be run");
		}
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.waitFor() != 0) {
			throw new UnavailableException(command.get(0) + ": " + output.strip().replaceAll("(?s).*\\R", ""));
		}
		return output;
	}

}
