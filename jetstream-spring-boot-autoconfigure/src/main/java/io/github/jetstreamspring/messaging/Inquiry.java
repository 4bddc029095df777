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

package io.github.jetstreamspring.messaging;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server something that may be forbidden. The server says so at once, but to the
 * connection only: whoever asks waits for an answer that never comes.
 *
 * @since 0.1.0
 */
public final class Inquiry {

	private static final long LOOK_MILLIS = 10;

	private Inquiry() {
	}

	/**
	 * Asks, and waits for the answer or the report that asking is forbidden.
	 * @param connection the connection
	 * @param subject how the subject of the question ends, behind what a domain may put
	 * before
	 * @param question asks
	 * @param <T> what the server answers
	 * @return the answer
	 * @throws ForbiddenException if asking is forbidden
	 * @throws IOException if there is no answer
	 * @throws JetStreamApiException if the answer is an error
	 */
	public static <T> T ask(Connection connection, String subject, Question<T> question)
			throws IOException, JetStreamApiException {
		ReportedViolations violations = new ReportedViolations(connection);
		FutureTask<T> answer = new FutureTask<>(asking(connection, question));
		Thread thread = new Thread(answer, "jetstream-inquiry");
		thread.setDaemon(true);
		thread.start();
		while (true) {
			try {
				return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
			}
			catch (TimeoutException ex) {
				// One about subscriptions may be older
				throwIfForbidden(
						violations.last((violation) -> violation.publish() && violation.subject().endsWith(subject)));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IOException("Interrupted while the server was asked", ex);
			}
			catch (ExecutionException ex) {
				if (ex.getCause() instanceof IOException) {
					throwIfForbidden(violations.ofQuestion(subject));
				}
				throw failure(ex.getCause());
			}
		}
	}

	private static <T> Callable<T> asking(Connection connection, Question<T> question) {
		return () -> question.ask(connection.jetStreamManagement());
	}

	private static void throwIfForbidden(Optional<PermissionViolation> violation) throws ForbiddenException {
		if (violation.isPresent()) {
			throw new ForbiddenException(violation.get());
		}
	}

	private static IOException failure(@Nullable Throwable cause) throws JetStreamApiException {
		if (cause instanceof JetStreamApiException refusal) {
			throw refusal;
		}
		if (cause instanceof RuntimeException failure) {
			throw failure;
		}
		if (cause instanceof Error error) {
			throw error;
		}
		return (cause instanceof IOException failure) ? failure : new IOException(cause);
	}

	/**
	 * Something that the server is asked.
	 *
	 * @param <T> what it answers
	 */
	@FunctionalInterface
	public interface Question<T> {

		/**
		 * Asks, and waits for the answer.
		 * @param management asks
		 * @return the answer
		 * @throws IOException if there is none
		 * @throws JetStreamApiException if it is an error
		 */
		T ask(JetStreamManagement management) throws IOException, JetStreamApiException;

	}

	/**
	 * Asking is forbidden, so there is no answer.
	 */
	public static final class ForbiddenException extends IOException {

		private static final long serialVersionUID = 1L;

		private final transient PermissionViolation violation;

		/**
		 * Creates an exception.
		 * @param violation what is forbidden
		 */
		public ForbiddenException(PermissionViolation violation) {
			super(violation.describe() + ". Allow it in the permissions of that user");
			this.violation = violation;
		}

		/**
		 * Returns what is forbidden.
		 * @return the violation
		 */
		public PermissionViolation violation() {
			return this.violation;
		}

	}

}
