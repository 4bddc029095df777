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
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What becomes of a message between its receipt and its worker.
 */
interface Intake {

	/**
	 * Takes a delivery, to be handed to the workers when its time has come.
	 * @param delivery the delivery
	 */
	void accept(ReceivedDelivery delivery);

	/**
	 * Gives a message back, now or later. The server keeps it until its delay has passed,
	 * unless an order needs it to come at its time.
	 * @param delivery the delivery
	 * @param delay the time until the next attempt
	 * @param nak gives it back to the server, which delivers it again after what is left
	 * of the delay
	 */
	default void retry(ReceivedDelivery delivery, Duration delay, Consumer<Duration> nak) {
		nak.accept(delay);
	}

	/**
	 * A delivery is settled and its handler has ended.
	 * @param delivery the delivery
	 */
	default void done(ReceivedDelivery delivery) {
	}

	/**
	 * Messages are asked for again, after a time in which they were not.
	 * @param executor settles messages, which observers are told, whom the calling thread
	 * must not wait for
	 */
	default void asking(Executor executor) {
	}

	/**
	 * Hands nothing to the workers any more.
	 * @param leftover is given the deliveries that have not been handed to them, in the
	 * order in which they are to be delivered again
	 */
	default void stop(Consumer<ReceivedDelivery> leftover) {
	}

}
