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

package io.github.jetstreamspring.annotation.handler;

import java.util.concurrent.CompletionStage;

import io.github.jetstreamspring.listener.Delivery;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.util.Assert;

/**
 * Tells from what a method returned when its message is handled.
 */
final class HandlerCompletion {

	private final ReturnKind kind;

	private final @Nullable ReactiveAdapter adapter;

	private final @Nullable ReplyPublisher reply;

	/**
	 * Creates a completion.
	 * @param method the method
	 * @param reply publishes results, or {@code null} if nobody wants them
	 */
	HandlerCompletion(TargetMethod method, @Nullable ReplyPublisher reply) {
		this.kind = ReturnKind.of(method);
		this.adapter = ReturnKind.adapter(method.returnType().toClass());
		this.reply = reply;
	}

	/**
	 * Returns when a message is handled.
	 * @param returned what the method returned
	 * @param delivery the message
	 * @return completes when it is handled; {@code null} if it is already
	 */
	@Nullable CompletionStage<?> of(@Nullable Object returned, Delivery delivery) {
		if (this.reply == null) {
			return ofBatch(returned);
		}
		if (this.kind == ReturnKind.SYNCHRONOUS) {
			return this.reply.publish(returned, delivery);
		}
		CompletionStage<?> handled = ofBatch(returned);
		return (handled != null) ? this.reply.publishAfter(handled, delivery) : null;
	}

	/**
	 * Returns when a batch is handled, which nobody replies to.
	 * @param returned what the method returned
	 * @return completes when it is handled; {@code null} if it is already
	 */
	@Nullable CompletionStage<?> ofBatch(@Nullable Object returned) {
		if (this.kind == ReturnKind.SYNCHRONOUS || returned == null) {
			return null;
		}
		if (this.kind == ReturnKind.STAGE) {
			return (CompletionStage<?>) returned;
		}
		Assert.state(this.kind == ReturnKind.REACTIVE, "Checked at start-up");
		return ReactiveStages.subscribe(this.adapter, returned);
	}

}
