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

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.messaging.NatsMessages;
import io.nats.client.Connection;

/**
 * Tells the caller of a request that it is given up on, who would wait for a reply
 * otherwise.
 */
final class FailureReply {

	private FailureReply() {
	}

	/**
	 * Returns what a caller may know of a failure: what the application means to say. The
	 * texts of other exceptions can hold anything, addresses and passwords included.
	 * @param failure what was thrown
	 */
	static String answer(Throwable failure) {
		String message = (failure instanceof DeadLetterException) ? Failures.message(failure) : null;
		return (message != null) ? message : "the handler failed with " + failure.getClass().getName();
	}

	/**
	 * Sends the reply if the message is a request. Nobody may wait for it any more.
	 * @param connection the connection
	 * @param delivery the message
	 * @param answer why it is given up on, as far as that may leave the application
	 */
	static void send(Connection connection, Delivery delivery, String answer) {
		String address = delivery.replyTo();
		if (address == null) {
			return;
		}
		connection.publish(address, NatsMessages.failedReply(HeaderText.of(answer)), new byte[0]);
	}

}
