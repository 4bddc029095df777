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

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.listener.pull.PullFlow;
import io.nats.client.JetStreamApiException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Keeps the order of keys from one instance to the next, where one at a time gets the
 * messages. The next one may be the same: a new leader of the consumer chooses anew, and
 * what the old one has sent in its last moments may have reached nobody.
 * <p>
 * An instance that begins to get messages holds them until all that were sent to others
 * have come to it as well, or are settled; as many come after their lease only, and later
 * ones come before. One that gets no more gives back what it has not begun.
 */
final class Succession {

	private static final Log logger = LogFactory.getLog(Succession.class);

	private static final long MIN_LOOK_MILLIS = 20;

	private static final long MAX_LOOK_MILLIS = 500;

	// The lease of what is with nobody, and as long again for whoever still works
	private static final int PATIENCE = 2;

	private static final Duration MIN_PATIENCE = Duration.ofSeconds(5);

	private static final Duration LONG = Duration.ofSeconds(2);

	private final ListenerDefinition definition;

	private final ListenerEnvironment environment;

	private final KeyedIntake lanes;

	private final DeliveriesInHand inHand;

	private final PullFlow flow;

	private final Settler settler;

	/**
	 * Creates a succession that holds nothing.
	 * @param definition the listener
	 * @param environment asks the server
	 * @param lanes are held
	 * @param inHand is what has come
	 * @param flow knows whether this instance gets the messages
	 * @param settler gives back what others are to get
	 */
	Succession(ListenerDefinition definition, ListenerEnvironment environment, KeyedIntake lanes,
			DeliveriesInHand inHand, PullFlow flow, Settler settler) {
		this.definition = definition;
		this.environment = environment;
		this.lanes = lanes;
		this.inHand = inHand;
		this.flow = flow;
		this.settler = settler;
	}

	/**
	 * Holds what comes from now on, until it is known what others have.
	 */
	void begin() {
		plan(new Hold(this.lanes.hold(this.flow.pinId() != null)), 0);
	}

	private void plan(Hold hold, long millis) {
		try {
			this.environment.scheduler()
				.schedule(() -> this.environment.executor().execute(() -> look(hold)), millis, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			// All is about to end
		}
	}

	private void look(Hold hold) {
		if (!this.lanes.isHeld(hold.number)) {
			return;
		}
		try {
			if (this.flow.pinId() == null && this.inHand.all().isEmpty()) {
				// Standing by. What comes all the same is looked at later.
				hold.progress(0);
			}
			else {
				look(hold, find());
			}
		}
		catch (IOException | JetStreamApiException | IllegalStateException ex) {
			// The next look shows
			logger.debug("Consumer '%s' can't be looked at".formatted(this.definition.consumer()), ex);
		}
		catch (Throwable ex) {
			Guard.log(logger, () -> "Listener '%s': internal error before it goes on".formatted(this.definition.id()),
					ex);
		}
		plan(hold, Math.min(MIN_LOOK_MILLIS + hold.waited().toMillis() / 2, MAX_LOOK_MILLIS));
	}

	private FoundConsumer find() throws IOException, JetStreamApiException {
		long asked = System.nanoTime();
		return FoundConsumer.of(this.environment.connection()
			.jetStreamManagement()
			.getConsumerInfo(this.definition.stream(), this.definition.consumer()), false, asked);
	}

	private void look(Hold hold, FoundConsumer found) {
		if (isWithAnother(found)) {
			this.lanes.leaveToOthers(hold.number, this.settler::giveBack);
			hold.progress(0);
			return;
		}
		long missing = found.ackPending() - here(found);
		if (missing <= 0) {
			this.lanes.release(hold.number);
			return;
		}
		if (missing != hold.missing) {
			hold.progress(missing);
		}
		if (hold.waited().compareTo(patience(found)) > 0) {
			logger.warn(
					"Listener '%s': %d message(s) that were sent to others have neither come nor been settled; it goes on without them, and they may be handled after later ones with their key"
						.formatted(this.definition.id(), missing));
			this.lanes.release(hold.number);
		}
		else if (hold.waited().compareTo(LONG) > 0 && !hold.said) {
			hold.said = true;
			logger.info("Listener '%s' gets the messages now, and waits for %d that were sent to others before"
				.formatted(this.definition.id(), missing));
		}
	}

	private boolean isWithAnother(FoundConsumer found) {
		return found.pinnedClient() != null && !found.pinnedClient().equals(this.flow.pinId());
	}

	/**
	 * Returns how many messages are here of those that the server had sent when it said
	 * how many it has sent.
	 */
	private long here(FoundConsumer found) {
		return this.inHand.all()
			.stream()
			.filter((delivery) -> delivery.origin().redriven() == null && !delivery.isSettled()
					&& delivery.streamSequence() <= found.delivered())
			.count();
	}

	private static Duration patience(FoundConsumer found) {
		Duration patience = ServerBackoff.lease(found.configuration()).multipliedBy(PATIENCE);
		return (patience.compareTo(MIN_PATIENCE) > 0) ? patience : MIN_PATIENCE;
	}

	/**
	 * The time since this instance waits.
	 */
	private static final class Hold {

		private final int number;

		private long missing = -1;

		private long since = System.nanoTime();

		private boolean said;

		Hold(int number) {
			this.number = number;
		}

		void progress(long missing) {
			this.missing = missing;
			this.since = System.nanoTime();
		}

		Duration waited() {
			return Duration.ofNanos(System.nanoTime() - this.since);
		}

	}

}
