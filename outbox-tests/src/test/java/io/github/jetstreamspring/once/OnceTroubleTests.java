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

import java.util.ArrayList;
import java.util.List;

import io.github.jetstreamspring.annotation.JetStreamHandler;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.ListenerErrorHandler;
import io.github.jetstreamspring.listener.Settlement;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what goes wrong in the database of listeners that handle each message once.
 */
@EmbeddedNats(shared = false)
class OnceTroubleTests extends OnceApplicationTests {

	@Test
	void whenAHandlerGoesOnAfterAFailedStatementThenNothingIsCommitted() {
		this.sql.sql("INSERT INTO seen VALUES ('a')").update();
		run(Careless.class);
		publish("a");
		awaitSettlement(Settlement.RETRIED);
		assertThat(rows()).isEmpty();
		this.sql.sql("DELETE FROM seen").update();
		awaitSettlement(Settlement.HANDLED);
		assertThat(this.sql.sql("SELECT job FROM seen").query(String.class).list()).containsExactly("a");
		assertThat(rows()).hasSize(1);
	}

	@Test
	void whenWhatRunsBeforeTheCommitGoesOnAfterAFailedStatementThenNothingIsCommitted() {
		this.sql.sql("INSERT INTO seen VALUES ('a')").update();
		run(CarelessAtTheEnd.class);
		publish("a");
		awaitSettlement(Settlement.RETRIED);
		assertThat(rows()).isEmpty();
		this.sql.sql("DELETE FROM seen").update();
		awaitSettlement(Settlement.HANDLED);
		assertThat(jobs()).containsExactly("a");
		assertThat(rows()).hasSize(1);
	}

	@Test
	void whenTransactionsAreSerializableThenThoseInConflictAreHandledAgain() {
		this.sql.sql("INSERT INTO account VALUES (0)").update();
		run(Adding.class, "spring.datasource.hikari.transaction-isolation=TRANSACTION_SERIALIZABLE",
				"jetstream.listener.concurrency=4", "jetstream.listener.retry.max-attempts=1000",
				"jetstream.listener.retry.delay=10ms");
		for (int i = 0; i < 20; i++) {
			publish("j" + i);
		}
		await().atMost(PATIENCE).until(() -> sorted(jobs()).size() == 20);
		assertThat(this.sql.sql("SELECT cents FROM account").query(Long.class).single()).isEqualTo(20);
		assertThat(jobs()).hasSize(20).doesNotHaveDuplicates();
	}

	@Test
	void whenNobodyKnowsWhetherTheCommitHasSucceededThenTheRowTells() {
		LossyCommits lossy = run(Writing.class).getBean(LossyCommits.class);
		lossy.left.set(1);
		publish("a");
		awaitSettlement(Settlement.SKIPPED);
		assertThat(jobs()).containsExactly("a");
		assertThat(settled().settlements).containsExactly(Settlement.RETRIED, Settlement.SKIPPED);
	}

	@Test
	void whenThereAreTooFewConnectionsThenAllAreHandledOnceAllTheSame() {
		run(Writing.class, "spring.datasource.hikari.maximum-pool-size=2",
				"spring.datasource.hikari.connection-timeout=1000", "jetstream.listener.concurrency=8",
				"jetstream.listener.retry.max-attempts=1000", "jetstream.listener.retry.delay=10ms");
		List<String> all = new ArrayList<>();
		for (int i = 10; i < 60; i++) {
			all.add("slow-" + i);
			publish("slow-" + i);
		}
		await().atMost(PATIENCE).until(() -> jobs().size() >= all.size());
		await().atMost(PATIENCE).until(() -> messages("jobs") == 0);
		assertThat(sorted(jobs())).isEqualTo(all);
	}

	@Test
	void whenTheTableIsAwayThenItsListenerSaysSoAndGoesOnLater() {
		run(Writing.class, "jetstream.listener.retry.max-attempts=1000");
		this.sql.sql("ALTER TABLE jetstream_handled RENAME TO elsewhere").update();
		publish("a");
		awaitSettlement(Settlement.RETRIED);
		this.sql.sql("ALTER TABLE elsewhere RENAME TO jetstream_handled").update();
		awaitSettlement(Settlement.HANDLED);
		assertThat(jobs()).containsExactly("a");
		assertThat(settled().failures.get(0)).hasMessageContaining("Listener 'worker'")
			.hasMessageContaining("there is no table 'jetstream_handled'")
			.hasMessageContaining("jetstream.once.jdbc.initialize-schema");
	}

	@Test
	void whenConnectionsDoNotCommitByThemselvesThenNothingChanges() {
		run(Writing.class, "spring.datasource.hikari.auto-commit=false");
		publish("a");
		awaitSettlement(Settlement.HANDLED);
		assertThat(jobs()).containsExactly("a");
		assertThat(rows()).hasSize(1);
	}

	@Test
	void whenConnectionsAreReadOnlyThenNothingIsHandled() {
		run(Writing.class);
		this.context.close();
		run(Writing.class, "jetstream.once.jdbc.initialize-schema=never",
				"spring.modulith.events.jdbc.schema-initialization.enabled=false",
				"spring.datasource.hikari.read-only=true", "jetstream.listener.retry.max-attempts=2");
		publish("a");
		awaitSettlement(Settlement.DEAD_LETTERED);
		assertThat(settled().failures.get(0)).hasStackTraceContaining("read-only");
		assertThat(jobs()).isEmpty();
	}

	@Test
	void whenTheErrorHandlerSaysThatItIsDoneThenNothingStaysOfTheHandler() {
		run(Deciding.class, "jetstream.listeners.worker.error-handler=onceTroubleTests.Deciding");
		publish("bad");
		awaitSettlement(Settlement.HANDLED);
		publish("good");
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(jobs()).containsExactly("good"));
		assertThat(rows()).hasSize(1);
	}

	@Test
	void handlersOfAClassShareTheListenersRows() {
		run(Several.class);
		settled().lost.set(2);
		JetStreamTemplate template = template();
		template.message("a").to("jobs.texts").publish();
		template.message("b").to("jobs.others").publish();
		await().atMost(PATIENCE)
			.until(() -> settled().settlements.stream().filter(Settlement.SKIPPED::equals).count() == 2);
		assertThat(sorted(jobs())).containsExactly("other b", "text a");
		assertThat(rows()).hasSize(2).allMatch((row) -> row.startsWith("worker jobs:"));
	}

	@Test
	void whatAServiceDoesInATransactionOfItsOwnIsNoPartOfIt() {
		run(Calling.class, Audit.class);
		publish("a");
		awaitSettlement(Settlement.HANDLED);
		assertThat(this.sql.sql("SELECT job FROM jobs ORDER BY job").query(String.class).list())
			.containsExactly("attempt 1", "attempt 2", "done");
	}

	record Careless(JdbcClient database) {

		@JetStreamListener(value = "worker", once = "true")
		void handle(String job) {
			try {
				this.database.sql("INSERT INTO seen VALUES (?)").param(job).update();
			}
			catch (DuplicateKeyException ex) {
				// Good enough, it thinks
			}
		}

	}

	record CarelessAtTheEnd(JdbcClient database) {

		@JetStreamListener(value = "worker", once = "true")
		void handle(String job) {
			this.database.sql("INSERT INTO jobs VALUES (?)").param(job).update();
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void beforeCommit(boolean readOnly) {
					new Careless(CarelessAtTheEnd.this.database).handle(job);
				}

			});
		}

	}

	record Adding(JdbcClient database) {

		@JetStreamListener(value = "worker", once = "true")
		void handle(String job) {
			long cents = this.database.sql("SELECT cents FROM account").query(Long.class).single();
			this.database.sql("INSERT INTO jobs VALUES (?)").param(job).update();
			this.database.sql("UPDATE account SET cents = ?").param(cents + 1).update();
		}

	}

	static class Deciding implements ListenerErrorHandler {

		private final JdbcClient database;

		Deciding(JdbcClient database) {
			this.database = database;
		}

		@JetStreamListener(value = "worker", once = "true")
		void handle(String job) {
			this.database.sql("INSERT INTO jobs VALUES (?)").param(job).update();
			if (job.equals("bad")) {
				throw new IllegalArgumentException(job);
			}
		}

		@Override
		public void handle(Delivery delivery, Throwable failure) {
			delivery.ack();
		}

	}

	@JetStreamListener(value = "worker", once = "true")
	static class Several {

		private final JdbcClient database;

		Several(JdbcClient database) {
			this.database = database;
		}

		@JetStreamHandler(subjects = "jobs.texts")
		void text(String job) {
			this.database.sql("INSERT INTO jobs VALUES (?)").param("text " + job).update();
		}

		@JetStreamHandler(isDefault = true)
		@Transactional
		public void other(String job) {
			this.database.sql("INSERT INTO jobs VALUES (?)").param("other " + job).update();
		}

	}

	record Calling(Audit audit, JdbcClient database) {

		@JetStreamListener(value = "worker", once = "true")
		void handle(String job, Delivery delivery) {
			this.audit.note("attempt " + delivery.attempt());
			this.database.sql("INSERT INTO jobs VALUES ('done')").update();
			if (delivery.attempt() == 1) {
				throw new IllegalStateException("not yet");
			}
		}

	}

	static class Audit {

		private final JdbcClient database;

		Audit(JdbcClient database) {
			this.database = database;
		}

		@Transactional(propagation = Propagation.REQUIRES_NEW)
		public void note(String note) {
			this.database.sql("INSERT INTO jobs VALUES (?)").param(note).update();
		}

	}

}
