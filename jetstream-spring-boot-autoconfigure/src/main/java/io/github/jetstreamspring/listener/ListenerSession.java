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

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import io.github.jetstreamspring.listener.pull.PullFlow;
import io.nats.client.api.ConsumerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * A listener's work between its start and its stop, as its supervisor has it in hand.
 */
final class ListenerSession {

	private final ListenerDefinition definition;

	private final Executor executor;

	private final UnstoredLetters unstored;

	private final SessionStages stages;

	// Guarded by the supervisor, as all below
	private Handlers handlers = Handlers.ALL;

	private boolean unsettled;

	// Whether a connection is lost to a server that may give numbers again
	private boolean renumbering;

	/**
	 * Creates a session that isn't started.
	 * @param definition the listener
	 * @param executor runs what may wait
	 * @param unstored are dead letters that can't be stored
	 * @param stages do the work
	 */
	ListenerSession(ListenerDefinition definition, Executor executor, UnstoredLetters unstored, SessionStages stages) {
		this.definition = definition;
		this.executor = executor;
		this.unstored = unstored;
		this.stages = stages;
	}

	/**
	 * Starts the threads. Messages come when they are asked for.
	 */
	void start() {
		this.stages.start();
	}

	/**
	 * Asks for messages, for the first time or after trouble.
	 * @param consumer the consumer's configuration
	 * @return whether there is something that the server has to answer
	 */
	boolean open(ConsumerConfiguration consumer) {
		if (this.stages.succession() != null) {
			// What was sent during the trouble may have reached nobody
			this.stages.succession().begin();
		}
		boolean asked = this.stages.flow().open(consumer);
		tellRedriven((redriven) -> redriven.want(true));
		this.stages.intake().asking(this.executor);
		return asked;
	}

	/**
	 * Stops asking. What was asked for may still come.
	 */
	void stopAsking() {
		this.stages.flow().stopAsking();
		tellRedriven((redriven) -> redriven.want(false));
	}

	private void tellRedriven(Consumer<RedrivenMessages> action) {
		RedrivenMessages redriven = this.stages.redriven();
		if (redriven != null) {
			action.accept(redriven);
		}
	}

	/**
	 * Takes back what was asked for.
	 */
	void withdraw() {
		this.stages.flow().withdraw(SessionStop.DRAIN_TIMEOUT, this.executor);
		tellRedriven((redriven) -> redriven.want(false));
	}

	/**
	 * Takes over what has changed about the consumer.
	 * @param consumer the consumer's configuration
	 */
	void adapt(ConsumerConfiguration consumer) {
		this.stages.credit().maxAckPending(consumer.getMaxAckPending());
		this.stages.limits().adapt(consumer);
		this.stages.wholeMessages().adapt(consumer);
		this.stages.flow().adapt(consumer);
		this.unstored.places(consumer.getMaxAckPending());
		if (this.stages.leases().lease(ServerBackoff.lease(consumer))) {
			this.stages.upkeep().leaseChanged();
		}
	}

	/**
	 * The connection is lost, and another one may follow.
	 * @param replicated whether the server that is there then knows all that this one has
	 * confirmed; else it may give the numbers of messages to others
	 */
	void connectionLost(boolean replicated) {
		// Of the same loss the client tells with each attempt to connect
		if (!replicated && !this.renumbering) {
			this.stages.settler().acks().recent().forget();
			this.renumbering = true;
		}
		this.stages.flow().lost();
		tellRedriven(RedrivenMessages::lost);
	}

	/**
	 * The consumer was created again, and may deliver what is in hand as if for the first
	 * time.
	 */
	void consumerReplaced() {
		this.stages.redeliveries().consumerReplaced();
		this.stages.settler().acks().recent().forget();
	}

	/**
	 * Lets nobody settle what is in hand, because its stream is gone: an ack would hit
	 * whatever message has the same number in the stream that took its place.
	 */
	void disown() {
		this.stages.inHand().all().forEach(ReceivedDelivery::disown);
		this.stages.settler().acks().recent().forget();
	}

	/**
	 * Tells a server that may know neither the last acks nor when messages were delivered
	 * what it should know: it would deliver them again.
	 * @return whether that is to be done once more, as the client has too much to send
	 */
	boolean reassure() {
		boolean again = this.stages.settler().acks().repeat();
		if (this.renumbering && !again) {
			// Later, their numbers may mean what the server has stored by then
			this.stages.settler().acks().recent().forget();
			this.renumbering = false;
		}
		int extended = this.stages.leases().extendAll();
		if (extended > 0) {
			tellExtended(extended);
		}
		return again;
	}

	// By another thread, as observers must not be told under the supervisor's lock
	private void tellExtended(int count) {
		try {
			this.executor.execute(() -> {
				for (int i = 0; i < count; i++) {
					this.stages.settler().extended();
				}
			});
		}
		catch (RejectedExecutionException ex) {
			// All is over, and nobody counts any more
		}
	}

	/**
	 * Returns who gets the messages instead of this instance.
	 * @param found the consumer
	 * @return a sentence, or {@code null} if it is this one
	 */
	@Nullable String standBy(FoundConsumer found) {
		String pinned = found.pinnedClient();
		return (pinned != null && !pinned.equals(this.stages.flow().pinId()))
				? "standing by: another instance gets the messages of the consumer, and this one when that has gone"
				: null;
	}

	void resize(int concurrency) {
		this.stages.credit().resize(concurrency);
		tellRedriven((redriven) -> redriven.credit().resize(concurrency));
		this.stages.workers().resize(concurrency);
		this.stages.flow().ask();
	}

	/**
	 * Starts no handler any more. What is in hand waits.
	 */
	void hold() {
		begin(Handlers.NONE);
	}

	/**
	 * Handles one message at a time besides those at work: a handler that hangs must not
	 * keep others from being tried.
	 */
	void handleOneByOne() {
		begin(Handlers.ONE);
	}

	void handleAll() {
		begin(Handlers.ALL);
	}

	/**
	 * Starts no handler as long as what it does can't be settled, whatever else allows
	 * it.
	 * @param unsettled whether that is so
	 */
	void holdUnsettled(boolean unsettled) {
		if (this.unsettled != unsettled) {
			this.unsettled = unsettled;
			begin(this.handlers);
		}
	}

	private void begin(Handlers wanted) {
		this.handlers = wanted;
		Handlers allowed = this.unsettled ? Handlers.NONE : wanted;
		switch (allowed) {
			case NONE -> limit(0, 0);
			case ONE -> limit(1 + (int) this.stages.inHand().all().stream().filter(ReceivedDelivery::isRunning).count(),
					1 + this.stages.workers().busy());
			case ALL -> limit(Integer.MAX_VALUE, Integer.MAX_VALUE);
		}
		if (allowed != Handlers.NONE) {
			asking();
		}
	}

	private void limit(int messages, int workers) {
		this.stages.credit().limit(messages);
		// None of these when they are handled one by one
		tellRedriven((redriven) -> redriven.credit().limit((messages < Integer.MAX_VALUE) ? 0 : messages));
		this.stages.workers().limit(workers);
	}

	/**
	 * Takes over whether the server delivers nothing, though it is asked.
	 * @param paused whether the consumer is paused
	 */
	void fleetPaused(boolean paused) {
		tellRedriven((redriven) -> redriven.pause(paused));
		if (this.stages.flow().withhold(paused)) {
			asking();
		}
	}

	private void asking() {
		this.stages.flow().ask();
		this.stages.intake().asking(this.executor);
	}

	/**
	 * Cancels a job that is in hand.
	 * @param id the id of its message
	 * @return what became of it, or {@code null} if it isn't in hand
	 */
	@Nullable CancelResult cancel(String id) {
		return ListenerJobs.cancel(this.stages.inHand().all(), id, this.stages, this.executor);
	}

	/**
	 * Returns what is in hand, the oldest first.
	 * @param limit how many, at most
	 */
	List<JetStreamJobs.CurrentJob> jobs(int limit) {
		long now = System.nanoTime();
		return this.stages.inHand()
			.all()
			.stream()
			.filter((delivery) -> !delivery.isSettled() || delivery.isRunning())
			.limit(limit)
			.map((delivery) -> delivery.describe(now))
			.toList();
	}

	int busyWorkers() {
		return this.stages.workers().busy();
	}

	int inHand() {
		RedrivenMessages redriven = this.stages.redriven();
		return this.stages.credit().inHand() + ((redriven != null) ? redriven.credit().inHand() : 0);
	}

	int credit() {
		return this.stages.credit().size();
	}

	/**
	 * Returns whether there are handlers that a stopping thread may wait for.
	 * @param stopping the thread, which must not wait for its own handler
	 */
	boolean isAtWork(Thread stopping) {
		return this.stages.inHand().all().stream().anyMatch((delivery) -> !delivery.run().isStopping(stopping));
	}

	/**
	 * Stops asking, gives back what has not started, lets running handlers finish, and
	 * interrupts those that don't in time.
	 */
	void stop() {
		new SessionStop(this.definition, this.stages).run();
	}

	/**
	 * What a session has to say.
	 */
	interface Events extends PullFlow.Events {

		/**
		 * A message has come that is in hand already.
		 */
		void deliveredAgain();

		/**
		 * It is time to see whether acks are refused.
		 */
		void checkAcks();

	}

	private enum Handlers {

		NONE, ONE, ALL

	}

}
