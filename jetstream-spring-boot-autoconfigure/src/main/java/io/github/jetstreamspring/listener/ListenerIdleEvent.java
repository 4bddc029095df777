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

import org.springframework.context.ApplicationEvent;

/**
 * A listener runs and has got no message for as long as its {@code idle-event-interval}.
 * Comes again after each further interval without a message, on a thread of the
 * registry's own.
 *
 * @since 0.1.0
 */
public class ListenerIdleEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final String listener;

	private final Duration idleTime;

	/**
	 * Creates an event.
	 * @param source the registry of listeners
	 * @param listener the listener's id
	 * @param idleTime how long the listener has had nothing to do
	 */
	public ListenerIdleEvent(Object source, String listener, Duration idleTime) {
		super(source);
		this.listener = listener;
		this.idleTime = idleTime;
	}

	/**
	 * Returns which listener is idle.
	 * @return the listener's id
	 */
	public String getListener() {
		return this.listener;
	}

	/**
	 * Returns how long the listener has had nothing to do: since its last message was
	 * settled, or since it began to ask for messages. A few hundred milliseconds more or
	 * less are possible.
	 * @return the time
	 */
	public Duration getIdleTime() {
		return this.idleTime;
	}

}
