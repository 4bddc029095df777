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
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

import io.github.jetstreamspring.listener.pull.Credit;
import io.github.jetstreamspring.listener.pull.Precedence;
import io.github.jetstreamspring.listener.pull.PullFlow;
import io.github.jetstreamspring.listener.pull.PullSource;
import io.github.jetstreamspring.listener.pull.Receiver;
import io.github.jetstreamspring.messaging.RedriveLane;
import io.github.jetstreamspring.messaging.RedrivenMessage;
import io.github.jetstreamspring.messaging.SigningKey;
import io.nats.client.Message;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Takes what is redriven to a listener from its lane, as long as there is something, and
 * only while the listener takes other messages as well. From then on it is a message like
 * all others: it waits for the same workers, and is settled on its lane.
 */
final class RedrivenMessages implements PullFlow.Events {

	private static final Log logger = LogFactory.getLog(RedrivenMessages.class);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private static final Duration SETTLE_TIME = Duration.ofSeconds(5);

	private final String listener;

	private final RedriveWatch watch;

	private final ListenerEnvironment environment;

	private final PullSource source;

	private final Credit credit;

	private final Receiver receiver;

	private final PullFlow flow;

	private final BooleanSupplier pinned;

	private final RedriveReader reader;

	private final IntConsumer look = this::look;

	private volatile @Nullable Arrivals arrivals;

	private volatile @Nullable SigningKey key;

	// Guarded by this, as all below
	private boolean wanted;

	private boolean paused;

	private boolean open;

	/**
	 * Creates what takes nothing yet.
	 * @param definition the listener
	 * @param environment what all listeners share
	 * @param watch tells when there is something
	 * @param credit says how much to ask for
	 * @param receiver takes what comes
	 * @param pinned tells whether this instance is the one that gets messages
	 */
	RedrivenMessages(ListenerDefinition definition, ListenerEnvironment environment, RedriveWatch watch, Credit credit,
			Receiver receiver, BooleanSupplier pinned) {
		this.listener = definition.id();
		this.environment = environment;
		this.watch = watch;
		this.credit = credit;
		this.receiver = receiver;
		this.pinned = pinned;
		RedriveLane lane = watch.lane();
		this.source = new PullSource(lane.stream(), RedriveLane.consumer(definition.stream(), definition.consumer()),
				Precedence.NONE);
		this.reader = new RedriveReader(environment.connection(), lane.stream());
		this.flow = new PullFlow(environment.pullConnection(), this.source, ConsumerConfiguration.builder().build(),
				credit, receiver, this);
	}

	PullSource source() {
		return this.source;
	}

	String consumer() {
		return this.source.consumer();
	}

	Credit credit() {
		return this.credit;
	}

	PullFlow flow() {
		return this.flow;
	}

	/**
	 * Sets who takes the messages in hand. To be called once, before the start.
	 */
	void into(Arrivals into) {
		this.arrivals = into;
	}

	/**
	 * Starts to take what there is, when it is wanted.
	 */
	void start() {
		this.receiver.start(this.flow.into(this::accept));
		this.environment.looks().add(this.look);
		this.watch.add(this);
	}

	/**
	 * Lets the listener have what is redriven from now on, or no more.
	 */
	void want(boolean wanted) {
		synchronized (this) {
			this.wanted = wanted;
		}
		if (!wanted) {
			rest();
		}
	}

	/**
	 * The consumer is paused for all instances, or isn't any more.
	 */
	void pause(boolean paused) {
		synchronized (this) {
			this.paused = paused;
		}
		if (paused) {
			rest();
		}
	}

	/**
	 * The connection is lost.
	 */
	synchronized void lost() {
		this.wanted = false;
		this.open = false;
		this.flow.lost();
	}

	/**
	 * There may be something to take.
	 * @param consumer the consumer of the lane, {@code null} if there is none
	 * @param key vouches for what is redriven
	 */
	void look(@Nullable ConsumerInfo consumer, SigningKey key) {
		this.key = key;
		if (consumer == null || consumer.getNumPending() + consumer.getNumAckPending() == 0
				|| !this.pinned.getAsBoolean()) {
			rest();
			return;
		}
		synchronized (this) {
			if (this.wanted && !this.paused && !this.open) {
				open(consumer.getConsumerConfiguration());
			}
		}
	}

	private void open(ConsumerConfiguration consumer) {
		this.open = true;
		try {
			this.flow.open(consumer);
		}
		catch (IllegalStateException ex) {
			// The client has too much to send, or is closed just now
			trouble(String.valueOf(ex.getMessage()));
		}
	}

	/**
	 * Asks no more until there is something to take.
	 */
	void rest() {
		synchronized (this) {
			if (this.open) {
				this.open = false;
				this.flow.rest(CLOSE_TIMEOUT, this.environment.executor());
			}
		}
	}

	/**
	 * Asks no more, takes back what was asked for, and lets what comes from now on wait.
	 * @throws InterruptedException if the thread is interrupted
	 */
	void stop() throws InterruptedException {
		Arrivals into = this.arrivals;
		if (into != null) {
			into.stopping();
		}
		boolean used;
		synchronized (this) {
			this.wanted = false;
			used = this.open || this.credit.inHand() > 0;
			this.open = false;
		}
		if (used) {
			this.flow.close(CLOSE_TIMEOUT);
		}
	}

	/**
	 * All that had come before is given back. What has come since and what still comes is
	 * given back, too.
	 */
	void returned() {
		Arrivals into = this.arrivals;
		if (into != null) {
			into.returned();
		}
	}

	/**
	 * A delivery is settled, and its handler has ended.
	 */
	void done(ReceivedDelivery delivery) {
		RedrivenMessage message = delivery.origin().redriven();
		if (message != null && message.hasParts() && !delivery.isReturned()) {
			// The server has to have been told before
			this.environment.scheduler()
				.schedule(
						() -> this.environment.executor().execute(() -> this.reader.removeParts(message.laneSubject())),
						SETTLE_TIME.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	/**
	 * Takes nothing any more.
	 */
	void end() {
		this.watch.remove(this);
		this.environment.looks().remove(this.look);
		this.receiver.stop();
	}

	private void accept(Message message) {
		SigningKey signer = this.key;
		Arrivals into = this.arrivals;
		Message original = null;
		String problem = null;
		try {
			original = (signer != null) ? this.reader.read(message, signer) : null;
		}
		catch (RuntimeException ex) {
			problem = ex.getMessage();
		}
		if (original == null || into == null) {
			this.credit.settled();
			logger.error("Listener '%s': message %d of stream '%s' is not handled, and stays there: %s".formatted(
					this.listener, message.metaData().streamSequence(), this.source.stream(),
					(problem != null) ? problem : RedriveReader.UNSIGNED));
			message.nakWithDelay(RedriveReader.RETRY);
			return;
		}
		into.accept(original);
	}

	private void look(int intervals) {
		this.receiver.check();
		this.flow.look(System.nanoTime(), intervals, null);
	}

	@Override
	public void answered() {
	}

	@Override
	public void received() {
	}

	@Override
	public void keptWaiting(String reason) {
	}

	@Override
	public void blocked(long maxBytes) {
		trouble("the consumer of the lane allows no requests that are large enough");
	}

	// Tried again at the next look
	@Override
	public void trouble(String reason) {
		logger.debug("Listener '%s' can't get what is redriven: %s".formatted(this.listener, reason));
		synchronized (this) {
			this.open = false;
			this.flow.stopAsking();
		}
	}

}
