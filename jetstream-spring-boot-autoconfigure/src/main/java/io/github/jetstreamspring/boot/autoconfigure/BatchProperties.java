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

package io.github.jetstreamspring.boot.autoconfigure;

import java.time.Duration;

import io.github.jetstreamspring.listener.BatchOptions;
import org.jspecify.annotations.Nullable;

/**
 * How messages are put together for listeners that take batches.
 *
 * @param size Most messages of a batch.
 * @param timeout How long the first message of a batch waits for the others.
 * @since 0.1.0
 */
public record BatchProperties(@Nullable Integer size, @Nullable Duration timeout) {

	/**
	 * Checks the values.
	 */
	public BatchProperties {
		PropertyChecks checks = new PropertyChecks();
		checks.check("size", size == null || size >= 1, "it must be at least 1");
		checks.positive("timeout", timeout);
		checks.throwIfAny();
	}

	BatchOptions toOptions() {
		return new BatchOptions(this.size, this.timeout);
	}

}
