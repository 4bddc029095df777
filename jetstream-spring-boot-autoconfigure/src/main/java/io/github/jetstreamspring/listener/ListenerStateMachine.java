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

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A listener's state and the reason for it. Knows which states may follow one another and
 * what is worth telling: each state, and each reason once until all is well again, as a
 * listener that can't get over something meets the same reasons with every attempt.
 */
final class ListenerStateMachine {

	private static final Map<ListenerState, Set<ListenerState>> NEXT = new EnumMap<>(Map.of(ListenerState.STOPPED,
			EnumSet.of(ListenerState.STARTING), ListenerState.STARTING,
			EnumSet.of(ListenerState.RUNNING, ListenerState.PAUSED, ListenerState.RECOVERING, ListenerState.STOPPED),
			ListenerState.RUNNING,
			EnumSet.of(ListenerState.PAUSED, ListenerState.RECOVERING, ListenerState.FAILED, ListenerState.STOPPED),
			ListenerState.PAUSED,
			EnumSet.of(ListenerState.RUNNING, ListenerState.RECOVERING, ListenerState.FAILED, ListenerState.STOPPED),
			ListenerState.RECOVERING,
			EnumSet.of(ListenerState.RUNNING, ListenerState.PAUSED, ListenerState.FAILED, ListenerState.STOPPED),
			ListenerState.FAILED,
			EnumSet.of(ListenerState.RUNNING, ListenerState.PAUSED, ListenerState.RECOVERING, ListenerState.STOPPED)));

	private final Set<String> toldReasons = new HashSet<>();

	// Written under the lock of the owner, read without it for nearly every message
	private volatile ListenerState state = ListenerState.STOPPED;

	private volatile @Nullable String reason;

	ListenerState state() {
		return this.state;
	}

	@Nullable String reason() {
		return this.reason;
	}

	/**
	 * Goes to a state, which may be the present one.
	 * @param next the state
	 * @param why the reason, or {@code null} if the state speaks for itself
	 * @return whether that is worth telling
	 * @throws IllegalStateException if the present state can't be followed by that one
	 */
	boolean change(ListenerState next, @Nullable String why) {
		boolean changed = this.state != next;
		if (changed && !NEXT.getOrDefault(this.state, Set.of()).contains(next)) {
			throw new IllegalStateException("A listener that is %s can't become %s".formatted(this.state, next));
		}
		boolean otherReason = !Objects.equals(this.reason, why);
		this.state = next;
		this.reason = why;
		if (next == ListenerState.RUNNING || next == ListenerState.STOPPED) {
			this.toldReasons.clear();
			return changed || otherReason;
		}
		boolean newReason = why != null && this.toldReasons.add(why);
		return changed || newReason;
	}

}
