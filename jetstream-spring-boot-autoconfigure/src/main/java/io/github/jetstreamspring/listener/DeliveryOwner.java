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

import java.time.Duration;
import java.util.function.Consumer;

import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * Who has deliveries in hand, and what is the same for all of them.
 */
interface DeliveryOwner {

	/**
	 * Returns what carries out the verbs of a delivery.
	 * @return the settler
	 */
	Settler settler();

	/**
	 * Returns the stream that all deliveries come from.
	 * @return its name
	 */
	String stream();

	/**
	 * Returns the consumer that all deliveries come from.
	 * @return its name
	 */
	String consumer();

	/**
	 * Returns how reply subjects of messages begin that were not delivered before.
	 * @return the beginning, with its last dot
	 */
	String firstAttempt();

	/**
	 * Returns what is known of a message from before it waited as a schedule.
	 * @param message the message
	 * @return what is known
	 */
	RetryHistory history(Message message);

	/**
	 * Returns whether the server puts markers in place of messages that are gone. Only
	 * for messages that look like one, as the server may have to be asked.
	 * @return whether it does, as far as that is known
	 */
	boolean hasDeleteMarkers();

	/**
	 * Returns where a reply to a message may be sent.
	 * @param delivery the delivery of the message
	 * @return the subject, or {@code null} if nobody waits for a reply
	 */
	@Nullable String replyTo(ReceivedDelivery delivery);

	/**
	 * Gives a message back, now or later.
	 * @param delivery the delivery
	 * @param delay the time until the next attempt
	 * @param nak gives it back to the server, which delivers it again after what is left
	 * of the delay
	 */
	void retry(ReceivedDelivery delivery, Duration delay, Consumer<Duration> nak);

	/**
	 * The lease of a delivery has been extended.
	 */
	void extended();

	/**
	 * A delivery is settled, and its handler, if it has started, has ended. Is called
	 * once for each.
	 * @param delivery the delivery
	 */
	void done(ReceivedDelivery delivery);

}
