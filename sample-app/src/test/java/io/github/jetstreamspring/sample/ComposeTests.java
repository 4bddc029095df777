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

package io.github.jetstreamspring.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamConnectionDetails;
import io.nats.client.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The shop with the server of its {@code compose.yaml}, which it starts itself.
 */
@EnabledIf(value = "canCompose", disabledReason = "There is no Docker Compose, or the image can't be had")
class ComposeTests {

	// A project of its own to Compose: a shop that somebody has started keeps its server
	@Test
	void theServerOfTheComposeFileIsStartedAndFound() {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(ShopApplication.class)
			.web(WebApplicationType.NONE)
			.profiles("compose")
			.run("--spring.docker.compose.skip.in-tests=false", "--spring.docker.compose.stop.command=down",
					"--spring.docker.compose.arguments=--project-name=shop-tests")) {
			Connection connection = context.getBean(Connection.class);
			assertThat(connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
			assertThat(context.getBean(JetStreamConnectionDetails.class).getServers()).singleElement()
				.asString()
				.isEqualTo(connection.getConnectedUrl())
				.isNotEqualTo("nats://localhost:4222");
		}
	}

	static boolean canCompose() throws Exception {
		return run("docker", "info") && run("docker", "compose", "version")
				&& (run("docker", "image", "inspect", image()) || run("docker", "pull", image()));
	}

	private static String image() throws IOException {
		return Files.readAllLines(Path.of("compose.yaml"))
			.stream()
			.map(String::strip)
			.filter((line) -> line.startsWith("image: "))
			.map((line) -> line.substring("image: ".length()))
			.findFirst()
			.orElseThrow();
	}

	private static boolean run(String... command) throws InterruptedException {
		try {
			Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
		}
		catch (IOException ex) {
			// There is no such program
			return false;
		}
	}

}
