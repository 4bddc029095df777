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

import java.util.function.Consumer;

/**
 * A message in the hands of the application.
 *
 * @param payload what it holds
 * @param received its delivery
 * @param unsettled is given the delivery if it is closed before it is settled
 * @param <T> the type of the payload
 */
record HeldMessage<T>(T payload, ReceivedDelivery received,
		Consumer<ReceivedDelivery> unsettled) implements ReceivedMessage<T> {

	@Override
	public Delivery delivery() {
		return this.received;
	}

	@Override
	public void close() {
		if (this.received.claim()) {
			this.unsettled.accept(this.received);
		}
	}

	/**
	 * Names the message for logs, without its content.
	 */
	@Override
	public String toString() {
		return this.received.toString();
	}

}
