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

import java.util.List;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * What a worker runs: the handler, for one delivery or for a batch of them.
 */
abstract class Work {

	// Guarded by the workers that run it
	boolean abandoned;

	/**
	 * Returns which deliveries are handled.
	 * @return the deliveries
	 */
	abstract List<ReceivedDelivery> deliveries();

	/**
	 * Runs the handler and settles the deliveries. Throws nothing.
	 * @return completes, in whatever way, when the handler has ended; {@code null} if it
	 * has when this method returns
	 */
	abstract @Nullable CompletionStage<?> run();

}
