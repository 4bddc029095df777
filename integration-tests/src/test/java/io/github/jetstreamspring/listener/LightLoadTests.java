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
package io.github.jetstreamspring.listener;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.JavaProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that handles and publishes some messages all the time, in a JVM of its
 * own: nothing of what it has in memory becomes more. Runs longer with
 * {@code light.time}.
 */
@EmbeddedNats
class LightLoadTests {

	@TempDir
	private Path directory;

	@Test
	void whenMessagesComeAllTheTimeThenNothingIsLeftOfThem(EmbeddedNatsServer server) throws Exception {
		Path output = this.directory.resolve("output.txt");
		String time = System.getProperty("light.time", "12s");
		Process process = JavaProcess.start(LightLoadApplication.class, output, List.of("-Xmx64m"), server.url(), time);
		try {
			while (process.isAlive()) {
				process.waitFor(1, TimeUnit.SECONDS);
			}
			assertThat(process.exitValue()).as(Files.readString(output)).isZero();
			System.out.println(Files.readString(output));
		}
		finally {
			process.destroyForcibly();
		}
	}

}
