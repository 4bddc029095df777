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

import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

/**
 * {@link AfterCommit} of a {@link JetStreamTemplate}. What needs spring-tx is in a class
 * that isn't loaded without it.
 */
final class TransactionAwarePublisher implements AfterCommit {

	private static final boolean TRANSACTIONS = ClassUtils.isPresent(
			"org.springframework.transaction.support.TransactionSynchronizationManager",
			TransactionAwarePublisher.class.getClassLoader());

	private final JetStreamOperations operations;

	TransactionAwarePublisher(JetStreamOperations operations) {
		this.operations = operations;
	}

	@Override
	public CompletableFuture<PublishResult> publish(String subject, Object payload) {
		return publish(this.operations.message(payload).to(subject));
	}

	@Override
	public CompletableFuture<PublishResult> publish(MessageBuilder message) {
		Assert.isInstanceOf(TemplateMessageBuilder.class, message, "The message must be one that a template builds");
		TemplateMessageBuilder builder = (TemplateMessageBuilder) message;
		Supplier<CompletableFuture<PublishResult>> publish = builder.prepare();
		// Has the message's id, which it has by now
		return afterCommit(builder.toString(), publish);
	}

	/**
	 * Runs an action after the commit of the current transaction, or at once if there is
	 * none.
	 * @param description names the message for people
	 * @param action publishes the message
	 * @return completes as the action does; cancelled after a rollback
	 */
	static CompletableFuture<PublishResult> afterCommit(String description,
			Supplier<CompletableFuture<PublishResult>> action) {
		if (!TRANSACTIONS || !AfterCompletion.isInTransaction()) {
			return action.get();
		}
		return AfterCompletion.register(description, action);
	}

}
