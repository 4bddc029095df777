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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Takes what the server says of requests that it doesn't fill: whether that is as it
 * should be, and what to ask for now.
 */
final class Statuses {

	private static final Log logger = LogFactory.getLog(Statuses.class);

	// Where too many requests wait it goes on and on
	private static final long WARNING_INTERVAL_NANOS = Duration.ofMinutes(10).toNanos();

	private final PullSource source;

	private final Credit credit;

	private final PinnedClient pin;

	private final Requester requester;

	private final PullFlow.Events events;

	private volatile long nextWarningNanos = System.nanoTime();

	/**
	 * Creates an object for the statuses of one flow.
	 * @param source where the messages are
	 * @param credit gets back what a request has not brought
	 * @param pin is told when another client gets the messages
	 * @param requester asks again
	 * @param events is told what it means
	 */
	Statuses(PullSource source, Credit credit, PinnedClient pin, Requester requester, PullFlow.Events events) {
		this.source = source;
		this.credit = credit;
		this.pin = pin;
		this.requester = requester;
		this.events = events;
	}

	void take(PullStatus status) {
		if (status.isWaiting()) {
			this.events.answered();
			return;
		}
		OpenRequests.Request ended = this.credit.ended(status.request(), status.unfilled());
		if (status.isPinLost()) {
			if (ended != null) {
				this.pin.lost(ended.pinId());
			}
		}
		else if (status.isExpired()) {
			this.credit.rested();
		}
		if (status.isTooSmall() && ended != null) {
			tooSmall(ended);
		}
		else if (status.isOrdinary()) {
			this.events.answered();
			// Requests for a message each have all become one in the end when what they
			// asked for is asked for at the next look
			if (!status.isExpired() || !this.credit.isAwaiting()) {
				this.requester.ask();
			}
		}
		else if (status.isTooMany() && this.credit.isAwaiting()) {
			dropped(status.unfilled());
		}
		else if (this.requester.isAsking()) {
			this.events.trouble("the server answers \"" + status.status().getMessageWithCode() + "\"");
		}
	}

	private void tooSmall(OpenRequests.Request request) {
		PullRequests limits = this.requester.limits();
		if (request.bytes() >= limits.maxBytes()) {
			this.events.blocked(limits.maxBytes());
			return;
		}
		this.events.answered();
		this.credit.exceeds(request.bytes(), limits.maxMessage());
		this.requester.ask();
	}

	/**
	 * The server has said that it has dropped requests, or has forgotten them silently.
	 * @param count how many messages they were for
	 */
	void dropped(int count) {
		String what = "Consumer '%s' of stream '%s': the server has dropped requests for %d message(s); they are made again. It does so while the consumer's leader changes, and when more requests wait than max-pull-waiting of the consumer allows; raise that if this goes on"
			.formatted(this.source.consumer(), this.source.stream(), count);
		long now = System.nanoTime();
		if (now - this.nextWarningNanos < 0) {
			logger.debug(what);
		}
		else {
			this.nextWarningNanos = now + WARNING_INTERVAL_NANOS;
			logger.warn(what);
		}
	}

}
