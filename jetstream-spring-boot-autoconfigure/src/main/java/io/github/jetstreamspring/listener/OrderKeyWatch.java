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
import java.util.concurrent.atomic.AtomicReference;

import io.nats.client.Message;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that an order key doesn't take for ever: it is told on the thread that
 * receives, as no message may overtake another one on the way to its lane.
 */
final class OrderKeyWatch implements OrderKey {

	private static final Log logger = LogFactory.getLog(OrderKeyWatch.class);

	// Far longer than the first message of an application takes to be read
	private static final Duration MAX_TIME = Duration.ofSeconds(10);

	// How long it may take to end when it is interrupted
	private static final long INTERRUPT_NANOS = Duration.ofSeconds(5).toNanos();

	private final String listener;

	private final OrderKey orderKey;

	private final Duration maxTime;

	private final Overruns overruns;

	// Whose key is being told
	private final AtomicReference<@Nullable ReceivedDelivery> current = new AtomicReference<>();

	private volatile @Nullable Thread thread;

	private volatile @Nullable ReceivedDelivery interrupted;

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

	@Override
	public @Nullable Object keyOf(Delivery delivery, Message message) {
		ReceivedDelivery received = (ReceivedDelivery) delivery;
		this.thread = Thread.currentThread();
		this.current.set(received);
		Object key;
		try {
			key = this.orderKey.keyOf(delivery, message);
		}
		catch (Throwable ex) {
			this.current.compareAndSet(received, null);
			if (this.interrupted == received) {
				throw overrun();
			}
			throw ex;
		}
		if (!this.current.compareAndSet(received, null)) {
			// Its message is settled, and has no lane to enter any more
			throw overrun();
		}
		return key;
	}

	/**
	 * Looks whether a key takes too long. To be called now and then.
	 * @param now the current {@link System#nanoTime()}
	 * @return whether one does, so that nothing is received
	 */
	boolean look(long now) {
		ReceivedDelivery delivery = this.current.get();
		if (delivery == null || delivery.age(now) < this.maxTime.toNanos()) {
			return false;
		}
		Thread current = this.thread;
		if (this.interrupted != delivery && current != null) {
			this.interrupted = delivery;
			UnprocessableMessageException overrun = overrun();
			overrun.setStackTrace(current.getStackTrace());
			logger.warn("Listener '%s': what orders message %s takes longer than %s and is interrupted"
				.formatted(this.listener, delivery, Durations.text(this.maxTime)), overrun);
			current.interrupt();
		}
		else if (delivery.age(now) - this.maxTime.toNanos() > INTERRUPT_NANOS
				&& this.current.compareAndSet(delivery, null)) {
			logger.warn(
					"Listener '%s': what orders message %s doesn't end, though it was interrupted; its thread is given up on, and another one receives"
						.formatted(this.listener, delivery));
			this.overruns.stuck(delivery, overrun());
		}
		return true;
	}

	private UnprocessableMessageException overrun() {
		return new UnprocessableMessageException(
				"What orders the message could not be told within " + Durations.text(this.maxTime), null);
	}

	/**
	 * Is told which keys don't end.
	 */
	@FunctionalInterface
	interface Overruns {

		/**
		 * The calling thread's key doesn't end, though it was interrupted.
		 * @param delivery the delivery
		 * @param failure what that means for it
		 */
		void stuck(ReceivedDelivery delivery, Throwable failure);

	}

}
