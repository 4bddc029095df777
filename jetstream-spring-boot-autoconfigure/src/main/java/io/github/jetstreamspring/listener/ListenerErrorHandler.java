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

package io.github.jetstreamspring.listener;

/**
 * Is asked about each message whose handler has failed, before it is retried or becomes a
 * dead letter. A listener names its error handler, which is a bean:
 * {@code errorHandler = "..."}.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ListenerErrorHandler {

	/**
	 * Decides about a failure, or doesn't: if this method returns without having called a
	 * verb of the delivery, the failure has the outcome that it has without an error
	 * handler. What is thrown from here takes the failure's place, such as a
	 * {@link RetryException} or a {@link DeadLetterException}.
	 * <p>
	 * It is called on the thread on which the handler ended, while the message still is
	 * at work: its lease is extended, and {@code max-run-time} holds. Of a batch it is
	 * called for each message that has failed. It isn't called for messages that are
	 * settled already, such as those whose handler runs too long, nor for those that no
	 * handler gets to see.
	 * @param delivery the delivery
	 * @param failure what the handler, an interceptor or the conversion threw
	 * @throws Exception to take the place of the failure
	 */
	void handle(Delivery delivery, Throwable failure) throws Exception;

}
