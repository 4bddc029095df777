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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.jetstreamspring.messaging.PermissionViolation;
import io.github.jetstreamspring.messaging.ViolationMemory;
import io.nats.client.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether the server takes the acks of a listener. It tells nobody but the
 * connection that it doesn't, and delivers again what was handled.
 */
final class AckRight {

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private static final byte[] IN_PROGRESS = "+WPI".getBytes(StandardCharsets.US_ASCII);

	private final ListenerDefinition definition;

	private final Connection connection;

	private final ViolationMemory violations;

	// What was reported until then is over
	private volatile long mark;

	private volatile @Nullable PermissionViolation refused;

	AckRight(ListenerDefinition definition, Connection connection) {
		this.definition = definition;
		this.connection = connection;
		this.violations = ViolationMemory.of(connection);
		this.mark = this.violations.mark();
	}

	/**
	 * Returns whether an ack was refused, and none was seen to be taken since. Costs
	 * nothing while nothing is reported.
	 */
	boolean isRefused() {
		long now = this.violations.mark();
		if (now != this.mark) {
			refused(this.mark).ifPresent((violation) -> this.refused = violation);
			this.mark = now;
		}
		return this.refused != null;
	}

	/**
	 * Finds out whether acks are taken again, if they were refused. Needs no handler:
	 * whoever may extend a lease may ack, and for a message that is settled or out of
	 * hand that does nothing else. Waits for the server.
	 */
	void tryOut() {
		PermissionViolation known = this.refused;
		if (known == null) {
			return;
		}
		long before = this.violations.mark();
		// Without a memory of its own the connection may have told of something else
		// since
		boolean taken = ask(known.subject())
				|| (this.violations.mark() == before && this.connection.getStatus() == Connection.Status.CONNECTED);
		if (taken) {
			this.refused = null;
			this.mark = this.violations.mark();
		}
	}

	private Optional<PermissionViolation> refused(long since) {
		return this.violations.last(since,
				(violation) -> violation.isAboutAcks(this.definition.stream(), this.definition.consumer()));
	}

	private boolean ask(String ackSubject) {
		try {
			this.connection.requestWithTimeout(ackSubject, IN_PROGRESS, TIMEOUT.plus(TIMEOUT))
				.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		catch (ExecutionException | TimeoutException | IllegalStateException ex) {
			return false;
		}
	}

	/**
	 * Returns what is wrong and what to do.
	 */
	String reason() {
		PermissionViolation known = this.refused;
		String right = (known != null) ? known.right()
				: "$JS.ACK.%s.%s.>".formatted(this.definition.stream(), this.definition.consumer());
		return ("the user of the connection may not publish to '%s': acks don't reach the server, which would deliver"
				+ " again and again what is handled. No message is handled until that is in the user's publish"
				+ " permissions")
			.formatted(right);
	}

}
