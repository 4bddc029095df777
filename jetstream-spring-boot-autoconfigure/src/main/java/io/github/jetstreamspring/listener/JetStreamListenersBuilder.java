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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

import io.github.jetstreamspring.guard.GuardedScheduler;
import io.github.jetstreamspring.listener.pull.PullConnection;
import io.github.jetstreamspring.messaging.RedriveLane;
import io.github.jetstreamspring.messaging.SigningKey;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.nats.client.Connection;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Builds {@link JetStreamListeners}.
 *
 * @since 0.1.0
 */
public final class JetStreamListenersBuilder {

	private final Connection connection;

	private final Map<String, ListenerConnection> connections = new LinkedHashMap<>();

	private @Nullable DeadLetterHandler deadLetterHandler;

	private @Nullable JetStreamTemplate template;

	private @Nullable SigningKey signingKey;

	private @Nullable RedriveLane lane;

	private @Nullable HandledMessages handledMessages;

	private DeliveryObserver observer = DeliveryObserver.NONE;

	private List<DeliveryInterceptor> interceptors = List.of();

	private ConsumerRecovery recovery = ConsumerRecovery.NONE;

	private @Nullable Function<String, ThreadFactory> threadFactories;

	private boolean startable = true;

	private Duration lookInterval = RecoveryPace.IDLE;

	JetStreamListenersBuilder(Connection connection) {
		this.connection = connection;
	}

	/**
	 * Sets who keeps the messages that are given up on.
	 * @param deadLetterHandler keeps them; {@code null}, the default, to discard them
	 * @return this builder
	 */
	public JetStreamListenersBuilder deadLetterHandler(@Nullable DeadLetterHandler deadLetterHandler) {
		this.deadLetterHandler = deadLetterHandler;
		return this;
	}

	/**
	 * Sets what stores messages that wait long for their next attempt, where their stream
	 * takes schedules. They don't keep their place in the consumer's
	 * {@code max-ack-pending} then.
	 * @param template publishes them; {@code null}, the default, to leave all retries to
	 * the consumer
	 * @return this builder
	 */
	public JetStreamListenersBuilder longRetries(@Nullable JetStreamTemplate template) {
		this.template = template;
		return this;
	}

	/**
	 * Sets the key that signs what messages carry about themselves while they wait for a
	 * far attempt. All instances of an application need the same.
	 * @param signingKey the key; {@code null}, the default, for one that is made of the
	 * time at which the stream was created, which all know who may look at the stream
	 * @return this builder
	 */
	public JetStreamListenersBuilder signingKey(@Nullable SigningKey signingKey) {
		this.signingKey = signingKey;
		return this;
	}

	/**
	 * Sets who remembers what is handled, for listeners that handle each message once.
	 * @param handledMessages remembers it; {@code null}, the default, for nobody
	 * @return this builder
	 */
	public JetStreamListenersBuilder handledMessages(@Nullable HandledMessages handledMessages) {
		this.handledMessages = handledMessages;
		return this;
	}

	/**
	 * Sets who is told what becomes of deliveries.
	 * @param observer the observer
	 * @return this builder
	 */
	public JetStreamListenersBuilder observer(DeliveryObserver observer) {
		this.observer = observer;
		return this;
	}

	/**
	 * Sets who takes part in the handling of deliveries.
	 * @param interceptors the interceptors, the outermost first
	 * @return this builder
	 */
	public JetStreamListenersBuilder interceptors(List<DeliveryInterceptor> interceptors) {
		this.interceptors = List.copyOf(interceptors);
		return this;
	}

	/**
	 * Sets who brings back consumers that were deleted while a listener works on them.
	 * @param recovery brings them back; the default is nobody
	 * @return this builder
	 */
	public JetStreamListenersBuilder recovery(ConsumerRecovery recovery) {
		this.recovery = recovery;
		return this;
	}

	/**
	 * Sets where threads come from, of which each runs one thing and ends, as virtual
	 * threads may do.
	 * @param threadFactories returns the factory of a listener's threads, by the prefix
	 * for their names; {@code null}, the default, for platform threads that all listeners
	 * share, and which bear the name of the listener whose handler they run
	 * @return this builder
	 */
	public JetStreamListenersBuilder threadFactories(@Nullable Function<String, ThreadFactory> threadFactories) {
		this.threadFactories = threadFactories;
		return this;
	}

	/**
	 * Adds a connection for the listeners that ask for it by its name. Everything else is
	 * as on the first connection.
	 * @param name the connection's name
	 * @param connection the connection, which must outlive the registry
	 * @param deadLetterHandler keeps the messages that are given up on; {@code null} to
	 * discard them
	 * @param recovery brings deleted consumers back
	 * @param longRetries stores messages that wait long for their next attempt;
	 * {@code null} to leave all retries to the consumer
	 * @return this builder
	 */
	public JetStreamListenersBuilder connection(String name, Connection connection,
			@Nullable DeadLetterHandler deadLetterHandler, ConsumerRecovery recovery,
			@Nullable JetStreamTemplate longRetries) {
		return connection(name, connection, deadLetterHandler, recovery, longRetries, null);
	}

	/**
	 * Adds a connection whose listeners also get what is redriven.
	 * @param name the connection's name
	 * @param connection the connection, which must outlive the registry
	 * @param deadLetterHandler keeps the messages that are given up on; {@code null} to
	 * discard them
	 * @param recovery brings deleted consumers back
	 * @param longRetries stores messages that wait long for their next attempt;
	 * {@code null} to leave all retries to the consumer
	 * @param lane tells where redriven messages come from; {@code null} if there are none
	 * @return this builder
	 */
	public JetStreamListenersBuilder connection(String name, Connection connection,
			@Nullable DeadLetterHandler deadLetterHandler, ConsumerRecovery recovery,
			@Nullable JetStreamTemplate longRetries, @Nullable RedriveLane lane) {
		Assert.hasText(name, "A further connection needs a name");
		this.connections.put(name, new ListenerConnection(connection, deadLetterHandler, recovery, longRetries, lane));
		return this;
	}

	/**
	 * Sets where redriven messages come from, on the first connection.
	 * @param lane tells where; {@code null}, the default, if there are none
	 * @return this builder
	 */
	public JetStreamListenersBuilder redriven(@Nullable RedriveLane lane) {
		this.lane = lane;
		return this;
	}

	/**
	 * Sets whether listeners can be started at all.
	 * @param startable {@code false} for an application without a server, whose listeners
	 * don't start with it, and refuse to when they are told to; the default is
	 * {@code true}
	 * @return this builder
	 */
	public JetStreamListenersBuilder startable(boolean startable) {
		this.startable = startable;
		return this;
	}

	boolean isStartable() {
		return this.startable;
	}

	/**
	 * Sets how often listeners look at their consumers while all is well, for tests that
	 * need not wait for it.
	 */
	JetStreamListenersBuilder lookInterval(Duration lookInterval) {
		this.lookInterval = lookInterval;
		return this;
	}

	/**
	 * Builds a registry without listeners.
	 * @return the registry
	 */
	public JetStreamListeners build() {
		return new JetStreamListeners(this);
	}

	/**
	 * Returns the environments of the named connections, which share their threads with
	 * the first one.
	 */
	Map<String, ListenerEnvironment> environments(ListenerEnvironment first) {
		Map<String, ListenerEnvironment> environments = new LinkedHashMap<>();
		this.connections.forEach((name, connection) -> environments.put(name, first.on(connection)));
		return Collections.unmodifiableMap(environments);
	}

	ListenerEnvironment environment(ListenerEnvironment.StateChanges stateChanges) {
		GuardedScheduler scheduler = ListenerEnvironment.newScheduler();
		ExecutorService executor = ListenerEnvironment.newExecutor(scheduler);
		PullConnection pulls = new PullConnection(this.connection, executor);
		return new ListenerEnvironment(this.connection, this.deadLetterHandler, this.template, this.observer,
				new Interceptors(this.interceptors), this.recovery, pulls,
				new ConnectionRepair(this.connection, pulls, executor), threads(scheduler), stateChanges, scheduler,
				new Looks(scheduler), new LeaseTimers(scheduler), executor, this.signingKey, this.handledMessages,
				this.lookInterval, new FoundStreams(this.connection),
				RedriveWatch.of(this.connection, this.lane, this.signingKey, scheduler, executor));
	}

	private ListenerThreads threads(GuardedScheduler scheduler) {
		return (this.threadFactories != null) ? ListenerThreads.each(this.threadFactories, scheduler)
				: ListenerThreads.shared(scheduler, ListenerThreads.KEEP_ALIVE);
	}

}
