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
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.once.Ledger.Payment;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.Database;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for handlers that write by JPA, once.
 */
@EmbeddedNats(shared = false)
class JpaTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private @Nullable Database database;

	private @Nullable ConfigurableApplicationContext context;

	@BeforeEach
	void start(EmbeddedNatsServer server) throws Exception {
		this.database = Database.start().orElse(null);
		assumeTrue(this.database != null, "neither PostgreSQL nor Docker is installed here");
		this.context = new SpringApplicationBuilder(Application.class, JpaLedger.class).web(WebApplicationType.NONE)
			.run("--jetstream.servers=" + server.url(), "--spring.datasource.url=" + this.database.url(),
					"--jetstream.once.jdbc.initialize-schema=always",
					"--jetstream.streams.payments.subjects=payments.>",
					"--jetstream.streams.payments.consumers.ledger.filter-subjects=payments.>",
					"--jetstream.listener.retry.delay=100ms",
					"--spring.modulith.events.jdbc.schema-initialization.enabled=true");
	}

	@AfterEach
	void close() {
		if (this.context != null) {
			this.context.close();
		}
		if (this.database != null) {
			this.database.close();
		}
	}

	@Test
	void entitiesAndRowsAreCommittedTogether() {
		JpaLedger ledger = this.context.getBean(JpaLedger.class);
		JetStreamTemplate template = this.context.getBean(JetStreamTemplate.class);
		JdbcClient sql = this.context.getBean(JdbcClient.class);
		template.publish("payments.new", new Payment("p-1", 100));
		template.publish("payments.new", new Payment("p-2", 200));
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(
					sql.sql("SELECT payment FROM jpa_bookings ORDER BY payment").query(String.class).list())
				.containsExactly("p-1", "p-2"));
		assertThat(ledger.calls).hasValue(3);
		assertThat(sql.sql("SELECT message FROM jetstream_handled ORDER BY message").query(String.class).list())
			.satisfiesExactly((first) -> assertThat(first).startsWith("payments:1:"),
					(second) -> assertThat(second).startsWith("payments:2:"));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			factory.setDataSource(dataSource);
			factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
			factory.setPackagesToScan(Booking.class.getPackageName());
			factory.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "create"));
			return factory;
		}

		@Bean
		PlatformTransactionManager transactionManager(EntityManagerFactory factory) {
			return new JpaTransactionManager(factory);
		}

	}

	static class JpaLedger {

		final AtomicInteger calls = new AtomicInteger();

		private final EntityManager entities;

		JpaLedger(EntityManagerFactory factory) {
			this.entities = SharedEntityManagerCreator.createSharedEntityManager(factory);
		}

		@JetStreamListener(value = "ledger", once = "true")
		void book(Payment payment) {
			this.entities.persist(new Booking(payment.id(), payment.cents()));
			if (this.calls.incrementAndGet() == 1) {
				this.entities.flush();
				throw new IllegalStateException("after the row was written");
			}
		}

	}

}
