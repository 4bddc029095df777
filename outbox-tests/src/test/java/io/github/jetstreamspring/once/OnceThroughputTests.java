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

package io.github.jetstreamspring.once;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.once.Ledger.Payment;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishResult;
import io.github.jetstreamspring.test.Database;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A handler that writes a row does at least half as much once as in a transaction of its
 * own. Not in the build, as machines have other things to do there.
 */
@EnabledIfSystemProperty(named = "once.messages", matches = "\\d+")
@EmbeddedNats(shared = false)
class OnceThroughputTests {

	private static final int MESSAGES = Integer.getInteger("once.messages", 2_000);

	private static final int ROUNDS = Integer.getInteger("once.rounds", 3);

	@Test
	void onceIsAtLeastHalfAsQuickAsATransactionOfItsOwn(EmbeddedNatsServer server) throws Exception {
		Database database = Database.start().orElse(null);
		assumeTrue(database != null, "neither PostgreSQL nor Docker is installed here");
		try (database) {
			JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.url()));
			sql.sql("CREATE TABLE bookings (payment VARCHAR(100), cents BIGINT)").update();
			double own = 0;
			double once = 0;
			// In turns, as the machine isn't as quick at all times
			for (int round = 0; round < ROUNDS; round++) {
				own = Math.max(own, perSecond(server, database, "false"));
				once = Math.max(once, perSecond(server, database, "true"));
			}
			assertThat(sql.sql("SELECT COUNT(*) FROM bookings").query(Long.class).single())
				.isEqualTo(2L * ROUNDS * MESSAGES);
			String result = "%.0f messages a second in a transaction of their own, %.0f once: %.0f %%".formatted(own,
					once, 100 * once / own);
			System.out.println(result);
			assertThat(once).as(result).isGreaterThanOrEqualTo(own / 2);
		}
	}

	private static double perSecond(EmbeddedNatsServer server, Database database, String once) throws Exception {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(LedgerWorker.class)
			.web(WebApplicationType.NONE)
			.run("--jetstream.servers=" + server.url(), "--spring.datasource.url=" + database.url(),
					"--jetstream.streams.payments.subjects=payments.>",
					"--jetstream.streams.payments.consumers.ledger.filter-subjects=payments.>",
					"--jetstream.listeners.ledger.once=" + once, "--jetstream.listeners.ledger.auto-startup=false",
					"--jetstream.once.jdbc.initialize-schema=always",
					"--spring.modulith.events.jdbc.schema-initialization.enabled=true")) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			List<CompletableFuture<PublishResult>> results = new ArrayList<>();
			for (int i = 0; i < MESSAGES; i++) {
				results.add(template.publishAsync("payments.new", new Payment("p-" + i, i)));
			}
			results.forEach(CompletableFuture::join);
			JetStreamManagement management = context.getBean(JetStreamManagement.class);
			long start = System.nanoTime();
			context.getBean(JetStreamListeners.class).start("ledger");
			await().atMost(Duration.ofMinutes(2))
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(10))
				.until(() -> management.getStreamInfo("payments").getStreamState().getMsgCount() == 0);
			return MESSAGES * 1e9 / (System.nanoTime() - start);
		}
	}

}
