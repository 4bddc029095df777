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

import java.util.function.Consumer;

import io.github.jetstreamspring.listener.ConsumerUnavailableException.Kind;
import io.github.jetstreamspring.listener.pull.Credit;
import io.github.jetstreamspring.listener.pull.PullFlow;
import io.github.jetstreamspring.listener.pull.Receiver;
import org.jspecify.annotations.Nullable;

/**
 * A consumer whose messages are received by hand: where it is, and what of it is in hand.
 */
final class PolledConsumer {

	private final ListenerDefinition definition;

	private final ListenerEnvironment environment;

	private final boolean offline;

	private final ConsumerFinder finder;

	private final AckRight acks;

	private final HeldDeliveries deliveries;

	// Guarded by this
	private @Nullable FoundConsumer last;

	// null if it is to be looked for
	private volatile @Nullable Look look;

	/**
	 * Creates a consumer that isn't looked for yet.
	 * @param definition its settings
	 * @param environment what it shares with listeners
	 * @param offline whether there is no server, of which the connection says more than
	 * its status when it is asked
	 */
	PolledConsumer(ListenerDefinition definition, ListenerEnvironment environment, boolean offline) {
		this.definition = definition;
		this.environment = environment;
		this.offline = offline;
		this.finder = new ConsumerFinder(definition, environment);
		this.acks = new AckRight(definition, environment.connection());
		this.deliveries = new HeldDeliveries(definition, environment, this::lookAgain);
	}

	ListenerDefinition definition() {
		return this.definition;
	}

	boolean isOffline() {
		return this.offline;
	}

	HeldDeliveries deliveries() {
		return this.deliveries;
	}

	/**
	 * Finds the consumer, unless it was found lately. Waits for the server.
	 * @return the consumer, which messages can be received from
	 * @throws ConsumerUnavailableException if there is none that can be used
	 */
	FoundConsumer find() throws ConsumerUnavailableException {
		if (this.acks.isRefused()) {
			this.acks.tryOut();
			if (this.acks.isRefused()) {
				throw new ConsumerUnavailableException(Kind.UNUSABLE, this.acks.reason(), null);
			}
		}
		Look known = this.look;
		if (known != null && System.nanoTime() - known.nanos() < this.environment.lookInterval().toNanos()) {
			return known.found();
		}
		return found(this.finder.find());
	}

	/**
	 * Returns what is wrong when the next message is larger than the consumer allows.
	 * @param maxBytes how many bytes it allows
	 * @return what is wrong, and what to do
	 */
	String blockage(long maxBytes) {
		Look known = this.look;
		return (known != null) ? new Blockage(maxBytes).reason(this.definition, known.found())
				: "The next message is larger than max-bytes of the consumer (%d)".formatted(maxBytes);
	}

	private synchronized FoundConsumer found(FoundConsumer found) {
		this.deliveries.adapt(found, this.last);
		this.last = found.known();
		this.look = new Look(found.known(), System.nanoTime());
		return found;
	}

	/**
	 * Has the consumer looked for when somebody needs it the next time.
	 */
	void lookAgain() {
		this.look = null;
	}

	/**
	 * Returns what gets messages.
	 */
	Receiver receiver() {
		return new Receiver(this.environment.threads().receivers(), false);
	}

	Credit credit(int wanted, FoundConsumer consumer) {
		return new Credit(wanted, 1, 0, consumer.configuration().getMaxAckPending(), this.environment.pullConnection());
	}

	PullFlow flow(FoundConsumer consumer, Credit credit, Receiver receiver, PullFlow.Events events) {
		return new PullFlow(this.environment.pullConnection(), this.definition.source(), consumer.configuration(),
				credit, receiver, events);
	}

	ConnectionWatch watch(Consumer<String> lost, Runnable back) {
		return new ConnectionWatch(this.environment.connection(), (state, why) -> lost.accept(why), back);
	}

	RecoveryPace pace() {
		return new RecoveryPace(this.environment.lookInterval(), () -> this.environment.pullConnection().rhythm());
	}

	/**
	 * How the consumer was at a moment.
	 */
	private record Look(FoundConsumer found, long nanos) {
	}

}
