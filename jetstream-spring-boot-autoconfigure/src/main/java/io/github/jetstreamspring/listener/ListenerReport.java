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
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A listener's state with all there is to say about it, and who is told.
 */
final class ListenerReport {

	private final ListenerStateMachine machine = new ListenerStateMachine();

	private final StateAnnouncer announcer;

	private final UnstoredLetters unstored;

	private final Supplier<@Nullable String> consumerRemarks;

	// What was told of them last, guarded by this
	private @Nullable String remarks;

	/**
	 * Creates a report of a listener that is stopped.
	 * @param definition the listener
	 * @param environment knows who is told
	 * @param consumerRemarks say what is surprising about the consumer; whoever does logs
	 * it
	 */
	ListenerReport(ListenerDefinition definition, ListenerEnvironment environment,
			Supplier<@Nullable String> consumerRemarks) {
		this.announcer = new StateAnnouncer(definition, environment);
		this.unstored = new UnstoredLetters(definition.id(), this::unstoredChanged);
		this.consumerRemarks = consumerRemarks;
	}

	UnstoredLetters unstored() {
		return this.unstored;
	}

	ListenerState state() {
		return this.machine.state();
	}

	/**
	 * Returns whether it runs, and nothing keeps it from its messages or is said that a
	 * message would refute.
	 */
	boolean isPlain() {
		return this.machine.state() == ListenerState.RUNNING && this.machine.reason() == null;
	}

	@Nullable String reason() {
		String reason = this.machine.reason();
		return this.unstored.reason((reason == null && this.machine.state() == ListenerState.RUNNING)
				? this.consumerRemarks.get() : reason);
	}

	/**
	 * Goes to a state, and keeps what is new for {@link #tell()} or {@link #tellSoon()}.
	 * @param next the state
	 * @param why the reason, or {@code null} if the state speaks for itself
	 */
	synchronized void change(ListenerState next, @Nullable String why) {
		boolean news = this.machine.change(next, why);
		boolean stopped = next == ListenerState.STOPPED;
		String now = this.consumerRemarks.get();
		boolean remarked = isPlain() && !Objects.equals(this.remarks, now);
		this.remarks = isPlain() ? now : this.remarks;
		if (news) {
			this.announcer.announce(next, stopped ? why : this.unstored.reason(why), stopped ? why : reason());
		}
		else if (remarked) {
			this.announcer.add(next, reason());
		}
	}

	/**
	 * The consumer has been found, and is asked for messages.
	 * @param found the consumer
	 * @param blockage what keeps it from its next message, or {@code null}
	 * @param standBy says for whom the listener stands by, if it does
	 */
	void asked(FoundConsumer found, @Nullable String blockage, Supplier<@Nullable String> standBy) {
		Instant pausedUntil = found.pausedUntil();
		if (pausedUntil != null) {
			change(ListenerState.PAUSED, "the consumer is paused on the server, for all instances, until "
					+ pausedUntil.truncatedTo(ChronoUnit.SECONDS));
		}
		else if (blockage != null) {
			change(ListenerState.RECOVERING, blockage);
		}
		else if (state() != ListenerState.RECOVERING && state() != ListenerState.FAILED) {
			change(ListenerState.RUNNING, standBy.get());
		}
	}

	private void unstoredChanged() {
		synchronized (this) {
			this.announcer.add(state(), reason());
		}
		this.announcer.tellSoon();
	}

	/**
	 * Tells the application what is new. Not under a lock, as it may take its time.
	 */
	void tell() {
		this.announcer.tell();
	}

	/**
	 * The same, by a thread that may wait, as the calling one must not.
	 */
	void tellSoon() {
		this.announcer.tellSoon();
	}

}
