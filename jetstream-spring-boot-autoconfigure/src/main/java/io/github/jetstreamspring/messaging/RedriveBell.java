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

package io.github.jetstreamspring.messaging;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.nats.client.Connection;

/**
 * Tells the listeners on a connection at once that something is redriven on it. Those of
 * other instances notice when they look the next time.
 *
 * @since 0.1.0
 */
public final class RedriveBell {

	private static final Map<Connection, RedriveBell> BELLS = Collections.synchronizedMap(new WeakHashMap<>());

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private RedriveBell() {
	}

	/**
	 * Returns the bell of a connection.
	 * @param connection the connection
	 * @return its bell
	 */
	public static RedriveBell of(Connection connection) {
		return BELLS.computeIfAbsent(connection, (absent) -> new RedriveBell());
	}

	/**
	 * Lets somebody hear it.
	 * @param listener is called by whoever redrives, and must not wait
	 */
	public void add(Runnable listener) {
		this.listeners.add(listener);
	}

	/**
	 * Lets somebody hear it no more.
	 * @param listener the listener
	 */
	public void remove(Runnable listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Rings.
	 */
	public void ring() {
		this.listeners.forEach(Runnable::run);
	}

}
