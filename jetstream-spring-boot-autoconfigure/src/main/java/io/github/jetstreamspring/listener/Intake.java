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
 * What becomes of a message between its receipt and its worker.
 */
interface Intake {

	/**
	 * Takes a delivery, to be handed to the workers when its time has come.
	 * @param delivery the delivery
	 */
	void accept(ReceivedDelivery delivery);

	/**
	 * A delivery is settled and its handler has ended.
	 * @param delivery the delivery
	 */
	default void done(ReceivedDelivery delivery) {
	}

	/**
	 * Messages are asked for again, after a time in which they were not.
	 */
	default void asking() {
	}

	/**
	 * Hands nothing to the workers any more.
	 * @param leftover is given the deliveries that have not been handed to them, in the
	 * order in which they are to be delivered again
	 */
	default void stop(Consumer<ReceivedDelivery> leftover) {
	}

}
