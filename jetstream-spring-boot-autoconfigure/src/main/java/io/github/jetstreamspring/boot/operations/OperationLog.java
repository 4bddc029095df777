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

package io.github.jetstreamspring.boot.operations;

import java.util.function.Supplier;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.listener.JetStreamOperationEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Carries out what a person asks for, and keeps a record: in the log, and as an event.
 */
final class OperationLog {

	private static final Log logger = LogFactory.getLog(OperationLog.class);

	private final ApplicationEventPublisher events;

	OperationLog(ApplicationEventPublisher events) {
		this.events = events;
	}

	/**
	 * Does something, and records it. What fails is logged only.
	 * @param operation what is done, such as {@code pause}
	 * @param target what it is done to, such as {@code listener 'order-worker'}
	 * @param principal the name of whoever asks for it, or {@code null} if nobody knows
	 * @param action does it
	 * @param <T> what comes of it
	 * @return what comes of it
	 */
	<T> T perform(String operation, String target, @Nullable String principal, Supplier<T> action) {
		String what = "%s of %s by %s".formatted(operation, target,
				(principal != null) ? "'" + principal + "'" : "somebody unknown");
		T result;
		try {
			result = action.get();
		}
		catch (OperationFailure failure) {
			logger.warn(printable("%s was not possible: %s".formatted(what, failure.detail())));
			throw failure;
		}
		logger.info(printable(what));
		// Whoever listens may throw anything, and it is done already
		Guard.run(logger, () -> "A listener for operations failed",
				() -> this.events.publishEvent(new JetStreamOperationEvent(this, operation, target, principal)));
		return result;
	}

	// What comes from outside must not look like lines of the log
	private static String printable(String text) {
		return OperationFailure.shortened(text).replaceAll("\\p{Cntrl}", "?");
	}

}
