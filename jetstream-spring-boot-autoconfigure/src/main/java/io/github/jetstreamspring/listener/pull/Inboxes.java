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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * Where messages come in: the inbox of the requests of now, and those of before, to which
 * something may still be on its way.
 */
final class Inboxes {

	private static final Duration LINGER = Duration.ofNanos(Receivers.LINGER_NANOS);

	private final PullConnection shared;

	private final Receiver receiver;

	private volatile @Nullable Inbox current;

	// Set by open() and lost() alone, which their caller keeps apart
	private volatile @Nullable Inbox previous;

	// Older ones that are not drained yet, as after quick pauses
	private final List<Inbox> draining = new CopyOnWriteArrayList<>();

	Inboxes(PullConnection shared, Receiver receiver) {
		this.shared = shared;
		this.receiver = receiver;
	}

	/**
	 * Opens another inbox. The last one stays for one round more, for what is on its way
	 * to it.
	 */
	void open() {
		// First, as the client may refuse it, and what there is stays as it is then
		Inbox next = new Inbox(this.shared, this.receiver);
		Inbox last = this.previous;
		if (last != null && last.isDraining()) {
			this.draining.add(last);
		}
		else if (last != null) {
			last.close();
		}
		this.previous = this.current;
		this.current = next;
	}

	/**
	 * Returns the inbox of the requests of now.
	 * @return the inbox, or {@code null} if there is none
	 */
	@Nullable Inbox current() {
		return this.current;
	}

	/**
	 * The connection is lost. Nobody listens any more, unless there are messages that
	 * have come in time.
	 */
	void lost() {
		List<Inbox> known = all();
		if (known.stream().allMatch(Inbox::isEmpty)) {
			known.forEach(Inbox::close);
			this.current = null;
			this.previous = null;
		}
	}

	List<Inbox> all() {
		List<Inbox> all = new ArrayList<>();
		if (this.current != null) {
			all.add(this.current);
		}
		if (this.previous != null) {
			all.add(this.previous);
		}
		all.addAll(this.draining);
		return all;
	}

	/**
	 * Returns whether a message has come that nobody has taken.
	 */
	boolean hasMore() {
		if (hasMore(this.current) || hasMore(this.previous)) {
			return true;
		}
		for (Inbox inbox : this.draining) {
			if (hasMore(inbox)) {
				return true;
			}
		}
		return false;
	}

	private static boolean hasMore(@Nullable Inbox inbox) {
		return inbox != null && !inbox.isEmpty();
	}

	/**
	 * Takes the next message.
	 * @param taker takes it
	 * @param wait whether to wait a moment for one
	 * @return whether there was one
	 * @throws InterruptedException if the calling thread is interrupted
	 */
	boolean receive(Taker taker, boolean wait) throws InterruptedException {
		Inbox late = this.previous;
		if (late != null && !late.isEmpty() && receive(late, null, taker)) {
			return true;
		}
		if (!this.draining.isEmpty() && receiveDraining(taker)) {
			return true;
		}
		Inbox now = this.current;
		return now != null && now.isOpen() && receive(now, wait ? LINGER : null, taker);
	}

	private boolean receiveDraining(Taker taker) throws InterruptedException {
		for (Inbox inbox : this.draining) {
			if (receive(inbox, null, taker)) {
				return true;
			}
			if (!inbox.isOpen()) {
				this.draining.remove(inbox);
			}
		}
		return false;
	}

	private boolean receive(Inbox from, @Nullable Duration timeout, Taker taker) throws InterruptedException {
		Message message = from.next(timeout);
		if (message != null) {
			taker.take(message, from == this.current);
		}
		return message != null;
	}

	/**
	 * Takes what has come.
	 */
	@FunctionalInterface
	interface Taker {

		/**
		 * Takes a message.
		 * @param message the message, which may be a status of the server
		 * @param current whether it came to the inbox of the requests of now
		 */
		void take(Message message, boolean current);

	}

}
