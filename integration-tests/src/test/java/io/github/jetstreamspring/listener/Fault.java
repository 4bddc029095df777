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

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What code of an application may throw.
 */
enum Fault {

	RUNTIME_EXCEPTION(() -> new IllegalStateException("fault")),

	CHECKED_EXCEPTION(() -> new IOException("fault")),

	MISSING_CLASS(() -> new NoClassDefFoundError("com/example/Missing")),

	STACK_OVERFLOW(StackOverflowError::new),

	OUT_OF_MEMORY(() -> new OutOfMemoryError("Java heap space")),

	ASSERTION(() -> new AssertionError("fault")),

	UNREADABLE_MESSAGE(Unreadable::new),

	UNREADABLE_ERROR(UnreadableError::new),

	CIRCLE_OF_CAUSES(() -> {
		Throwable cause = new IllegalStateException("cause");
		Throwable failure = new IllegalArgumentException("failure", cause);
		cause.initCause(failure);
		return failure;
	}),

	ENDLESS_CAUSES(Endless::new),

	CAUSE_OF_ITSELF(CauseOfItself::new),

	INTERRUPTING_TEXT(InterruptingText::new),

	WITHOUT_STACK_TRACE(WithoutStackTrace::new),

	INTERRUPT(InterruptedException::new);

	private final Supplier<Throwable> failure;

	Fault(Supplier<Throwable> failure) {
		this.failure = failure;
	}

	static List<Fault> all() {
		return Arrays.asList(values());
	}

	/**
	 * Throws it, whatever the caller declares; with the thread's interrupt flag set, as
	 * careless code leaves it.
	 */
	void throwIt() {
		if (this == INTERRUPT) {
			Thread.currentThread().interrupt();
		}
		Fault.<RuntimeException>sneak(this.failure.get());
	}

	<T> CompletableFuture<T> failedFuture() {
		return CompletableFuture.failedFuture(this.failure.get());
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneak(Throwable failure) throws T {
		throw (T) failure;
	}

	private static final class Unreadable extends RuntimeException {

		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			throw new IllegalStateException("no message");
		}

		@Override
		public String toString() {
			throw new IllegalStateException("no text");
		}

		@Override
		public synchronized Throwable getCause() {
			throw new IllegalStateException("no cause");
		}

	}

	private static final class UnreadableError extends Error {

		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			throw new StackOverflowError();
		}

	}

	private static final class Endless extends RuntimeException {

		private static final long serialVersionUID = 1L;

		@Override
		public synchronized Throwable getCause() {
			return new Endless();
		}

	}

	private static final class CauseOfItself extends RuntimeException {

		private static final long serialVersionUID = 1L;

		@Override
		public synchronized Throwable getCause() {
			return this;
		}

	}

	private static final class InterruptingText extends RuntimeException {

		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			Thread.currentThread().interrupt();
			return "interrupted";
		}

	}

	private static final class WithoutStackTrace extends RuntimeException {

		private static final long serialVersionUID = 1L;

		WithoutStackTrace() {
			super("fault", null, false, false);
		}

	}

}
