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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.jetstreamspring.guard.OwnThreads;
import io.nats.client.Connection;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationEventPublisherAware;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.Assert;

/**
 * The listeners of an application, by id. Starts them with the application, after the web
 * server, and stops them before it drains.
 *
 * @since 0.1.0
 */
public final class JetStreamListeners implements SmartLifecycle, ApplicationEventPublisherAware, DisposableBean {

	/**
	 * Lifecycle phase: listeners start last and stop first.
	 */
	public static final int PHASE = Integer.MAX_VALUE - 100;

	private final ListenerEnvironment environment;

	private final Map<String, ListenerEnvironment> environments;

	private final boolean startable;

	private final ListenerContainers containers = new ListenerContainers();

	private volatile @Nullable ApplicationEventPublisher eventPublisher;

	JetStreamListeners(JetStreamListenersBuilder builder) {
		this.environment = builder.environment(new Announcements());
		this.environments = builder.environments(this.environment);
		this.startable = builder.isStartable();
	}

	/**
	 * Returns a builder for a registry.
	 * @param connection the connection, which must outlive the registry
	 * @return the builder
	 */
	public static JetStreamListenersBuilder builder(Connection connection) {
		return new JetStreamListenersBuilder(connection);
	}

	@Override
	public void setApplicationEventPublisher(ApplicationEventPublisher eventPublisher) {
		this.eventPublisher = eventPublisher;
	}

	/**
	 * Adds a listener. It starts with this registry, or at once if that has started.
	 * @param definition the listener
	 * @throws IllegalStateException if there is a listener with this id, or the listener
	 * can't be started
	 */
	public void register(ListenerDefinition definition) {
		register(definition, null);
	}

	/**
	 * Adds a listener on a connection. It starts with this registry, or at once if that
	 * has started.
	 * @param definition the listener
	 * @param connection the connection's name, or {@code null} for the one without a name
	 * @throws IllegalArgumentException if there is no such connection
	 * @throws IllegalStateException if there is a listener with this id, on whatever
	 * connection, the listener can't be started, or the application lacks what it needs
	 * to handle messages once
	 */
	public void register(ListenerDefinition definition, @Nullable String connection) {
		if (definition.isOnce()) {
			prepareOnce();
		}
		this.containers.add(new ListenerContainer(definition, environment(connection)), connection).run();
	}

	/**
	 * Makes ready for listeners that handle each message {@linkplain OnceMode once}. Is
	 * called for each of them before it is added.
	 * @throws OnceUnavailableException if the application lacks something for it
	 */
	public void prepareOnce() {
		prepareOnce(List.of());
	}

	/**
	 * Makes ready for a listener that handles each message {@linkplain OnceMode once},
	 * and whose handlers are {@code @Transactional} themselves.
	 * @param transactionManagers what their annotations call their transaction managers;
	 * empty texts where they don't say
	 * @throws OnceUnavailableException if the application lacks something for it, or a
	 * handler works in another transaction
	 */
	public void prepareOnce(Collection<String> transactionManagers) {
		HandledMessages handled = this.environment.handledMessages();
		if (handled == null) {
			throw new OnceUnavailableException("nothing remembers in a database which messages are handled",
					"Add the dependency org.springframework.boot:spring-boot-starter-jdbc, or a bean of type HandledMessages.");
		}
		handled.prepare();
		transactionManagers.forEach(handled::checkJoins);
	}

	/**
	 * Removes a listener: stops it, waits for its running handlers as
	 * {@link #stop(String)} does, and forgets it. Its consumer stays on the server.
	 * @param id the listener's id
	 * @throws IllegalArgumentException if there is no such listener
	 */
	public void unregister(String id) {
		this.containers.remove(id).stop();
	}

	/**
	 * Removes a listener as {@link #unregister(String)} does. Does nothing if it has been
	 * removed, or was never added because there is another one with its id.
	 * @param definition the listener, as it was registered
	 */
	public void unregister(ListenerDefinition definition) {
		ListenerContainer container = this.containers.remove(definition);
		if (container != null) {
			container.stop();
		}
	}

	/**
	 * Starts a listener. Does nothing if it is started, or if somebody stops it before it
	 * has.
	 * @param id the listener's id
	 * @throws IllegalArgumentException if there is no such listener
	 * @throws IllegalStateException if the listener's consumer can't be found
	 * @throws UnsupportedOperationException if the application is one without a server
	 */
	public void start(String id) {
		if (!this.startable) {
			this.containers.get(id);
			throw new UnsupportedOperationException(
					"Listener '%s' can't be started, as there is no server: jetstream.enabled is false".formatted(id));
		}
		this.containers.start(id).run();
	}

	/**
	 * Stops a listener and waits until its running handlers have ended, at most for its
	 * {@code shutdown-timeout}. Does nothing if it is stopped.
	 * <p>
	 * A handler may stop its own listener, and any other one: called by a handler, an
	 * interceptor, or what else runs on a thread of a listener, this method doesn't wait.
	 * The listener stops when its handlers have returned, with their messages settled;
	 * {@link ListenerStateChangedEvent} tells when. A handler that goes on without its
	 * thread should do the same before it does, or not wait for this method to return.
	 * @param id the listener's id
	 * @throws IllegalArgumentException if there is no such listener
	 */
	public void stop(String id) {
		this.containers.get(id).stop();
	}

	/**
	 * Starts the listeners of a group, those included that don't start with the
	 * application. Does nothing for those that are started.
	 * @param group the group's name
	 * @throws IllegalArgumentException if no listener is in such a group
	 * @throws ListenerStartException if some could not be started; the others run
	 * @throws UnsupportedOperationException if the application is one without a server
	 */
	public void startGroup(String group) {
		if (!this.startable) {
			this.containers.group(group).forEach((container) -> start(container.definition().id()));
		}
		start(this.containers.startGroup(group));
	}

	/**
	 * Stops the listeners of a group side by side, and waits for them as
	 * {@link #stop(String)} does.
	 * @param group the group's name
	 * @throws IllegalArgumentException if no listener is in such a group
	 */
	public void stopGroup(String group) {
		CompletableFuture<?> stopped = stopSoon(this.containers.group(group));
		if (!OwnThreads.isOne()) {
			stopped.join();
		}
	}

	/**
	 * Lets a listener ask for no more messages, and takes back what it has asked for. It
	 * finishes the messages it has; those that are to be tried again and that others with
	 * the same key wait for stay in hand until it is resumed or stopped. Only this
	 * instance of the application pauses. A listener that is starting pauses when it has
	 * started. Does nothing if the listener is paused or stopped.
	 * @param id the listener's id
	 * @throws IllegalArgumentException if there is no such listener
	 */
	public void pause(String id) {
		this.containers.get(id).pause();
	}

	/**
	 * Pauses a listener in all instances of the application, and everybody else who works
	 * for its consumer: the server sends nothing until the time is over. Messages that
	 * have been sent are finished. All instances go on by themselves. Needs nats-server
	 * 2.11 or newer.
	 * @param id the listener's id
	 * @param duration how long the pause lasts from now on
	 * @throws IllegalArgumentException if there is no such listener, or the duration is
	 * not positive or longer than 100 years
	 * @throws UnsupportedOperationException if the server is older; then nothing was sent
	 * @throws IllegalStateException if the server can't be reached or refuses
	 */
	public void pause(String id, Duration duration) {
		this.containers.get(id).pause(duration);
	}

	/**
	 * Ends a listener's pause, be it that of this instance or that of all instances. Does
	 * nothing if it isn't paused.
	 * @param id the listener's id
	 * @throws IllegalArgumentException if there is no such listener
	 * @throws IllegalStateException if all instances are paused and the server can't be
	 * reached
	 */
	public void resume(String id) {
		this.containers.get(id).resume();
	}

	/**
	 * Changes how many handlers of a listener run at once in this instance, now and after
	 * the next start. Handlers that are running are not interrupted.
	 * @param id the listener's id
	 * @param concurrency a number from 1 to 100000
	 * @throws IllegalArgumentException if there is no such listener, or the number is
	 * another one
	 */
	public void concurrency(String id, int concurrency) {
		OptionRanges.requireConcurrency(concurrency);
		this.containers.get(id).resize(concurrency);
	}

	/**
	 * Returns a listener's state.
	 * @param id the listener's id
	 * @return the state
	 * @throws IllegalArgumentException if there is no such listener
	 */
	public ListenerState state(String id) {
		return status(id).state();
	}

	/**
	 * Returns what a listener is doing.
	 * @param id the listener's id
	 * @return the status
	 * @throws IllegalArgumentException if there is no such listener
	 */
	public ListenerStatus status(String id) {
		return this.containers.get(id).status();
	}

	/**
	 * Returns what a listener is like.
	 * @param id the listener's id
	 * @return its definition
	 * @throws IllegalArgumentException if there is no such listener
	 */
	public ListenerDefinition definition(String id) {
		return this.containers.get(id).definition();
	}

	/**
	 * Returns which listeners there are.
	 * @return the ids
	 */
	public Set<String> ids() {
		return this.containers.ids();
	}

	/**
	 * Returns which named connections there are, beside the one without a name.
	 * @return the names
	 */
	public Set<String> connections() {
		return this.environments.keySet();
	}

	/**
	 * Returns which connection a listener is on.
	 * @param id the listener's id
	 * @return the connection's name, or {@code null} for the one without a name
	 * @throws IllegalArgumentException if there is no such listener
	 */
	public @Nullable String connection(String id) {
		return this.containers.connection(id);
	}

	/**
	 * Returns the jobs of the listeners.
	 * @return the jobs
	 */
	public JetStreamJobs jobs() {
		return new ListenerJobs(this.containers,
				Stream.concat(Stream.of(this.environment), this.environments.values().stream()).toList());
	}

	/**
	 * Returns what all listeners are doing, on whatever connection.
	 * @return a status for each listener
	 */
	public List<ListenerStatus> statuses() {
		return this.containers.all().stream().map(ListenerContainer::status).toList();
	}

	/**
	 * Starts the listeners that start with the application. When somebody stops them in
	 * the meantime, those that have not started yet don't start any more.
	 * @throws ListenerStartException if some could not be started; then none is running
	 */
	@Override
	public void start() {
		if (!this.startable) {
			return;
		}
		ListenerContainers.Start start = this.containers.start();
		try {
			start(start.steps());
		}
		catch (Throwable ex) {
			if (this.containers.isLast(start)) {
				stop();
			}
			throw ex;
		}
	}

	private static void start(List<Runnable> steps) {
		List<String> problems = new ArrayList<>();
		for (Runnable step : steps) {
			try {
				step.run();
			}
			catch (IllegalStateException ex) {
				problems.add(ex.getMessage());
			}
		}
		if (!problems.isEmpty()) {
			throw new ListenerStartException(problems);
		}
	}

	/**
	 * Stops all listeners side by side and waits until they have stopped. Called by a
	 * handler, or by what else runs on a thread of a listener, it doesn't wait: they stop
	 * when that has returned.
	 */
	@Override
	public void stop() {
		CompletableFuture<?> stopped = stopSoon();
		if (!OwnThreads.isOne()) {
			stopped.join();
		}
	}

	/**
	 * Stops all listeners side by side, and calls back when they have stopped. Called by
	 * a handler, as when it closes the context, it calls back when all others have ended.
	 */
	@Override
	public void stop(Runnable callback) {
		CompletableFuture<?> stopped = stopSoon();
		if (OwnThreads.isOne()) {
			new SelfStop(stopped, this.containers.all(), this.environment.scheduler()).whenOthersHaveEnded(callback);
		}
		else {
			stopped.whenComplete((result, problem) -> callback.run());
		}
	}

	private CompletableFuture<?> stopSoon() {
		return stopSoon(this.containers.stop());
	}

	private static CompletableFuture<?> stopSoon(List<ListenerContainer> containers) {
		return CompletableFuture
			.allOf(containers.stream().map(ListenerContainer::stopSoon).toArray(CompletableFuture[]::new));
	}

	/**
	 * Returns whether the listeners are to run, from the beginning of their start on.
	 */
	@Override
	public boolean isRunning() {
		return this.containers.isRunning();
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/**
	 * Stops all listeners for good. Called by a handler, as when it closes the context,
	 * it doesn't wait; the connection, if it is auto-configured, is closed when the
	 * handler has returned and its message is settled.
	 */
	@Override
	public void destroy() {
		this.containers.close();
		CompletableFuture<?> stopped = stopSoon();
		if (OwnThreads.isOne()) {
			// Whom to tell is gone by then
			this.eventPublisher = null;
			OwnThreads.stopping(SelfStop.complete(stopped, this.environment::close));
		}
		else {
			stopped.join();
			this.environment.close();
		}
	}

	ListenerEnvironment environmentOf(String id) {
		return environment(connection(id));
	}

	/**
	 * Returns what receives messages by hand, and shares threads with the listeners.
	 * @param connection the connection's name, or {@code null} for the one without a name
	 * @param setup what it has to know of consumers and payloads
	 * @return the receiver, which is to be a bean, as it stops with the context
	 * @throws IllegalArgumentException if there is no such connection
	 */
	public JetStreamReceiver receiver(@Nullable String connection, ReceiverSetup setup) {
		return new ConsumerReceiver(environment(connection), setup, !this.startable);
	}

	private ListenerEnvironment environment(@Nullable String connection) {
		if (connection == null) {
			return this.environment;
		}
		ListenerEnvironment named = this.environments.get(connection);
		Assert.notNull(named, () -> "There is no connection with the name '%s', only %s".formatted(connection,
				this.environments.keySet()));
		return named;
	}

	private void publish(ApplicationEvent event) {
		ApplicationEventPublisher publisher = this.eventPublisher;
		if (publisher != null) {
			publisher.publishEvent(event);
		}
	}

	private final class Announcements implements ListenerEnvironment.StateChanges {

		@Override
		public void changed(String listener, ListenerState state, @Nullable String reason) {
			publish(new ListenerStateChangedEvent(JetStreamListeners.this, listener, state, reason));
		}

		@Override
		public void idle(String listener, Duration time) {
			publish(new ListenerIdleEvent(JetStreamListeners.this, listener, time));
		}

	}

}
