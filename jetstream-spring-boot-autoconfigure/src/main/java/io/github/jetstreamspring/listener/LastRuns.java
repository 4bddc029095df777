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

import java.time.Instant;

import io.github.jetstreamspring.guard.Failures;
import org.jspecify.annotations.Nullable;

/**
 * Remembers when a listener's handler last came to its end, and how it last failed.
 */
final class LastRuns implements HandlerObserver {

	private static final int MAX_LENGTH = 500;

	// Written for every message, so it is a number and nothing that has to be made
	private volatile long handledMillis;

	private volatile ListenerStatus.@Nullable LastError error;

	@Override
	public void ran(long nanos, int deliveries, @Nullable Throwable failure) {
		if (failure == null) {
			this.handledMillis = System.currentTimeMillis();
		}
		else {
			this.error = new ListenerStatus.LastError(Instant.now(), text(failure));
		}
	}

	private static String text(Throwable failure) {
		String text = Failures.describe(failure);
		return (text.length() > MAX_LENGTH) ? HeaderText.cut(text, MAX_LENGTH) + "..." : text;
	}

	@Nullable Instant handled() {
		long millis = this.handledMillis;
		return (millis != 0) ? Instant.ofEpochMilli(millis) : null;
	}

	ListenerStatus.@Nullable LastError error() {
		return this.error;
	}

}
