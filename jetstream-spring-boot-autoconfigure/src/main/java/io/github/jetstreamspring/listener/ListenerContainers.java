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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Which listeners there are, and whether they are to run. Whoever starts, stops, adds or
 * removes some learns in one step which ones that concerns, so that none slips through
 * between two who do so at once. Nothing here waits.
 */
final class ListenerContainers {

	private final Map<String, ListenerContainer> containers = new LinkedHashMap<>();

	// By the ids of their listeners; those on the first connection are left out
	private final Map<String, String> connections = new ConcurrentHashMap<>();

	private int starts;

	private boolean running;

	private boolean closed;

	/**
	 * Adds a listener.
	 * @param container the listener
	 * @param connection the name of its connection, or {@code null}
	 * @return what starts it, if it is to run now
	 * @throws IllegalStateException if there is one with its id
	 */
	synchronized Runnable add(ListenerContainer container, @Nullable String connection) {
		assertOpen();
		String id = container.definition().id();
		if (this.containers.containsKey(id)) {
			throw new IllegalStateException("There is a listener with the id '%s' already".formatted(id));
		}
		if (connection != null) {
			this.connections.put(id, connection);
		}
		this.containers.put(id, container);
		return (this.running && container.definition().autoStartup()) ? container.planStart() : () -> {
		};
	}

	/**
	 * Removes a listener, which can't be started any more.
	 * @param id its id
	 * @return the listener, which may be running
	 */
	synchronized ListenerContainer remove(String id) {
		ListenerContainer container = get(id);
		this.containers.remove(id);
		this.connections.remove(id);
		container.retire();
		return container;
	}

	/**
	 * Removes a listener, which can't be started any more, but none that only has its id.
	 * @param definition the listener
	 * @return the listener, which may be running, or {@code null} if it isn't there
	 */
	synchronized @Nullable ListenerContainer remove(ListenerDefinition definition) {
		ListenerContainer container = this.containers.get(definition.id());
		return (container != null && container.definition() == definition) ? remove(definition.id()) : null;
	}

	synchronized ListenerContainer get(String id) {
		ListenerContainer container = this.containers.get(id);
		if (container == null) {
			throw new IllegalArgumentException(
					"There is no listener with the id '%s', only %s".formatted(id, this.containers.keySet()));
		}
		return container;
	}

	@Nullable String connection(String id) {
		get(id);
		return this.connections.get(id);
	}

	synchronized Set<String> ids() {
		return Set.copyOf(this.containers.keySet());
	}

	synchronized List<ListenerContainer> all() {
		return List.copyOf(this.containers.values());
	}

	/**
	 * From now on all are to run that start with the application.
	 * @return what starts them
	 */
	synchronized Start start() {
		assertOpen();
		this.running = true;
		this.starts++;
		List<Runnable> planned = new ArrayList<>();
		for (ListenerContainer container : this.containers.values()) {
			if (container.definition().autoStartup()) {
				planned.add(container.planStart());
			}
		}
		return new Start(this.starts, planned);
	}

	/**
	 * From now on one is to run.
	 * @param id its id
	 * @return what starts it
	 */
	synchronized Runnable start(String id) {
		assertOpen();
		return get(id).planStart();
	}

	/**
	 * Returns the listeners of a group.
	 * @param group the group's name
	 * @throws IllegalArgumentException if there are none
	 */
	synchronized List<ListenerContainer> group(String group) {
		List<ListenerContainer> members = this.containers.values()
			.stream()
			.filter((container) -> group.equals(container.definition().group()))
			.toList();
		Assert.isTrue(!members.isEmpty(),
				() -> "There is no listener in a group '%s', only in %s".formatted(group,
						this.containers.values()
							.stream()
							.map((container) -> container.definition().group())
							.filter(Objects::nonNull)
							.collect(Collectors.toCollection(TreeSet::new))));
		return members;
	}

	/**
	 * From now on the listeners of a group are to run.
	 * @param group the group's name
	 * @return what starts one each
	 */
	synchronized List<Runnable> startGroup(String group) {
		assertOpen();
		return group(group).stream().map(ListenerContainer::planStart).toList();
	}

	synchronized boolean isLast(Start start) {
		return this.starts == start.number();
	}

	/**
	 * From now on none is to run.
	 * @return those that may be running
	 */
	synchronized List<ListenerContainer> stop() {
		this.running = false;
		return all();
	}

	/**
	 * From now on none can be started any more.
	 */
	synchronized void close() {
		this.closed = true;
		this.containers.values().forEach(ListenerContainer::retire);
	}

	synchronized boolean isRunning() {
		return this.running;
	}

	private void assertOpen() {
		Assert.state(!this.closed, "The listeners have been stopped for good, as their context is closed");
	}

	/**
	 * A start of all that start with the application.
	 *
	 * @param number how many there have been
	 * @param steps start one listener each
	 */
	record Start(int number, List<Runnable> steps) {

	}

}
