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

package io.github.jetstreamspring.boot.modulith;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.jetstreamspring.boot.modulith.Shop.Internal;
import io.github.jetstreamspring.boot.modulith.Shop.OrderPaid;
import io.github.jetstreamspring.boot.modulith.Shop.OrderPlaced;
import io.github.jetstreamspring.test.Database;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for events that are recorded with the business data and published after the
 * commit, on a real database and a real server.
 */
@EmbeddedNats(shared = false)
class OutboxTests {

	private static Database database;

	private static EmbeddedNatsServer server;

	private static JdbcClient sql;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) throws Exception {
		database = Database.start().orElse(null);
		assumeTrue(database != null, "neither PostgreSQL nor Docker is installed here");
		server = embedded;
		sql = JdbcClient.create(new DriverManagerDataSource(database.url()));
		sql.sql("CREATE TABLE orders (id VARCHAR(100) PRIMARY KEY)").update();
	}

	@AfterAll
	static void stop() {
		if (server != null) {
		}
		if (database != null) {
			database.close();
		}
	}

	@BeforeEach
	void clean() throws Exception {
		sql.sql("DROP TABLE IF EXISTS event_publication").update();
		sql.sql("DELETE FROM orders").update();
		if (!server.isRunning()) {
			server.restart();
		}
		try (ConfigurableApplicationContext shop = shop()) {
			JetStreamManagement management = shop.getBean(JetStreamManagement.class);
			management.deleteStream("orders");
		}
	}

	@Test
	void whenTheTransactionCommitsThenTheEventIsInTheStream() throws Exception {
		try (ConfigurableApplicationContext shop = shop()) {
			shop.getBean(Shop.class).place("o-1");
			await().atMost(Duration.ofSeconds(30)).until(() -> incomplete() == 0 && count(shop) == 1);
			MessageInfo message = message(shop, 1);
			assertThat(message.getSubject()).isEqualTo("orders.placed");
			assertThat(message.getData()).asString().isEqualTo("{\"id\":\"o-1\"}");
			assertThat(message.getHeaders().getFirst("Nats-Msg-Id")).isEqualTo(
					"event-publication:" + sql.sql("SELECT id FROM event_publication").query(String.class).single());
			assertThat(orders()).isEqualTo(1);
		}
	}

	@Test
	void whenTheTransactionRollsBackThenNothingIsPublished() throws Exception {
		try (ConfigurableApplicationContext shop = shop()) {
			assertThatIllegalStateException().isThrownBy(() -> shop.getBean(Shop.class).placeAndFail("o-1"));
			assertThat(publications()).isZero();
			// The first that the stream sees
			shop.getBean(Shop.class).place("o-2");
			await().atMost(Duration.ofSeconds(30)).until(() -> count(shop) == 1);
			assertThat(message(shop, 1).getData()).asString().contains("o-2");
			assertThat(orders()).isEqualTo(1);
		}
	}

	@Test
	void whenTheServerIsDownAfterTheCommitThenTheEventIsPublishedByTheNextInstance() throws Exception {
		try (ConfigurableApplicationContext shop = shop("jetstream.publisher.timeout=1s")) {
			server.stop();
			shop.getBean(Shop.class).place("o-1");
			assertThat(orders()).isEqualTo(1);
			assertThat(incomplete()).isEqualTo(1);
		}
		server.restart();
		try (ConfigurableApplicationContext shop = shop(
				"spring.modulith.events.republish-outstanding-events-on-restart=true")) {
			await().atMost(Duration.ofSeconds(30)).until(() -> incomplete() == 0 && count(shop) == 1);
			assertThat(message(shop, 1).getData()).asString().isEqualTo("{\"id\":\"o-1\"}");
		}
	}

	@Test
	void whenTheApplicationDiesBetweenThePublishAndItsRecordThenTheEventIsStoredOnce() throws Exception {
		try (ConfigurableApplicationContext shop = shop()) {
			shop.getBean(Shop.class).place("o-1");
			await().atMost(Duration.ofSeconds(30)).until(() -> incomplete() == 0 && count(shop) == 1);
		}
		// What is left of a publication whose message was stored, but not marked
		// completed
		sql.sql("UPDATE event_publication SET completion_date = NULL, status = 'PROCESSING'").update();
		try (ConfigurableApplicationContext shop = shop(
				"spring.modulith.events.republish-outstanding-events-on-restart=true")) {
			await().atMost(Duration.ofSeconds(30)).until(() -> incomplete() == 0);
			assertThat(count(shop)).isEqualTo(1);
		}
	}

	@Test
	void equalEventsAreMessagesOfTheirOwn() throws Exception {
		try (ConfigurableApplicationContext shop = shop()) {
			List<Object> events = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				events.add(new OrderPlaced("same"));
				events.add(new Internal("same"));
			}
			shop.getBean(Shop.class).publish(events);
			await().atMost(Duration.ofSeconds(30)).until(() -> incomplete() == 0 && count(shop) == 20);
			assertThat(publications()).isEqualTo(20);
		}
	}

	@Test
	void aKeyIsTheLastTokenOfTheSubject() throws Exception {
		try (ConfigurableApplicationContext shop = shop()) {
			shop.getBean(Shop.class).publish(List.of(new OrderPaid("o-7")));
			await().atMost(Duration.ofSeconds(30)).until(() -> count(shop) == 1);
			assertThat(message(shop, 1).getSubject()).isEqualTo("orders.paid.o-7");
		}
	}

	@Test
	void textNeedNotBeAscii() throws Exception {
		try (ConfigurableApplicationContext shop = shop()) {
			shop.getBean(Shop.class).publish(List.of(new OrderPlaced("Müller № 7"), new OrderPaid("größe-7")));
			await().atMost(Duration.ofSeconds(30)).until(() -> incomplete() == 0 && count(shop) == 2);
			JetStreamManagement management = shop.getBean(JetStreamManagement.class);
			assertThat(management.getLastMessage("orders", "orders.placed").getData()).asString()
				.isEqualTo("{\"id\":\"Müller № 7\"}");
			assertThat(management.getLastMessage("orders", "orders.paid.größe-7")).isNotNull();
		}
	}

	private static ConfigurableApplicationContext shop(String... properties) {
		List<String> arguments = new ArrayList<>(
				List.of("--jetstream.servers=" + server.url(), "--jetstream.streams.orders.subjects=orders.>",
						"--jetstream.streams.orders.retention=limits", "--spring.datasource.url=" + database.url(),
						"--spring.modulith.events.jdbc.schema-initialization.enabled=true"));
		List.of(properties).forEach((property) -> arguments.add("--" + property));
		return new SpringApplicationBuilder(Shop.class).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

	private static long count(ConfigurableApplicationContext shop) throws Exception {
		return shop.getBean(JetStreamManagement.class).getStreamInfo("orders").getStreamState().getMsgCount();
	}

	private static MessageInfo message(ConfigurableApplicationContext shop, long sequence) throws Exception {
		return shop.getBean(JetStreamManagement.class).getMessage("orders", sequence);
	}

	private static long orders() {
		return sql.sql("SELECT COUNT(*) FROM orders").query(Long.class).single();
	}

	private static long publications() {
		return sql.sql("SELECT COUNT(*) FROM event_publication").query(Long.class).single();
	}

	private static long incomplete() {
		return sql.sql("SELECT COUNT(*) FROM event_publication WHERE completion_date IS NULL")
			.query(Long.class)
			.single();
	}

}
