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

import io.github.jetstreamspring.guard.Interrupts;
import io.nats.client.api.ConsumerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests for as many messages as the credit allows, within the limits of the
 * consumer.
 */
final class Requester {

	private final PullConnection shared;

	private final PullSource source;

	private final String nextSubject;

	private final Credit credit;

	private final Inboxes inboxes;

	private final PinnedClient pin;

	private final Silence silence;

	private final PullFlow.Events events;

	private volatile PullRequests limits;

	private volatile boolean asking;

	// null if requests may wait as long as they do
	private volatile @Nullable Long deadlineNanos;

	/**
	 * Creates a requester that doesn't ask yet.
	 * @param shared the connection
	 * @param source where the messages are
	 * @param consumer the consumer's configuration
	 * @param credit says how much to ask for
	 * @param inboxes get what comes
	 * @param pin tells the server who asks
	 * @param silence is told what is asked
	 * @param events is told what goes wrong
	 */
	Requester(PullConnection shared, PullSource source, ConsumerConfiguration consumer, Credit credit, Inboxes inboxes,
			PinnedClient pin, Silence silence, PullFlow.Events events) {
		this.shared = shared;
		this.source = source;
		this.nextSubject = source.nextSubject();
		this.credit = credit;
		this.inboxes = inboxes;
		this.pin = pin;
		this.silence = silence;
		this.events = events;
		this.limits = limits(consumer);
	}

	private PullRequests limits(ConsumerConfiguration consumer) {
		return PullRequests.within(consumer, this.shared.connection().getMaxPayload(), this.source.precedence());
	}

	/**
	 * Returns what requests may be like.
	 */
	PullRequests limits() {
		return this.limits;
	}

	void adapt(ConsumerConfiguration consumer) {
		this.limits = limits(consumer);
	}

	void expireAt(long nanos) {
		this.deadlineNanos = nanos;
	}

	void start() {
		this.asking = true;
	}

	void stop() {
		this.asking = false;
	}

	boolean isAsking() {
		return this.asking;
	}

	/**
	 * Asks for what the credit allows, if that is worth a request.
	 * @return whether something was asked for
	 */
	boolean ask() {
		Inbox current = this.inboxes.current();
		if (!this.asking || current == null) {
			return false;
		}
		boolean asked = false;
		boolean sent = true;
		while (sent) {
			PullRequests allowed = allowed();
			if (allowed == null) {
				return asked;
			}
			Rhythm rhythm = this.shared.rhythm();
			OpenRequests.Request request = this.credit.claim(allowed.maxBatch(), allowed.maxBytes(),
					allowed.expiry(rhythm));
			sent = (request != null) && send(request, allowed, rhythm, current);
			asked |= sent;
		}
		return asked;
	}

	// null when there is no time left
	private @Nullable PullRequests allowed() {
		Long deadline = this.deadlineNanos;
		if (deadline == null) {
			return this.limits;
		}
		long left = deadline - System.nanoTime();
		return (left > 0) ? this.limits.waitingFor(Duration.ofNanos(left)) : null;
	}

	private boolean send(OpenRequests.Request request, PullRequests allowed, Rhythm rhythm, Inbox current) {
		try {
			boolean borrowed = request.bytes() > this.shared.shares().each();
			Rhythm inStep = rhythm.inStep(System.nanoTime());
			this.silence.asked(allowed.heartbeat(inStep));
			String pinId = this.pin.idForRequest();
			request.madeBy(pinId);
			byte[] body = allowed.body(request.count(), request.bytes(), borrowed ? null : inStep, pinId);
			Interrupts.hold(() -> this.shared.connection().publish(this.nextSubject, current.replyFor(request), body));
			return true;
		}
		catch (Throwable ex) {
			this.credit.ended(request.number(), request.count());
			this.events.trouble("the connection takes no requests: " + ex.getMessage());
			return false;
		}
	}

}
