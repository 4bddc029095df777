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
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Publishes a message when a transaction has committed. The only class that uses
 * spring-tx, which an application need not have.
 */
final class AfterCompletion implements TransactionSynchronization {

	private static final Log logger = LogFactory.getLog(AfterCompletion.class);

	private final String description;

	private final Supplier<CompletableFuture<PublishResult>> action;

	private final CompletableFuture<PublishResult> future = new CompletableFuture<>();

	private AfterCompletion(String description, Supplier<CompletableFuture<PublishResult>> action) {
		this.description = description;
		this.action = action;
	}

	static boolean isInTransaction() {
		return TransactionSynchronizationManager.isSynchronizationActive()
				&& TransactionSynchronizationManager.isActualTransactionActive();
	}

	static CompletableFuture<PublishResult> register(String description,
			Supplier<CompletableFuture<PublishResult>> action) {
		AfterCompletion completion = new AfterCompletion(description, action);
		TransactionSynchronizationManager.registerSynchronization(completion);
		return completion.future;
	}

	// Not afterCommit(): what other synchronizations publish in theirs would be
	// forgotten, and an exception would reach the caller as if the commit had failed
	@Override
	public void afterCompletion(int status) {
		if (status == STATUS_ROLLED_BACK) {
			this.future.cancel(false);
		}
		else if (status == STATUS_COMMITTED) {
			publish();
		}
		else {
			done(null, new JetStreamException(
					"Nobody knows whether the transaction of the %s has committed".formatted(this.description), null));
		}
	}

	private void publish() {
		if (this.future.isDone()) {
			// Cancelled by its owner
			return;
		}
		try {
			this.action.get().whenComplete(this::done);
		}
		catch (Throwable ex) {
			done(null, ex);
		}
	}

	private void done(@Nullable PublishResult result, @Nullable Throwable failure) {
		if (failure != null) {
			// The caller has returned long since, and may have dropped the future
			logger.error("The %s may not be stored, although it was to be published after its transaction's commit: %s"
				.formatted(this.description, failure.getMessage()), failure);
			this.future.completeExceptionally(failure);
		}
		else {
			this.future.complete(result);
		}
	}

}
