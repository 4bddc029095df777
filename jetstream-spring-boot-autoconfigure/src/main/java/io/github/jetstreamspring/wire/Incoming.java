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
package io.github.jetstreamspring.wire;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Options;
import org.jspecify.annotations.Nullable;

/**
 * Tells which subscriptions of a connection have got messages. The client lets nobody
 * wait for several subscriptions at once, so that each would need a thread of its own.
 * <p>
 * The client doesn't say which number it has given to a subscription. A message says it;
 * until the first has come, a subscription is told whenever it has got something, whoever
 * else has.
 *
 * @since 0.1.0
 */
public final class Incoming {

	/**
	 * Some subscription, nobody knows which.
	 */
	static final int ANY = -1;

	// An application may subscribe again and again
	private static final int MAX_TOLD = 10_000;

	// By the options of the connection, which are all that a data port knows of it
	private static final Map<Options, Incoming> all = Collections.synchronizedMap(new WeakHashMap<>());

	private final Map<Integer, Watched> known = new ConcurrentHashMap<>();

	private final Set<Watched> unknown = ConcurrentHashMap.newKeySet();

	// Numbers of which all that are unknown were told when the first message had come. If
	// it was for one of them, that takes along what comes before the number is known.
	// Else
	// the number is nobody's here, such as that of the client's own inbox.
	private final Set<Integer> told = ConcurrentHashMap.newKeySet();

	private volatile boolean watching;

	private final Set<Integer> unparsed = ConcurrentHashMap.newKeySet();

	Incoming() {
	}

	/**
	 * Returns what tells of the messages of a connection.
	 * @param connection the connection
	 * @return what tells, or {@code null} if nothing can as its socket isn't
	 * {@linkplain GuardedConnections guarded}
	 */
	public static @Nullable Incoming of(Connection connection) {
		Options options = connection.getOptions();
		return (options != null && GuardedConnections.isGuarded(options)) ? of(options) : null;
	}

	static Incoming of(Options options) {
		return all.computeIfAbsent(options, (key) -> new Incoming());
	}

	/**
	 * Tells a subscription from now on.
	 * @param subscription the subscription, which has got nothing yet
	 */
	public void watch(Watched subscription) {
		this.watching = true;
		this.unknown.add(subscription);
	}

	/**
	 * A message has come, which says its subscription's number.
	 * @param subscription the subscription
	 * @param message the message
	 */
	public void received(Watched subscription, Message message) {
		int number = number(message.getSID());
		if (number != ANY && this.unknown.contains(subscription)) {
			// In this order, as the next message may come in between
			this.known.put(number, subscription);
			this.told.remove(number);
			if (!this.unknown.remove(subscription)) {
				this.known.remove(number, subscription);
			}
		}
	}

	/**
	 * Leaves the headers of a subscription's messages unparsed from now on, which is most
	 * of what the client does with a message: they come as plain messages, whose data is
	 * the header block followed by the payload. Those with a status stay what they are.
	 * @param message a message that has come to the subscription
	 */
	public void leaveUnparsed(Message message) {
		int number = number(message.getSID());
		if (number != ANY) {
			leaveUnparsed(number);
		}
	}

	void leaveUnparsed(int number) {
		this.unparsed.add(number);
	}

	/**
	 * Lets the client parse the headers again.
	 * @param message a message that has come to the subscription
	 */
	public void parse(Message message) {
		this.unparsed.remove(number(message.getSID()));
	}

	boolean areUnparsed() {
		return !this.unparsed.isEmpty();
	}

	boolean isUnparsed(int number) {
		return this.unparsed.contains(number);
	}

	private static int number(@Nullable String id) {
		try {
			return (id != null) ? Integer.parseInt(id) : ANY;
		}
		catch (NumberFormatException ex) {
			return ANY;
		}
	}

	/**
	 * Tells a subscription no more.
	 * @param subscription the subscription
	 */
	public void forget(Watched subscription) {
		if (!this.unknown.remove(subscription)) {
			this.known.values().remove(subscription);
		}
	}

	boolean isWatching() {
		return this.watching;
	}

	/**
	 * The client has taken over messages.
	 * @param number the number of their subscription, or {@link #ANY}
	 * @param whole whether it has taken over all of them, and not only a part
	 */
	void come(int number, boolean whole) {
		Watched subscription = this.known.get(number);
		if (subscription != null) {
			subscription.come();
		}
		else if (number == ANY) {
			this.unknown.forEach(Incoming::tell);
			this.known.values().forEach(Incoming::tell);
		}
		else if (!this.unknown.isEmpty() && !isTold(number, whole)) {
			this.unknown.forEach(Incoming::tell);
		}
	}

	// While a thousand listeners start, to tell each of them of each answer to a question
	// would be most of what the reader does
	private boolean isTold(int number, boolean whole) {
		if (this.told.contains(number)) {
			return true;
		}
		if (whole) {
			if (this.told.size() >= MAX_TOLD) {
				this.told.clear();
			}
			this.told.add(number);
		}
		return false;
	}

	private static void tell(Watched subscription) {
		if (!subscription.isEmpty()) {
			subscription.come();
		}
	}

	/**
	 * A subscription that is told when it has got messages.
	 */
	public interface Watched {

		/**
		 * Returns whether no message waits.
		 * @return whether none does
		 */
		boolean isEmpty();

		/**
		 * Messages have come. Called by the thread that reads from the server, which is
		 * not to be kept.
		 */
		void come();

	}

}
