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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.listener.pull.Credit;
import io.github.jetstreamspring.messaging.MessageIdentity;
import io.github.jetstreamspring.messaging.RestoredMessage;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Lines up deliveries with equal keys, so that one of them is at work at a time, in the
 * order of their stream.
 * <p>
 * A message that is to be tried again keeps its lane: it stays in hand until its delay
 * has passed and goes back to the server only then, which counts the attempt and sends it
 * again at once, while those behind it wait. While nothing is asked for, it would stay
 * there, so it stays in hand until something is. There is a lane for each key in hand and
 * for no other, so memory is bounded by the credit.
 * <p>
 * As long as it is {@linkplain #hold() held}, nothing new is handed to the workers.
 */
final class KeyedIntake implements Intake {

	private static final Log logger = LogFactory.getLog(KeyedIntake.class);

	private final OrderKey orderKey;

	private final Credit credit;

	private final ScheduledExecutorService scheduler;

	private final BooleanSupplier delivering;

	private final Consumer<ReceivedDelivery> workers;

	private final Failed failed;

	private final Duration maxAbsence;

	// Guarded by this, as all that is in it
	private final Map<Object, Lane> lanes = new HashMap<>();

	private final Map<ReceivedDelivery, Lane> laneByDelivery = new HashMap<>();

	private boolean stopped;

	private int holds;

	private boolean held;

	// Another instance gets the messages
	private boolean superseded;

	/**
	 * Creates an intake without lanes.
	 * @param orderKey tells the lane of a message
	 * @param credit is told how many messages wait for others
	 * @param scheduler runs what is due
	 * @param delivering tells whether messages would come
	 * @param workers take what may be handled now
	 * @param failed is told which deliveries have no lane, because their key can't be
	 * told
	 * @param maxAbsence how long a message that was given back is waited for
	 */
	KeyedIntake(OrderKey orderKey, Credit credit, ScheduledExecutorService scheduler, BooleanSupplier delivering,
			Consumer<ReceivedDelivery> workers, Failed failed, Duration maxAbsence) {
		this.orderKey = orderKey;
		this.credit = credit;
		this.scheduler = scheduler;
		this.delivering = delivering;
		this.workers = workers;
		this.failed = failed;
		this.maxAbsence = maxAbsence;
	}

	@Override
	public void accept(ReceivedDelivery delivery) {
		boolean free;
		try {
			// What nobody can read has no place in an order, as no handler gets it
			Object key = (RestoredMessage.fault(delivery.message()) == null)
					? this.orderKey.keyOf(delivery, delivery.message()) : null;
			free = key == null || enter(key, delivery);
		}
		catch (Throwable ex) {
			// Of the expression, or of a key that can't be compared
			this.failed.failed(delivery, ex);
			return;
		}
		if (free) {
			this.workers.accept(delivery);
		}
	}

	/**
	 * Puts a delivery in its lane.
	 * @return whether it may be handled now
	 */
	private synchronized boolean enter(Object key, ReceivedDelivery delivery) {
		Lane lane = this.lanes.computeIfAbsent(key, Lane::new);
		this.laneByDelivery.put(delivery, lane);
		if (lane.expects(delivery)) {
			returned(lane);
		}
		if (this.held || lane.isTaken()) {
			lane.waiting.add(delivery);
			this.credit.park();
			return false;
		}
		lane.current = delivery;
		return true;
	}

	@Override
	public void done(ReceivedDelivery delivery) {
		ReceivedDelivery next;
		synchronized (this) {
			Lane lane = this.laneByDelivery.remove(delivery);
			if (lane == null) {
				return;
			}
			if (lane.current != delivery) {
				// Settled while it waited: nobody would be done with it when its turn
				// came
				if (lane.waiting.remove(delivery)) {
					this.credit.unpark();
				}
				return;
			}
			lane.current = null;
			next = advance(lane);
		}
		if (next != null) {
			this.workers.accept(next);
		}
	}

	private @Nullable ReceivedDelivery advance(Lane lane) {
		if (this.stopped || lane.isTaken() || (this.held && !lane.waiting.isEmpty())) {
			return null;
		}
		ReceivedDelivery next = lane.waiting.poll();
		if (next == null) {
			remove(lane);
			return null;
		}
		this.credit.unpark();
		lane.current = next;
		return next;
	}

	private void remove(Lane lane) {
		try {
			if (this.lanes.remove(lane.key, lane)) {
				return;
			}
		}
		catch (Throwable ex) {
			// The key can't be compared any more
		}
		this.lanes.values().remove(lane);
	}

	@Override
	public void retry(ReceivedDelivery delivery, Duration delay, Consumer<Duration> nak) {
		boolean ordered;
		synchronized (this) {
			Lane lane = this.laneByDelivery.get(delivery);
			ordered = (lane != null);
			if (lane != null && !this.stopped && !this.superseded) {
				// First, as there may be no memory for it, and then it is no longer this
				// lane's
				this.scheduler.schedule(() -> giveBack(lane), delay.toNanos(), TimeUnit.NANOSECONDS);
				this.credit.park();
				lane.retryNak = nak;
				return;
			}
		}
		// Those behind it have been given back, and would be handled before it
		nak.accept(ordered ? Duration.ZERO : delay);
	}

	private void giveBack(Lane lane) {
		Consumer<Duration> nak;
		synchronized (this) {
			nak = lane.retryNak;
			if (nak == null || lane.current == null) {
				return;
			}
			lane.retryDue = !this.delivering.getAsBoolean();
			if (lane.retryDue) {
				return;
			}
			lane.retryNak = null;
			this.credit.unpark();
			expect(lane, lane.current);
		}
		nak.accept(Duration.ZERO);
	}

	private void expect(Lane lane, ReceivedDelivery returning) {
		try {
			MessageIdentity identity = returning.origin().identity();
			// First, as there may be no memory for it, and the lane would wait for ever
			awaitReturn(lane);
			lane.expected = identity;
			lane.arrivals = this.credit.expect();
		}
		catch (Throwable ex) {
			Guard.log(logger, () -> "Those behind a message that is tried again can't wait for it", ex);
		}
	}

	@Override
	public void asking(Executor executor) {
		executor.execute(this::asking);
	}

	private void asking() {
		List<Lane> due = new ArrayList<>();
		synchronized (this) {
			for (Lane lane : this.lanes.values()) {
				if (lane.retryDue) {
					due.add(lane);
				}
				else if (lane.expected != null) {
					// It could not come before, and gets its time now
					lane.cancelAbsence();
					awaitReturn(lane);
				}
			}
		}
		due.forEach(this::giveBack);
	}

	private void returned(Lane lane) {
		this.credit.expectNoLonger();
		lane.returned();
	}

	private void awaitReturn(Lane lane) {
		lane.absence = this.scheduler.schedule(() -> goOnWithout(lane), this.maxAbsence.toNanos(),
				TimeUnit.NANOSECONDS);
	}

	private void goOnWithout(Lane lane) {
		ReceivedDelivery next;
		synchronized (this) {
			MessageIdentity expected = lane.expected;
			if (this.stopped || expected == null) {
				return;
			}
			if (!this.delivering.getAsBoolean() || !this.credit.isPassed(lane.arrivals)) {
				// It can't have come yet
				awaitReturn(lane);
				return;
			}
			logger.warn("Message %d with the key of %d others did not come back; another instance may have it"
				.formatted(expected.sequence(), lane.waiting.size()));
			returned(lane);
			next = advance(lane);
		}
		if (next != null) {
			this.workers.accept(next);
		}
	}

	/**
	 * Hands nothing new to the workers.
	 * @param chosen whether this instance gets the messages. Then it takes as much as the
	 * consumer may have out: what is waited for must have a place
	 * @return what {@link #release} wants
	 */
	synchronized int hold(boolean chosen) {
		this.held = true;
		this.superseded = false;
		this.credit.takeAll(chosen);
		return ++this.holds;
	}

	synchronized boolean isHeld(int hold) {
		return this.held && this.holds == hold && !this.stopped;
	}

	/**
	 * Hands messages to the workers again.
	 * @param hold what {@link #hold} has returned; nothing happens if it was called since
	 */
	void release(int hold) {
		List<ReceivedDelivery> free = new ArrayList<>();
		synchronized (this) {
			if (!isHeld(hold)) {
				return;
			}
			this.held = false;
			this.superseded = false;
			this.credit.takeAll(false);
			for (Lane lane : new ArrayList<>(this.lanes.values())) {
				ReceivedDelivery next = advance(lane);
				if (next != null) {
					free.add(next);
				}
			}
		}
		free.forEach(this.workers);
	}

	/**
	 * Gives everything back at once that is not with the workers, for another instance.
	 * @param hold what {@link #hold} has returned; nothing happens if it was called since
	 * @param leftover is given the deliveries
	 */
	void leaveToOthers(int hold, Consumer<ReceivedDelivery> leftover) {
		List<Runnable> returns;
		synchronized (this) {
			if (!isHeld(hold)) {
				return;
			}
			this.superseded = true;
			this.credit.takeAll(false);
			returns = takeOut(leftover);
			for (Lane lane : new ArrayList<>(this.lanes.values())) {
				if (lane.expected != null) {
					returned(lane);
				}
				if (lane.current == null) {
					remove(lane);
				}
			}
		}
		returns.forEach(Runnable::run);
	}

	/**
	 * Gives everything back at once. A message that is to be tried again loses what is
	 * left of its delay: whoever asks next would be sent those behind it before.
	 */
	@Override
	public void stop(Consumer<ReceivedDelivery> leftover) {
		List<Runnable> returns;
		synchronized (this) {
			this.stopped = true;
			returns = takeOut(leftover);
		}
		returns.forEach(Runnable::run);
	}

	private List<Runnable> takeOut(Consumer<ReceivedDelivery> leftover) {
		List<Runnable> returns = new ArrayList<>();
		for (Lane lane : this.lanes.values()) {
			Consumer<Duration> nak = lane.retryNak;
			if (nak != null) {
				lane.retryNak = null;
				this.credit.unpark();
				returns.add(() -> nak.accept(Duration.ZERO));
			}
			for (ReceivedDelivery next = lane.waiting.poll(); next != null; next = lane.waiting.poll()) {
				ReceivedDelivery delivery = next;
				this.credit.unpark();
				returns.add(() -> leftover.accept(delivery));
			}
		}
		return returns;
	}

	/**
	 * Is told which deliveries have no lane.
	 */
	@FunctionalInterface
	interface Failed {

		void failed(ReceivedDelivery delivery, Throwable failure);

	}

	/**
	 * The deliveries of a key.
	 */
	private static final class Lane {

		private final Object key;

		private final PriorityQueue<ReceivedDelivery> waiting = new PriorityQueue<>(
				Comparator.comparingLong(ReceivedDelivery::streamSequence));

		private @Nullable ReceivedDelivery current;

		// Gives back the current message, which is to be tried again, when it is due
		private @Nullable Consumer<Duration> retryNak;

		// Its delay has passed, but nothing is asked for
		private boolean retryDue;

		// The message that was given back and is to come again
		private @Nullable MessageIdentity expected;

		// How many messages may have come before it does
		private long arrivals;

		private @Nullable ScheduledFuture<?> absence;

		Lane(Object key) {
			this.key = key;
		}

		boolean isTaken() {
			return this.current != null || this.expected != null;
		}

		boolean expects(ReceivedDelivery delivery) {
			return this.expected != null && this.expected.equals(delivery.origin().identity());
		}

		void returned() {
			this.expected = null;
			cancelAbsence();
		}

		void cancelAbsence() {
			if (this.absence != null) {
				this.absence.cancel(false);
			}
		}

	}

}
