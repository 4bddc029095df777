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

package io.github.jetstreamspring.boot.operations;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.jetstreamspring.listener.JetStreamListeners;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.env.Environment;

/**
 * Shows connections and listeners, and does what a person asks for. What it returns can
 * be written as JSON as it is. Whatever can't be done ends in an
 * {@link OperationFailure}; what was done is logged and published as an event.
 *
 * @since 0.1.0
 */
public final class Operations {

	private final Map<String, ConnectionDescriptions> connections;

	private final ListenerDescriptions listeners;

	private final ListenerOperations operations;

	private final ScheduleOperations schedules;

	private final JobOperations jobs;

	private final DelayedJobs delayed;

	private Operations(Map<String, ConnectionDescriptions> connections, ListenerDescriptions listeners,
			ListenerOperations operations, ScheduleOperations schedules, JobOperations jobs, DelayedJobs delayed) {
		this.connections = connections;
		this.listeners = listeners;
		this.operations = operations;
		this.schedules = schedules;
		this.jobs = jobs;
		this.delayed = delayed;
	}

	/**
	 * Returns the operations of an application.
	 * @param listeners the listeners
	 * @param events where operations are published
	 * @param environment says where settings come from
	 * @param beanFactory has the beans of the connections
	 * @return the operations
	 */
	public static Operations of(JetStreamListeners listeners, ApplicationEventPublisher events, Environment environment,
			BeanFactory beanFactory) {
		Map<String, ConnectionParts> parts = ConnectionParts.all(listeners, beanFactory);
		InquiryThreads threads = new InquiryThreads();
		OperationLog log = new OperationLog(events);
		Map<String, ConnectionDescriptions> connections = new LinkedHashMap<>();
		String owner = environment.getProperty("spring.application.name");
		parts.forEach((name, connection) -> connections.put(name,
				new ConnectionDescriptions(connection, listeners, owner, threads)));
		return new Operations(connections, new ListenerDescriptions(listeners, environment),
				new ListenerOperations(listeners, connections, log), new ScheduleOperations(parts, log),
				new JobOperations(listeners.jobs(), log), new DelayedJobs(parts, listeners));
	}

	/**
	 * Describes everything.
	 * @return the connections with their streams and schedules, and the listeners
	 */
	public Map<String, Object> all() {
		Description all = new Description();
		this.connections.forEach((name, connection) -> all.add(name, connection.describe()));
		return new Description().add("connections", all).add("listeners", this.listeners.all()).toMap();
	}

	/**
	 * Describes a listener.
	 * @param id its id
	 * @return what it is doing, by which settings, and which jobs it has in hand
	 * @throws OperationFailure if there is no such listener
	 */
	public Map<String, Object> listener(String id) {
		Description listener = this.listeners.get(id);
		return listener.add("jobs", this.jobs.current(id)).toMap();
	}

	/**
	 * Changes what a listener does.
	 * @param id its id
	 * @param action what to do: {@code pause}, {@code resume}, {@code stop},
	 * {@code start} or {@code concurrency}
	 * @param scope for {@code pause}: {@code instance}, which is the default, or
	 * {@code fleet}
	 * @param duration for a pause of the fleet: how long it lasts, as in {@code PT30M}
	 * @param concurrency for {@code concurrency}: how many handlers run at once
	 * @param principal the name of whoever asks for it, or {@code null} if nobody knows
	 * @return the listener's new state
	 * @throws OperationFailure if that isn't possible
	 */
	public Map<String, Object> change(String id, @Nullable String action, @Nullable String scope,
			@Nullable String duration, @Nullable String concurrency, @Nullable String principal) {
		this.operations.perform(id, ListenerOperation.of(action, scope, duration, concurrency), principal);
		return listener(id);
	}

	/**
	 * Publishes the message of a schedule now.
	 * @param name the schedule's name
	 * @param action what to do: {@code run}
	 * @param connection the connection's name, where several have such a schedule
	 * @param principal the name of whoever asks for it, or {@code null} if nobody knows
	 * @return where the message is stored
	 * @throws OperationFailure if that isn't possible
	 */
	public Map<String, Object> run(String name, @Nullable String action, @Nullable String connection,
			@Nullable String principal) {
		return this.schedules.perform(name, action, connection, principal).toMap();
	}

	/**
	 * Describes the jobs that wait until they are due.
	 * @return the jobs
	 * @throws OperationFailure if the server can't be asked
	 */
	public Map<String, Object> delayedJobs() {
		return this.delayed.describe().toMap();
	}

	/**
	 * Cancels a job, wherever it waits or runs in this instance.
	 * @param id the id of its message
	 * @param action what to do: {@code cancel}
	 * @param principal the name of whoever asks for it, or {@code null} if nobody knows
	 * @return what became of it
	 * @throws OperationFailure if that isn't possible
	 */
	public Map<String, Object> cancel(String id, @Nullable String action, @Nullable String principal) {
		return this.jobs.perform(id, action, principal).toMap();
	}

}
