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
 * A listener's state has changed, or the reason for it. Events come in the order of the
 * changes, on the thread that caused them or on one of the registry's own.
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
	 * @param reason why the listener is in this state, or {@code null} if the state
	 * speaks for itself
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
	 * Returns why the listener is in this state, and what to do about it.
	 * @return the reason, or {@code null} if the state speaks for itself
	 */
	public @Nullable String getReason() {
		return this.reason;
	}

}
