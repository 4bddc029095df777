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

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.messaging.Durations;
import io.github.jetstreamspring.messaging.MessageIdentity;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Knows which messages a listener has given up on without being able to store their dead
 * letters, and says so. They stay in their queue, where those that can't wait as
 * schedules take places that other messages may need.
 */
final class UnstoredLetters {

	private static final Log logger = LogFactory.getLog(UnstoredLetters.class);

	// A million of them is as bad as this
	private static final int MAX_SIZE = 100_000;

	// When a message doesn't come again for so long, another instance has it, or it is
	// gone
	private static final long GRACE_NANOS = Duration.ofMinutes(1).toNanos();

	// The server delivers what waits as a schedule a little later than it is due, and has
	// it out for nobody until then
	private static final long SCHEDULE_NANOS = Duration.ofSeconds(15).toNanos();

	private final String listener;

	private final Runnable onChange;

	// By what identifies the message for ever; guarded by this, as all below
	private final Map<MessageIdentity, Expected> expected = new HashMap<>();

	private @Nullable String problem;

	// How many of them take a place
	private int taken;

	private long places;

	private Level told = Level.NONE;

	// Read for every message
	private volatile int count;

	/**
	 * Creates an empty list.
	 * @param listener the listener's id
	 * @param onChange is told when something is to be said that is new, without a lock
	 */
	UnstoredLetters(String listener, Runnable onChange) {
		this.listener = listener;
		this.onChange = onChange;
	}

	int count() {
		return this.count;
	}

	/**
	 * Sets how many messages of the consumer may be out.
	 * @param maxAckPending the number, not positive for any
	 */
	void places(long maxAckPending) {
		synchronized (this) {
			this.places = maxAckPending;
		}
		tell();
	}

	/**
	 * The dead letter of a message could not be stored. That is said aloud when it is
	 * new, as it is tried again and again while the listener's state goes on saying so.
	 * @param delivery the delivery
	 * @param outcome why the message is given up on
	 * @param why what is in the way
	 * @param delay the time until the next attempt
	 * @param place whether the message takes a place in the meantime
	 * @param more what else is to be said about it
	 */
	void failed(ReceivedDelivery delivery, Outcome.GiveUp outcome, Throwable why, Duration delay, Place place,
			String more) {
		boolean loud = expect(delivery.origin().firstIdentity(), text(why), delay, place);
		tell();
		if (!loud && !logger.isDebugEnabled()) {
			return;
		}
		String text = "Listener '%s': message %s is given up on (%s), but could not be stored as a dead letter. It stays in its queue; the next attempt follows in %s: %s%s"
			.formatted(this.listener, delivery, HeaderText.of(outcome.reason()), Durations.rounded(delay),
					HeaderText.of(Failures.describe(why)), more);
		if (loud) {
			logger.error(text);
		}
		else {
			logger.debug(text);
		}
	}

	/**
	 * Expects a message again.
	 * @return whether that is new, or why
	 */
	private synchronized boolean expect(MessageIdentity message, String text, Duration delay, Place place) {
		boolean news = false;
		this.problem = text;
		if (this.count < MAX_SIZE || this.expected.containsKey(message)) {
			long due = System.nanoTime() + delay.toNanos() + ((place == Place.FREE) ? SCHEDULE_NANOS : 0);
			Expected before = this.expected.put(message, new Expected(due, place, text));
			news = before == null || !before.problem().equals(text);
			this.taken += place.taken() - ((before != null) ? before.place().taken() : 0);
		}
		this.count = this.expected.size();
		return news;
	}

	/**
	 * A message is no longer one of them, if it was.
	 * @param delivery its delivery
	 */
	void settled(ReceivedDelivery delivery) {
		// True for nearly every message
		if (this.count == 0) {
			return;
		}
		synchronized (this) {
			Expected gone = this.expected.remove(delivery.origin().firstIdentity());
			this.taken -= (gone != null) ? gone.place().taken() : 0;
			this.count = this.expected.size();
		}
		tell();
	}

	/**
	 * Forgets those that are gone.
	 * @param consumer the consumer, which tells how many messages are out, to whomever
	 * @param asking whether those that are due would come
	 */
	void look(FoundConsumer consumer, boolean asking) {
		if (this.count == 0) {
			return;
		}
		long now = System.nanoTime();
		synchronized (this) {
			if (consumer.ackPending() == 0) {
				// What has failed since the server was asked, it doesn't know of
				this.expected.values().removeIf((message) -> consumer.askedNanos() - message.due() > 0);
			}
			if (asking) {
				this.expected.values().removeIf((message) -> now - message.due() > GRACE_NANOS);
			}
			this.taken = this.expected.values().stream().mapToInt((message) -> message.place().taken()).sum();
			this.count = this.expected.size();
		}
		tell();
	}

	/**
	 * Forgets all of them, as they are gone.
	 */
	void clear() {
		forget(Level.SOME);
		tell();
	}

	/**
	 * Forgets all of them, which stay in their queue: they are not this instance's any
	 * more. That is no news about them.
	 */
	void leave() {
		forget(Level.NONE);
	}

	private synchronized void forget(Level told) {
		this.told = (this.count == 0) ? Level.NONE : told;
		this.expected.clear();
		this.taken = 0;
		this.count = 0;
	}

	/**
	 * Returns what is to be said about them.
	 * @return a sentence, or {@code null} if there are none
	 */
	synchronized @Nullable String reason() {
		if (this.count == 0) {
			return null;
		}
		String text = (this.count == 1)
				? "1 message is given up on, but its dead letter can't be stored: " + this.problem
				: "%d%s messages are given up on, but their dead letters can't be stored: %s".formatted(this.count,
						(this.count == MAX_SIZE) ? " or more" : "", this.problem);
		return switch (level()) {
			case ALL ->
				text + ". They take all %d places of max-ack-pending: no other message comes until they are stored"
					.formatted(this.places);
			case SOME -> (this.places > 0 && this.taken > 0)
					? text + " (%d of %d places of max-ack-pending)".formatted(this.taken, this.places) : text;
			case NONE -> text;
		};
	}

	/**
	 * Returns the same, after another reason for a listener's state.
	 * @param other the other reason, or {@code null} if there is none
	 */
	@Nullable String reason(@Nullable String other) {
		String own = reason();
		return (other == null || own == null) ? ((other != null) ? other : own) : other + "; " + own;
	}

	private synchronized Level level() {
		if (this.count == 0) {
			return Level.NONE;
		}
		return (this.places > 0 && this.taken >= this.places) ? Level.ALL : Level.SOME;
	}

	private static String text(Throwable why) {
		String message = Failures.message(why);
		return HeaderText.of((message != null) ? message : Failures.describe(why));
	}

	private void tell() {
		String text;
		synchronized (this) {
			Level level = level();
			if (level == this.told) {
				return;
			}
			boolean better = (level == Level.SOME && this.told == Level.ALL);
			this.told = level;
			if (better) {
				return;
			}
			text = reason();
		}
		if (text != null) {
			logger.error("Listener '%s': %s".formatted(this.listener, text));
		}
		else {
			logger.info("Listener '%s': no dead letter is left that can't be stored".formatted(this.listener));
		}
		this.onChange.run();
	}

	/**
	 * Where a message waits.
	 */
	enum Place {

		/**
		 * Among those that the consumer may have out.
		 */
		TAKEN(1),

		/**
		 * As a schedule.
		 */
		FREE(0);

		private final int taken;

		Place(int taken) {
			this.taken = taken;
		}

		int taken() {
			return this.taken;
		}

	}

	/**
	 * A message that is to come again.
	 *
	 * @param due until when
	 * @param place where it waits
	 * @param problem what is in the way
	 */
	private record Expected(long due, Place place, String problem) {
	}

	private enum Level {

		NONE, SOME, ALL

	}

}
