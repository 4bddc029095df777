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

package io.github.jetstreamspring.benchmarks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Counts confirmations.
 */
final class Confirmed {

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	private final AtomicInteger open;

	private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

	private final CountDownLatch done = new CountDownLatch(1);

	Confirmed(int messages) {
		this.open = new AtomicInteger(messages);
	}

	void one(@Nullable Object confirmation, @Nullable Throwable failure) {
		if (failure != null) {
			this.failure.set(failure);
		}
		if (this.open.decrementAndGet() == 0) {
			this.done.countDown();
		}
	}

	void await() throws InterruptedException {
		if (!this.done.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS) || this.failure.get() != null) {
			throw new IllegalStateException("Messages were not confirmed", this.failure.get());
		}
	}

}
