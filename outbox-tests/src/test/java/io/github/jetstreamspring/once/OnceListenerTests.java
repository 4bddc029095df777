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
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.deadletter.RedriveOptions;
import io.github.jetstreamspring.listener.BatchException;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryInterceptor;
import io.github.jetstreamspring.listener.Settlement;
import io.github.jetstreamspring.once.Ledger.Payment;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.Database;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.JetStreamManagement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.modulith.events.IncompleteEventPublications;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for listeners that handle each message once, on a real database and a real
 * server.
 */
@EmbeddedNats(shared = false)
class OnceListenerTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static @Nullable Database database;

	private static EmbeddedNatsServer server;

	private static JdbcClient sql;

	private @Nullable ConfigurableApplicationContext context;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) throws Exception {
		database = Database.start().orElse(null);
		assumeTrue(database != null, "neither PostgreSQL nor Docker is installed here");
		server = embedded;
		sql = JdbcClient.create(new DriverManagerDataSource(database.url()));
		sql.sql("CREATE TABLE bookings (payment VARCHAR(100), cents BIGINT)").update();
		sql.sql("CREATE TABLE orders (id VARCHAR(100) PRIMARY KEY)").update();
		sql.sql("CREATE TABLE parcels (order_id VARCHAR(100))").update();
		// Violated at the commit alone
		sql.sql("CREATE TABLE late (id VARCHAR(100) UNIQUE DEFERRABLE INITIALLY DEFERRED)").update();
	}

	@AfterAll
	static void stop() {
		if (database != null) {
			database.close();
		}
	}

	@BeforeEach
	void empty() {
		for (String table : List.of("bookings", "orders", "parcels", "late")) {
			sql.sql("DELETE FROM " + table).update();
		}
		sql.sql("DROP TABLE IF EXISTS jetstream_handled").update();
		sql.sql("DROP TABLE IF EXISTS event_publication").update();
	}

	@AfterEach
	void close() throws Exception {
		if (this.context != null) {
			JetStreamManagement management = this.context.getBean(JetStreamManagement.class);
			for (String stream : management.getStreamNames()) {
				management.deleteStream(stream);
			}
			this.context.close();
		}
	}

	@Test
	void whenTheAckIsLostThenTheMessageIsBookedOnce() {
		run(Ledger.class);
		interceptor().lost.set(1);
		publish(new Payment("p-1", 100));
		awaitSettlements(Settlement.RETRIED, Settlement.SKIPPED);
		assertThat(bookings()).containsExactly("p-1");
		assertThat(rows()).hasSize(1).allMatch((row) -> row.startsWith("ledger/payments:1:"));
	}

	@Test
	void whenTheHandlerFailsThenNothingOfItStays() {
		Failing ledger = run(Failing.class).getBean(Failing.class);
		ledger.failures.set(2);
		publish(new Payment("p-1", 100));
		awaitSettlements(Settlement.RETRIED, Settlement.RETRIED, Settlement.HANDLED);
		assertThat(bookings()).containsExactly("p-1");
		assertThat(rows()).hasSize(1);
	}

	@Test
	@NeedsServer("2.12")
	void whenAMessageWaitsAsAScheduleThenItStaysTheSame() {
		Failing ledger = run(Failing.class, "jetstream.streams.payments.allow-message-schedules=true",
				"jetstream.listener.retry.schedule-after=0", "jetstream.listener.retry.delay=1s")
			.getBean(Failing.class);
		ledger.failures.set(1);
		interceptor().lost.set(1);
		publish(new Payment("p-1", 100));
		awaitSettlements(Settlement.RETRIED, Settlement.RETRIED, Settlement.SKIPPED);
		assertThat(ledger.sequences).hasSize(2).doesNotHaveDuplicates();
		assertThat(bookings()).containsExactly("p-1");
		assertThat(rows()).hasSize(1).allMatch((row) -> row.startsWith("ledger/payments:1:"));
	}

	@Test
	void whenADeadLetterIsRedrivenThenItIsTheSameMessage() {
		Failing ledger = run(Failing.class, "jetstream.listener.retry.max-attempts=1").getBean(Failing.class);
		ledger.failures.set(1);
		publish(new Payment("p-1", 100));
		awaitSettlements(Settlement.DEAD_LETTERED);
		interceptor().given.set(1);
		redriveAll();
		awaitSettlements(Settlement.DEAD_LETTERED, Settlement.DEAD_LETTERED);
		// It is booked, but its worker doesn't know
		assertThat(bookings()).containsExactly("p-1");
		redriveAll();
		awaitSettlements(Settlement.DEAD_LETTERED, Settlement.DEAD_LETTERED, Settlement.SKIPPED);
		assertThat(bookings()).containsExactly("p-1");
		assertThat(rows()).hasSize(1).allMatch((row) -> row.startsWith("ledger/payments:1:"));
	}

	private void redriveAll() {
		DeadLetters deadLetters = this.context.getBean(DeadLetters.class);
		assertThat(deadLetters.redrive(DeadLetterQuery.all(), RedriveOptions.defaults()).redriven()).isEqualTo(1);
	}

	@Test
	void whenTheMethodHasATransactionOfItsOwnThenItIsTheSame() {
		OwnTransaction ledger = run(OwnTransaction.class).getBean(OwnTransaction.class);
		ledger.rollBack(1);
		interceptor().lost.set(1);
		publish(new Payment("p-1", 100));
		awaitSettlements(Settlement.RETRIED, Settlement.RETRIED, Settlement.SKIPPED);
		assertThat(bookings()).containsExactly("p-1");
	}

	@Test
	void whenTheCommitFailsThenTheMessageIsNotAcked() {
		sql.sql("INSERT INTO late VALUES ('p-1')").update();
		run(Late.class, "jetstream.listener.retry.max-attempts=2");
		publish(new Payment("p-1", 100));
		awaitSettlements(Settlement.RETRIED, Settlement.DEAD_LETTERED);
		assertThat(rows()).isEmpty();
		assertThat(sql.sql("SELECT COUNT(*) FROM late").query(Long.class).single()).isEqualTo(1);
	}

	@Test
	void aResultIsPublishedBeforeTheCommitAndOnceForAllAttempts() throws Exception {
		sql.sql("INSERT INTO late VALUES ('p-1')").update();
		run(Answering.class, "jetstream.streams.receipts.subjects=receipts.>",
				"jetstream.streams.receipts.retention=limits", "jetstream.listener.retry.delay=2s");
		publish(new Payment("p-1", 100));
		awaitSettlements(Settlement.RETRIED);
		assertThat(messages("receipts")).isEqualTo(1);
		assertThat(rows()).isEmpty();
		sql.sql("DELETE FROM late").update();
		awaitSettlements(Settlement.RETRIED, Settlement.HANDLED);
		assertThat(messages("receipts")).isEqualTo(1);
		assertThat(rows()).hasSize(1);
	}

	@Test
	void whenAnIdComesAgainThenItsMessageIsNeverHandled() {
		run(Ledger.class, "jetstream.listeners.ledger.once=message-id",
				"jetstream.streams.payments.duplicate-window=100ms");
		JetStreamTemplate template = template();
		template.message(new Payment("p-1", 100)).to("payments.new").id("p-1").publish();
		awaitSettlements(Settlement.HANDLED);
		await().atMost(PATIENCE)
			.until(() -> !template.message(new Payment("p-2", 200)).to("payments.new").id("p-1").publish().duplicate());
		awaitSettlements(Settlement.HANDLED, Settlement.SKIPPED);
		assertThat(bookings()).containsExactly("p-1");
		assertThat(rows()).containsExactly("ledger/payments/p-1");
	}

	@Test
	void whenAHeaderNamesAnotherMessageThenItIsHandledAllTheSame() {
		run(Ledger.class);
		publish(new Payment("p-1", 100));
		awaitSettlements(Settlement.HANDLED);
		template().message(new Payment("p-2", 200))
			.to("payments.new")
			.header("JetStream-Retry-Attempts", "1")
			.header("JetStream-Retry-Sequence", "1")
			.header("JetStream-Retry-Published", "2026-01-31T12:00:00Z")
			.header("JetStream-Retry-Signature", "forged")
			.publish();
		awaitSettlements(Settlement.HANDLED, Settlement.HANDLED);
		assertThat(bookings()).containsExactlyInAnyOrder("p-1", "p-2");
	}

	@Test
	void aBatchIsBookedAsAWholeWithARowForEach() {
		Batches ledger = run(Batches.class, "jetstream.listener.batch.size=10", "jetstream.listener.batch.timeout=1s")
			.getBean(Batches.class);
		interceptor().lost.set(1);
		template().publishAll(List.of(template().message(new Payment("p-1", 1)).to("payments.new"),
				template().message(new Payment("bad", 1)).to("payments.new"),
				template().message(new Payment("p-2", 1)).to("payments.new")));
		await().atMost(PATIENCE)
			.until(() -> settlements().contains(Settlement.DEAD_LETTERED)
					&& settlements().stream().filter(Settlement.SKIPPED::equals).count() == 2);
		assertThat(bookings()).containsExactlyInAnyOrder("p-1", "p-2");
		assertThat(rows()).hasSize(2);
		assertThat(ledger.batches).isNotEmpty();
	}

	@Test
	void eachOrderHasOneParcelFromEndToEnd() {
		this.context = application(Orders.Application.class, "jetstream.streams.orders.subjects=orders.>",
				"jetstream.streams.orders.consumers.shipping.filter-subjects=orders.placed",
				"jetstream.streams.orders.duplicate-window=100ms");
		Orders orders = this.context.getBean(Orders.class);
		orders.place("o-1");
		orders.place("o-2");
		await().atMost(PATIENCE).until(() -> parcels().size() == 2 && incomplete() == 0);
		// Until the window is over, the server knows them itself
		await().atMost(PATIENCE).until(() -> {
			if (incomplete() == 0) {
				resubmitAll();
			}
			return settlements().stream().filter(Settlement.SKIPPED::equals).count() >= 2;
		});
		await().atMost(PATIENCE).until(() -> incomplete() == 0);
		assertThat(parcels()).containsExactlyInAnyOrder("o-1", "o-2");
	}

	// As if the application had died before it marked them as published
	private void resubmitAll() {
		sql.sql("UPDATE event_publication SET completion_date = NULL, status = 'PROCESSING'").update();
		this.context.getBean(IncompleteEventPublications.class).resubmitIncompletePublications((publication) -> true);
	}

	private ConfigurableApplicationContext run(Class<?> ledger, String... properties) {
		List<String> all = new ArrayList<>(List.of("jetstream.streams.payments.subjects=payments.>",
				"jetstream.streams.payments.consumers.ledger.filter-subjects=payments.>"));
		all.addAll(List.of(properties));
		if (all.stream().noneMatch((property) -> property.contains("retry.delay"))) {
			all.add("jetstream.listener.retry.delay=100ms");
		}
		this.context = application(ledger, all.toArray(String[]::new));
		return this.context;
	}

	private static ConfigurableApplicationContext application(Class<?> listener, String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--jetstream.servers=" + server.url(),
				"--spring.datasource.url=" + database.url(), "--jetstream.once.jdbc.initialize-schema=always",
				"--spring.modulith.events.jdbc.schema-initialization.enabled=true"));
		List.of(properties).forEach((property) -> arguments.add("--" + property));
		return new SpringApplicationBuilder(Application.class, listener, Losses.class).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

	private JetStreamTemplate template() {
		return this.context.getBean(JetStreamTemplate.class);
	}

	private void publish(Payment payment) {
		template().publish("payments.new", payment);
	}

	private Losses interceptor() {
		return this.context.getBean(Losses.class);
	}

	private List<Settlement> settlements() {
		return interceptor().settlements;
	}

	private void awaitSettlements(Settlement... settlements) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(settlements()).containsExactly(settlements));
	}

	private long messages(String stream) throws Exception {
		return this.context.getBean(JetStreamManagement.class).getStreamInfo(stream).getStreamState().getMsgCount();
	}

	private static List<String> bookings() {
		return sql.sql("SELECT payment FROM bookings").query(String.class).list();
	}

	private static List<String> parcels() {
		return sql.sql("SELECT order_id FROM parcels").query(String.class).list();
	}

	private static long incomplete() {
		return sql.sql("SELECT COUNT(*) FROM event_publication WHERE completion_date IS NULL")
			.query(Long.class)
			.single();
	}

	private static Collection<String> rows() {
		return sql.sql("SELECT listener || '/' || message FROM jetstream_handled").query(String.class).list();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	/**
	 * Loses some acks after the commit: the server delivers such messages again.
	 */
	static class Losses implements DeliveryInterceptor {

		final AtomicInteger lost = new AtomicInteger();

		final AtomicInteger given = new AtomicInteger();

		final List<Settlement> settlements = new CopyOnWriteArrayList<>();

		@Override
		public @Nullable CompletionStage<?> intercept(Delivery delivery, Invocation next) throws Exception {
			next.proceed();
			if (this.lost.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
				delivery.retry(Duration.ZERO);
			}
			else if (this.given.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
				delivery.deadLetter("though it is committed");
			}
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> interceptBatch(List<Delivery> deliveries, Invocation next)
				throws Exception {
			next.proceed();
			if (this.lost.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
				deliveries.forEach((delivery) -> delivery.retry(Duration.ZERO));
			}
			return null;
		}

		@Override
		public void settled(Delivery delivery, Settlement settlement, @Nullable Throwable failure) {
			this.settlements.add(settlement);
		}

	}

	static class Failing {

		final AtomicInteger failures = new AtomicInteger();

		final List<Long> sequences = new CopyOnWriteArrayList<>();

		private final JdbcClient database;

		Failing(JdbcClient database) {
			this.database = database;
		}

		@JetStreamListener(value = "ledger", once = "true")
		void book(Payment payment, Delivery delivery) {
			this.sequences.add(delivery.streamSequence());
			this.database.sql("INSERT INTO bookings VALUES (?, ?)").params(payment.id(), payment.cents()).update();
			if (this.failures.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
				throw new IllegalStateException("after the booking");
			}
		}

	}

	static class OwnTransaction {

		private final AtomicInteger rollbacks = new AtomicInteger();

		private final JdbcClient database;

		OwnTransaction(JdbcClient database) {
			this.database = database;
		}

		// Of the object behind the proxy
		public void rollBack(int times) {
			this.rollbacks.set(times);
		}

		@Transactional
		@JetStreamListener(value = "ledger", once = "true")
		public void book(Payment payment) {
			this.database.sql("INSERT INTO bookings VALUES (?, ?)").params(payment.id(), payment.cents()).update();
			if (this.rollbacks.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
				TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
			}
		}

	}

	static class Late {

		private final JdbcClient database;

		Late(JdbcClient database) {
			this.database = database;
		}

		@JetStreamListener(value = "ledger", once = "true")
		void book(Payment payment) {
			this.database.sql("INSERT INTO late VALUES (?)").param(payment.id()).update();
		}

	}

	static class Answering {

		private final JdbcClient database;

		Answering(JdbcClient database) {
			this.database = database;
		}

		@JetStreamListener(value = "ledger", once = "true")
		@SendTo("receipts.new")
		String book(Payment payment) {
			this.database.sql("INSERT INTO late VALUES (?)").param(payment.id()).update();
			return "receipt for " + payment.id();
		}

	}

	static class Batches {

		final List<List<String>> batches = new CopyOnWriteArrayList<>();

		private final JdbcClient database;

		Batches(JdbcClient database) {
			this.database = database;
		}

		@JetStreamListener(value = "ledger", once = "true", batch = true, noRetryFor = IllegalArgumentException.class)
		void book(List<Payment> payments) {
			this.batches.add(payments.stream().map(Payment::id).toList());
			for (int i = 0; i < payments.size(); i++) {
				Payment payment = payments.get(i);
				this.database.sql("INSERT INTO bookings VALUES (?, ?)").params(payment.id(), payment.cents()).update();
				if (payment.id().equals("bad")) {
					throw BatchException.failedAt(i, new IllegalArgumentException("bad"));
				}
			}
		}

	}

}
