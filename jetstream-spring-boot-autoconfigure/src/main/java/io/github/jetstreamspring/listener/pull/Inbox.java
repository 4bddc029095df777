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

package io.github.jetstreamspring.listener.pull;

import java.time.Duration;

import io.github.jetstreamspring.wire.Incoming;
import io.nats.client.Message;
import io.nats.client.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Where the answers to requests for messages come in. Each start has its own, so that
 * late answers to forgotten requests are told from those to new ones.
 */
final class Inbox implements Incoming.Watched {

	private final PullConnection shared;

	private final Receiver receiver;

	private final String subject;

	private final Subscription subscription;

	private volatile boolean draining;

	// The receiver's alone
	private boolean known;

	/**
	 * Opens an inbox.
	 * @param shared the connection
	 * @param receiver takes what comes
	 */
	Inbox(PullConnection shared, Receiver receiver) {
		this.shared = shared;
		this.receiver = receiver;
		this.subject = shared.connection().createInbox();
		this.subscription = shared.connection().subscribe(this.subject + ".*.*");
		// What may come is bounded by the credit, and dropping it would leak credit
		this.subscription.setPendingLimits(-1, -1);
		shared.watch(this);
	}

	/**
	 * Returns the subject for the answers to a request.
	 * @param request the request, which the answers name
	 * @return the subject
	 */
	String replyFor(OpenRequests.Request request) {
		return this.subject + "." + request.number() + "." + request.count();
	}

	/**
	 * Returns the next answer.
	 * @param timeout how long to wait for it, or {@code null} not to wait
	 * @return the answer, or {@code null} if there is none
	 * @throws InterruptedException if the calling thread is interrupted
	 */
	@Nullable Message next(@Nullable Duration timeout) throws InterruptedException {
		try {
			Message next = this.subscription.nextMessage(timeout);
			if (next != null && !this.known) {
				this.known = true;
				this.shared.received(this, next);
			}
			return next;
		}
		catch (IllegalStateException | NullPointerException ex) {
			// Nobody listens any more, or the connection is closed for good. When that
			// happens just now the client reads twice a field of its own that another of
			// its threads sets to null in between.
			return null;
		}
	}

	@Override
	public void come() {
		this.receiver.ready();
	}

	boolean isOpen() {
		return this.subscription.isActive();
	}

	/**
	 * Marks that this is to be drained: what is on its way to it comes to nobody else.
	 */
	void draining() {
		this.draining = true;
	}

	boolean isDraining() {
		return this.draining && isOpen();
	}

	@Override
	public boolean isEmpty() {
		try {
			return this.subscription.getPendingMessageCount() == 0;
		}
		catch (NullPointerException ex) {
			// Closed just now, see next(Duration)
			return true;
		}
	}

	/**
	 * Takes no more answers but those that are on their way, and waits until all of them
	 * have been taken from here.
	 * @param pings find out when they have come
	 * @param timeout how long to wait for them
	 * @throws InterruptedException if the calling thread is interrupted
	 */
	void drain(Pings pings, Duration timeout) throws InterruptedException {
		try {
			if (!isOpen() || pings.drain(this.subscription, timeout)) {
				this.shared.forget(this);
				return;
			}
		}
		catch (InterruptedException ex) {
			close();
			throw ex;
		}
		// The connection is gone, or the server out of reach
		close();
	}

	void close() {
		this.shared.forget(this);
		try {
			this.subscription.unsubscribe();
		}
		catch (IllegalStateException ex) {
			// It was closed already
		}
	}

}
