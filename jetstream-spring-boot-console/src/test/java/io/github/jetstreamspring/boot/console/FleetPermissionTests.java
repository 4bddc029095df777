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
package io.github.jetstreamspring.boot.console;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The permissions that the report names are enough for instances to find each other.
 */
@Timeout(120)
class FleetPermissionTests {

	@TempDir
	private Path directory;

	@Test
	void whatTheReportNamesIsEnoughToSeeAllInstances() throws Exception {
		Path report = this.directory.resolve("permissions.conf");
		try (EmbeddedNatsServer server = EmbeddedNatsServer.start()) {
			catchThrowable(() -> run(server, "jetstream.topology.report=permissions",
					"jetstream.topology.report-file=" + report)
				.close());
		}
		String permissions = Files.readString(report);
		assertThat(permissions).contains("\"_JETSTREAM_SPRING.fleet.the_shop\"");
		try (EmbeddedNatsServer server = EmbeddedNatsServer.builder()
			.config("authorization { users: [ { user: app, password: app\n%s } ] }"
				.formatted(permissions.substring(permissions.indexOf("permissions:"))))
			.start();
				ConfigurableApplicationContext first = run(server, "jetstream.username=app", "jetstream.password=app");
				ConfigurableApplicationContext second = run(server, "jetstream.username=app",
						"jetstream.password=app")) {
			second.getBean(JetStreamTemplate.class).publish("orders.created", "{}".getBytes(StandardCharsets.UTF_8));
			String seen = JsonText.of(first.getBean(Fleet.class).describe());
			assertThat(JsonPath.<List<Object>>read(seen, "$.instances")).hasSize(2);
			assertThat(JsonPath.<List<Object>>read(seen, "$[?(@.problem)]")).isEmpty();
		}
	}

	private static ConfigurableApplicationContext run(EmbeddedNatsServer server, String... properties) {
		return new SpringApplicationBuilder(Shop.class)
			.properties("jetstream.servers=" + server.url(), "server.port=0", "spring.application.name=the shop",
					"jetstream.console.enabled=true", "jetstream.streams.orders.subjects=orders.>",
					"jetstream.streams.orders.consumers.order-worker.ack-wait=5s")
			.properties(properties)
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Shop {

		@JetStreamListener("order-worker")
		void handle(byte[] order) {
		}

	}

}
