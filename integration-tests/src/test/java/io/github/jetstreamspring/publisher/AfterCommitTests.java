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

package io.github.jetstreamspring.publisher;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for messages that are published after the commit.
 */
@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats
class AfterCommitTests {

	private static final String SUBJECT = PublishServer.SUBJECT;

	private final TransactionTemplate transaction = new TransactionTemplate(new TestTransactions());

	@AutoClose
	private PublishServer server;

	private JetStreamTemplate template;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = new PublishServer(embedded).stream((stream) -> stream);
		this.template = this.server.template();
	}

	@Test
	void whenTheTransactionCommitsThenTheMessagesArePublishedInOrder() throws Exception {
		AtomicReference<CompletableFuture<PublishResult>> future = new AtomicReference<>();
		this.transaction.executeWithoutResult((status) -> {
			future.set(this.template.afterCommit().publish(SUBJECT, "a"));
			publish(new OrderPaid("b"));
			assertThat(future.get()).isNotDone();
			assertThat(count()).isZero();
		});
		assertThat(future.get().join()).isEqualTo(new PublishResult("orders", 1, false));
		await().until(() -> count() == 2);
		assertThat(this.server.message(2).getHeaders().getFirst("Nats-Msg-Id")).isEqualTo("order-b");
		assertThat(this.server.message(2).getData()).asString().isEqualTo("{\"id\":\"b\"}");
	}

	@Test
	void whenTheTransactionRollsBackThenNothingIsPublished() {
		AtomicReference<CompletableFuture<PublishResult>> future = new AtomicReference<>();
		this.transaction.executeWithoutResult((status) -> {
			future.set(this.template.afterCommit().publish(SUBJECT, "a"));
			status.setRollbackOnly();
		});
		assertThat(future.get()).isCancelled();
		// What comes later is the first that the stream sees
		assertThat(this.template.publish(SUBJECT, "b").sequence()).isEqualTo(1);
	}

	@Test
	void whenThereIsNoTransactionThenTheMessageIsPublishedAtOnce() {
		assertThat(this.template.afterCommit().publish(SUBJECT, "a").join().sequence()).isEqualTo(1);
		TransactionTemplate supports = new TransactionTemplate(new TestTransactions());
		supports.setPropagationBehavior(TransactionDefinition.PROPAGATION_SUPPORTS);
		supports.executeWithoutResult((status) -> assertThat(this.template.afterCommit().publish(SUBJECT, "b"))
			.succeedsWithin(Duration.ofSeconds(20)));
	}

	@Test
	void whenAnInnerTransactionCommitsThenItsMessageDoesntWaitForTheOuterOne() {
		TransactionTemplate inner = new TransactionTemplate(this.transaction.getTransactionManager());
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.transaction.executeWithoutResult((status) -> {
			CompletableFuture<PublishResult> outer = this.template.afterCommit().publish(SUBJECT, "outer");
			AtomicReference<CompletableFuture<PublishResult>> future = new AtomicReference<>();
			inner.executeWithoutResult((ignored) -> future.set(this.template.afterCommit().publish(SUBJECT, "inner")));
			assertThat(future.get().join().sequence()).isEqualTo(1);
			assertThat(outer).isNotDone();
			status.setRollbackOnly();
		});
	}

	@Test
	void whenTheInputIsWrongThenTheTransactionLearnsIt() {
		this.transaction.executeWithoutResult((status) -> {
			assertThatIllegalArgumentException().isThrownBy(() -> this.template.afterCommit().publish("orders.*", "a"));
			assertThatIllegalStateException()
				.isThrownBy(() -> this.template.afterCommit().publish(this.template.message("a")));
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> this.template.afterCommit().publish(SUBJECT, new JetStreamTemplateTests.Broken()));
		});
		assertThat(count()).isZero();
	}

	@Test
	void whenThePayloadChangesAfterTheCallThenTheMessageIsAsItWas() throws Exception {
		AtomicReference<CompletableFuture<PublishResult>> future = new AtomicReference<>();
		this.transaction.executeWithoutResult((status) -> {
			StringBuilder text = new StringBuilder("before");
			future.set(this.template.afterCommit().publish(SUBJECT, new Changing(text)));
			text.setLength(0);
		});
		future.get().join();
		assertThat(this.server.message(1).getData()).asString().isEqualTo("{\"text\":\"before\"}");
	}

	@Test
	void whenTheMessageFailsAfterTheCommitThenThatIsLogged(CapturedOutput output) {
		AtomicReference<CompletableFuture<PublishResult>> future = new AtomicReference<>();
		this.transaction.executeWithoutResult((status) -> future
			.set(this.template.afterCommit().publish(this.template.message("a").to("mails.sent").id("mail-1"))));
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> future.get().join())
			.withCauseInstanceOf(NoStreamException.class);
		assertThat(output).contains("message 'mail-1' to subject 'mails.sent' may not be stored",
				"No stream listens on subject 'mails.sent'");
	}

	@Test
	void whenOthersPublishAfterTheCommitThenTheirMessagesAreNotForgotten() {
		AtomicReference<CompletableFuture<PublishResult>> duringCommit = new AtomicReference<>();
		AtomicReference<CompletableFuture<PublishResult>> afterwards = new AtomicReference<>();
		this.transaction.executeWithoutResult(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						duringCommit.set(AfterCommitTests.this.template.afterCommit().publish(SUBJECT, "a"));
					}

					@Override
					public void afterCompletion(int status) {
						afterwards.set(AfterCommitTests.this.template.afterCommit().publish(SUBJECT, "b"));
					}

				}));
		assertThat(duringCommit.get()).succeedsWithin(Duration.ofSeconds(20));
		assertThat(afterwards.get()).succeedsWithin(Duration.ofSeconds(20));
	}

	@Test
	void whenATransactionalEventListenerPublishesThenTheMessageIsStoredAfterTheCommitOnly() throws Exception {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.registerBean(JetStreamTemplate.class, () -> this.template,
					(definition) -> definition.setDestroyMethodName(""));
			context.register(Events.class);
			context.refresh();
			TransactionTemplate events = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
			ApplicationEventPublisher publisher = context;
			events.executeWithoutResult((status) -> {
				publisher.publishEvent(new OrderPaid("rolled-back"));
				status.setRollbackOnly();
			});
			events.executeWithoutResult((status) -> {
				publisher.publishEvent(new OrderPaid("committed"));
				assertThat(count()).isZero();
			});
			await().until(() -> count() == 2);
			assertThat(this.server.message(1).getData()).asString().isEqualTo("{\"id\":\"committed\"}");
			assertThat(this.server.message(2).getData()).asString().isEqualTo("committed");
		}
	}

	private void publish(OrderPaid order) {
		// tag::after-commit[]
		this.template.afterCommit().publish(this.template.message(order).to("orders.paid").id("order-" + order.id()));
		// end::after-commit[]
	}

	private long count() {
		try {
			return this.server.count();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	record OrderPaid(String id) {
	}

	static final class Changing {

		private final StringBuilder builder;

		Changing(StringBuilder builder) {
			this.builder = builder;
		}

		public String getText() {
			return this.builder.toString();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class Events {

		@Bean
		PlatformTransactionManager transactionManager() {
			return new TestTransactions();
		}

		@Bean
		Listener listener(JetStreamTemplate template) {
			return new Listener(template);
		}

	}

	/**
	 * Publishes after the commit by Spring's means; {@code afterCommit()} isn't needed
	 * there and does no harm.
	 */
	static class Listener {

		private final JetStreamTemplate template;

		Listener(JetStreamTemplate template) {
			this.template = template;
		}

		// tag::listener[]
		@TransactionalEventListener
		void on(OrderPaid event) {
			this.template.publish("orders.paid", event);
		}
		// end::listener[]

		@TransactionalEventListener
		@Order(Ordered.LOWEST_PRECEDENCE)
		void afterwards(OrderPaid event) {
			this.template.afterCommit().publish(SUBJECT, event.id());
		}

	}

	/**
	 * Transactions of nothing, which do all that Spring does around one.
	 */
	static class TestTransactions extends AbstractPlatformTransactionManager {

		private static final long serialVersionUID = 1L;

		private static final ThreadLocal<Object> CURRENT = new ThreadLocal<>();

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected boolean isExistingTransaction(Object transaction) {
			return CURRENT.get() != null;
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			CURRENT.set(transaction);
		}

		@Override
		protected Object doSuspend(Object transaction) {
			Object suspended = CURRENT.get();
			CURRENT.remove();
			return suspended;
		}

		@Override
		protected void doResume(Object transaction, Object suspended) {
			CURRENT.set(suspended);
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

		@Override
		protected void doCleanupAfterCompletion(Object transaction) {
			CURRENT.remove();
		}

	}

}
