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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AfterCompletion}, and for {@link TransactionAwarePublisher} where
 * spring-tx is there.
 */
@ExtendWith(OutputCaptureExtension.class)
class AfterCompletionTests {

	private static final PublishResult STORED = new PublishResult("orders", 1, false);

	private final AtomicInteger published = new AtomicInteger();

	private CompletableFuture<PublishResult> action = CompletableFuture.completedFuture(STORED);

	@BeforeEach
	void begin() {
		TransactionSynchronizationManager.initSynchronization();
		TransactionSynchronizationManager.setActualTransactionActive(true);
	}

	@AfterEach
	void end() {
		TransactionSynchronizationManager.clear();
	}

	@Test
	void whenThereIsNoTransactionThenTheMessageIsPublishedAtOnce() {
		end();
		assertThat(publish()).isCompletedWithValue(STORED);
	}

	@Test
	void whenTheTransactionGoesOnThenNothingIsPublishedYet() {
		assertThat(publish()).isNotDone();
		assertThat(this.published).hasValue(0);
	}

	@Test
	void whenTheTransactionHasCommittedThenTheMessageIsPublished() {
		CompletableFuture<PublishResult> future = publish();
		complete(TransactionSynchronization.STATUS_COMMITTED);
		assertThat(future).isCompletedWithValue(STORED);
		assertThat(this.published).hasValue(1);
	}

	@Test
	void whenTheTransactionIsRolledBackThenTheMessageIsNotPublished() {
		CompletableFuture<PublishResult> future = publish();
		complete(TransactionSynchronization.STATUS_ROLLED_BACK);
		assertThat(future).isCancelled();
		assertThat(this.published).hasValue(0);
	}

	@Test
	void whenNobodyKnowsWhetherItHasCommittedThenThatIsSaid(CapturedOutput output) {
		CompletableFuture<PublishResult> future = publish();
		complete(TransactionSynchronization.STATUS_UNKNOWN);
		assertThat(future).isCompletedExceptionally();
		assertThat(this.published).hasValue(0);
		assertThat(output).contains("Nobody knows whether the transaction of the message 'o-1' has committed");
	}

	@Test
	void whenTheMessageIsCancelledBeforeTheCommitThenItIsNotPublished() {
		CompletableFuture<PublishResult> future = publish();
		future.cancel(false);
		complete(TransactionSynchronization.STATUS_COMMITTED);
		assertThat(this.published).hasValue(0);
	}

	@Test
	void whenPublishingFailsAfterTheCommitThenTheLogNamesTheMessage(CapturedOutput output) {
		this.action = CompletableFuture.failedFuture(new JetStreamException("Expected by the test", null));
		CompletableFuture<PublishResult> future = publish();
		complete(TransactionSynchronization.STATUS_COMMITTED);
		assertThat(future).isCompletedExceptionally();
		assertThat(output).contains("The message 'o-1' may not be stored", "Expected by the test");
	}

	private CompletableFuture<PublishResult> publish() {
		return TransactionAwarePublisher.afterCommit("message 'o-1'", () -> {
			this.published.incrementAndGet();
			return this.action;
		});
	}

	private static void complete(int status) {
		TransactionSynchronizationUtils.invokeAfterCompletion(TransactionSynchronizationManager.getSynchronizations(),
				status);
	}

}
