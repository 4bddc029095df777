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

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * A person has changed something while the application runs, such as paused a listener or
 * redriven dead letters. Comes after it was done, on the thread that did it.
 *
 * @since 0.1.0
 */
public class JetStreamOperationEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final String operation;

	private final String target;

	private final @Nullable String principal;

	/**
	 * Creates an event.
	 * @param source what has done it
	 * @param operation what was done, such as {@code pause}
	 * @param target what it was done to, such as {@code listener 'order-worker'}
	 * @param principal the name of whoever asked for it, or {@code null} if nobody knows
	 */
	public JetStreamOperationEvent(Object source, String operation, String target, @Nullable String principal) {
		super(source);
		this.operation = operation;
		this.target = target;
		this.principal = principal;
	}

	/**
	 * Returns what was done.
	 * @return the name of the operation with its details, such as {@code pause} or
	 * {@code pause for PT30M in all instances}
	 */
	public String getOperation() {
		return this.operation;
	}

	/**
	 * Returns what it was done to.
	 * @return kind and name, such as {@code listener 'order-worker'}
	 */
	public String getTarget() {
		return this.target;
	}

	/**
	 * Returns who asked for it.
	 * @return the name, or {@code null} if nobody knows, as without Spring Security
	 */
	public @Nullable String getPrincipal() {
		return this.principal;
	}

	/**
	 * Returns when it was done.
	 * @return the time
	 */
	public Instant getTime() {
		return Instant.ofEpochMilli(getTimestamp());
	}

}
