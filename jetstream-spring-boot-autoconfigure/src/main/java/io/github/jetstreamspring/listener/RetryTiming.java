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

/**
 * Says when a message that is to be tried again goes back to the server.
 */
@FunctionalInterface
interface RetryTiming {

	/**
	 * At once: the server keeps the message until its delay has passed.
	 */
	RetryTiming ON_SERVER = (delivery, delay, nak) -> nak.accept(delay);

	/**
	 * Gives a message back, now or later.
	 * @param delivery the delivery
	 * @param delay the time until the next attempt
	 * @param nak gives it back to the server, which delivers it again after what is left
	 * of the delay
	 */
	void retry(ReceivedDelivery delivery, Duration delay, Consumer<Duration> nak);

}
