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

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * A listener's state has changed.
 *
 * @since 0.1.0
 */
public class ListenerStateChangedEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final String listener;

	private final ListenerState state;

	private final @Nullable String reason;

	/**
	 * Creates an event.
	 * @param source the registry of listeners
	 * @param listener the listener's id
	 * @param state the new state
	 * @param reason why a listener is recovering, {@code null} for the other states
	 */
	public ListenerStateChangedEvent(Object source, String listener, ListenerState state, @Nullable String reason) {
		super(source);
		this.listener = listener;
		this.state = state;
		this.reason = reason;
	}

	/**
	 * Returns which listener changed.
	 * @return the listener's id
	 */
	public String getListener() {
		return this.listener;
	}

	/**
	 * Returns the new state.
	 * @return the state
	 */
	public ListenerState getState() {
		return this.state;
	}

	/**
	 * Returns why the listener is recovering.
	 * @return the reason, or {@code null} if it isn't recovering
	 */
	public @Nullable String getReason() {
		return this.reason;
	}

}
