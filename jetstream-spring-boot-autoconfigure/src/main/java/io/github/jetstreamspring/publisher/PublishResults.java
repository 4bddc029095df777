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

package io.github.jetstreamspring.publisher;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Waits for the results of messages.
 */
final class PublishResults {

	private PublishResults() {
	}

	/**
	 * Waits for a message, which fails by itself when it takes too long.
	 */
	static PublishResult await(CompletableFuture<PublishResult> future) {
		try {
			return future.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new JetStreamException(
					"Interrupted while a message waited for its confirmation; it may or may not be stored", ex);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof JetStreamException failure) {
				throw failure;
			}
			throw new IllegalStateException(ex.getCause());
		}
	}

}
