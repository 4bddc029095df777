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

import io.nats.client.Message;

/**
 * What a {@link JetStreamReceiver} doesn't know itself: the settings of a consumer, and
 * how to make objects of messages.
 *
 * @since 0.1.0
 */
public interface ReceiverSetup {

	/**
	 * Returns how messages of a consumer are treated. Called once for each consumer.
	 * @param stream the stream's name
	 * @param consumer the consumer's name
	 * @param handler the handler of the definition, which nobody calls
	 * @return a definition as that of a listener on the consumer
	 * @throws IllegalArgumentException if a setting is out of its range
	 */
	ListenerDefinition definition(String stream, String consumer, DeliveryHandler handler);

	/**
	 * Returns what makes objects of messages. Called once for each time that somebody
	 * wants messages.
	 * @param <T> the type of the objects
	 * @param type the type of the objects
	 * @return what makes them
	 * @throws IllegalArgumentException if there can't be such objects
	 */
	<T> Reader<T> reader(Class<T> type);

	/**
	 * Makes objects of messages.
	 *
	 * @param <T> the type of the objects
	 */
	@FunctionalInterface
	interface Reader<T> {

		/**
		 * Makes an object of a message.
		 * @param delivery the delivery of the message
		 * @param message the message
		 * @return the object, converted and validated
		 * @throws DeadLetterException if that can never succeed
		 * @throws Exception if it fails; what becomes of the message is decided as for a
		 * handler that throws this
		 */
		T read(Delivery delivery, Message message) throws Exception;

	}

}
