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
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.JavaProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose heap is full now and then, in a JVM of its own.
 */
@EmbeddedNats
class FullHeapTests {

	@TempDir
	private Path directory;

	@Test
	void whenTheHeapIsFullNowAndThenThenNothingHangsAndNothingIsLost(EmbeddedNatsServer server) throws Exception {
		Path output = this.directory.resolve("output.txt");
		TestQueue queue = new TestQueue(server.url(), UnaryOperator.identity());
		Process process = JavaProcess.start(FullHeapApplication.class, output, List.of("-Xmx32m"), server.url(),
				queue.stream());
		try {
			assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ends").isTrue();
			assertThat(process.exitValue()).as(Files.readString(output)).isZero();
			assertThat(queue.size()).isZero();
			assertThat(queue.consumer().getNumAckPending()).isZero();
		}
		finally {
			process.destroyForcibly();
			queue.close();
		}
	}

}
