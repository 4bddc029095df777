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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.github.jetstreamspring.messaging.Durations;
import io.nats.client.Message;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells the keys of messages on the thread that receives them, which keeps their order
 * however long that takes, and ends what takes too long: all other messages wait for it.
 */
final class OrderKeyWatch implements OrderKey {

	private static final Log logger = LogFactory.getLog(OrderKeyWatch.class);

	// Far longer than the first message of an application takes to be read
	private static final Duration MAX_TIME = Duration.ofSeconds(10);

	// From when on it is said, before anybody else is blamed
	private static final long SLOW_NANOS = Duration.ofSeconds(1).toNanos();

	// How long it may take to end when it is interrupted
	private static final long INTERRUPT_NANOS = Duration.ofSeconds(5).toNanos();

	private final String listener;

	private final OrderKey orderKey;

	private final Duration maxTime;

	private final Overruns overruns;

	private final AtomicLong numbers = new AtomicLong();

	// A number for each key that is being told, negative once it is interrupted, and 0
	// when nobody waits for one. An interrupt must never hit a thread that has moved on,
	// so what has been interrupted ends under the lock.
	private final AtomicLong current = new AtomicLong();

	// Of the current number, and set before it
	private @Nullable ReceivedDelivery delivery;

	private @Nullable Thread thread;

	// Guarded by this: the number at the last look, and since when it is there
	private long seen;

	private long seenNanos;

	/**
	 * Creates a watch.
	 * @param definition the listener
	 * @param orderKey tells keys
	 * @param overruns is told which key doesn't end
	 */
	OrderKeyWatch(ListenerDefinition definition, OrderKey orderKey, Overruns overruns) {
		this.listener = definition.id();
		this.orderKey = orderKey;
		this.maxTime = (definition.maxRunTime().compareTo(MAX_TIME) < 0) ? definition.maxRunTime() : MAX_TIME;
		this.overruns = overruns;
	}

	/**
	 * Returns what watches over the order keys of a listener.
	 * @param definition the listener
	 * @param overruns is told which key doesn't end
	 * @return the watch, or {@code null} if its messages have no order
	 */
	static @Nullable OrderKeyWatch of(ListenerDefinition definition, Overruns overruns) {
		OrderKey orderKey = definition.orderedBy();
		return (orderKey != null) ? new OrderKeyWatch(definition, orderKey, overruns) : null;
	}

	@Override
	public @Nullable Object keyOf(Delivery delivery, Message message) {
		long number = this.numbers.incrementAndGet();
		this.delivery = (ReceivedDelivery) delivery;
		this.thread = Thread.currentThread();
		this.current.set(number);
		Object key;
		try {
			key = this.orderKey.keyOf(delivery, message);
		}
		catch (Throwable ex) {
			ended(number);
			throw ex;
		}
		ended(number);
		return key;
	}

	private void ended(long number) {
		if (this.current.compareAndSet(number, 0)) {
			return;
		}
		synchronized (this) {
			Thread.interrupted();
			this.current.compareAndSet(-number, 0);
		}
		// Whatever was told: an interrupted thread may tell anything, and the message may
		// be settled by now
		throw overrun();
	}

	/**
	 * Looks whether a key takes too long. To be called now and then.
	 * @param now the current {@link System#nanoTime()}
	 * @return why nothing is received meanwhile, or {@code null}
	 */
	synchronized @Nullable String look(long now) {
		long number = this.current.get();
		ReceivedDelivery slow = this.delivery;
		Thread telling = this.thread;
		if (number == 0 || Math.abs(number) != this.seen || slow == null || telling == null) {
			this.seen = Math.abs(number);
			this.seenNanos = now;
			return null;
		}
		long age = now - this.seenNanos;
		if (number > 0 && age >= this.maxTime.toNanos() && this.current.compareAndSet(number, -number)) {
			logger.warn(
					"Listener '%s': what orders message %s (orderedBy) takes longer than %s to be told and is interrupted"
						.formatted(this.listener, slow, Durations.text(this.maxTime)),
					overrun(telling));
			telling.interrupt();
		}
		else if (number < 0 && age >= this.maxTime.toNanos() + INTERRUPT_NANOS) {
			logger.warn(
					"Listener '%s': what orders message %s (orderedBy) doesn't end, though it was interrupted; its thread is given up on, and another one receives"
						.formatted(this.listener, slow),
					overrun(telling));
			this.overruns.stuck(slow, overrun());
			this.current.set(0);
			return null;
		}
		return (age >= SLOW_NANOS)
				? "no message can be received before it is known what orders message %s (orderedBy), which takes long"
					.formatted(slow)
				: null;
	}

	/**
	 * Waits for no key any more.
	 * @param leftover takes the message whose key is not known, if there is one
	 */
	synchronized void stop(Consumer<ReceivedDelivery> leftover) {
		ReceivedDelivery left = this.delivery;
		Thread telling = this.thread;
		if (this.current.getAndSet(0) != 0 && left != null && telling != null) {
			// Before the interrupt, which makes its message a failed one
			leftover.accept(left);
			telling.interrupt();
		}
	}

	private UnprocessableMessageException overrun() {
		return new UnprocessableMessageException(
				"What orders the message (orderedBy) could not be told within " + Durations.text(this.maxTime), null);
	}

	// Where it hangs is what its author needs to know
	private UnprocessableMessageException overrun(Thread telling) {
		UnprocessableMessageException overrun = overrun();
		overrun.setStackTrace(telling.getStackTrace());
		return overrun;
	}

	/**
	 * Is told which keys don't end.
	 */
	@FunctionalInterface
	interface Overruns {

		/**
		 * The receiving thread doesn't end to tell a key, though it was interrupted.
		 * @param delivery the delivery
		 * @param failure what that means for it
		 */
		void stuck(ReceivedDelivery delivery, Throwable failure);

	}

}
