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

package io.github.jetstreamspring.boot.console;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.github.jetstreamspring.boot.operations.DeadLetterRequests;
import io.github.jetstreamspring.boot.operations.OperationFailure;
import io.github.jetstreamspring.guard.Guard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Something that is done with many dead letters.
 */
final class BulkTask implements Runnable {

	private static final Log logger = LogFactory.getLog(BulkTask.class);

	private final String id;

	private final String action;

	private final @Nullable Long expected;

	private final Map<String, String> parameters;

	private final @Nullable String principal;

	private final DeadLetterRequests deadLetters;

	private final Instant started = Instant.now();

	// Guarded by this, as is all below
	private @Nullable Thread thread;

	private State state = State.RUNNING;

	private @Nullable Instant ended;

	private Map<String, Object> progress = Map.of();

	private @Nullable String detail;

	BulkTask(String id, String action, @Nullable Long expected, Map<String, String> parameters,
			@Nullable String principal, DeadLetterRequests deadLetters) {
		this.id = id;
		this.action = action;
		this.expected = expected;
		this.parameters = parameters;
		this.principal = principal;
		this.deadLetters = deadLetters;
	}

	@Override
	public void run() {
		if (!begin()) {
			end(State.CANCELLED, null);
			return;
		}
		try {
			progress(this.deadLetters.changeAll(this.action, this.parameters, this.principal, this::progress));
			end(State.DONE, null);
		}
		catch (OperationFailure failure) {
			end(State.FAILED, failure.getMessage());
		}
		catch (Throwable ex) {
			// An Error ends it too: whoever looks at it would wait for ever
			Guard.log(logger, () -> "A task of the console failed", ex);
			end(State.FAILED, OperationFailure.unexpected().getMessage());
		}
	}

	private synchronized boolean begin() {
		this.thread = Thread.currentThread();
		return this.state == State.RUNNING;
	}

	private synchronized void progress(Map<String, Object> progress) {
		this.progress = progress;
	}

	private synchronized void end(State state, @Nullable String detail) {
		this.thread = null;
		// So that whoever gets the thread next isn't cancelled
		boolean cancelled = Thread.interrupted() || this.state == State.CANCELLED;
		this.state = cancelled ? State.CANCELLED : state;
		this.detail = cancelled ? null : detail;
		this.ended = Instant.now();
	}

	synchronized void cancel() {
		if (this.state == State.RUNNING) {
			this.state = State.CANCELLED;
			if (this.thread != null) {
				this.thread.interrupt();
			}
		}
	}

	String id() {
		return this.id;
	}

	synchronized boolean isRunning() {
		return this.ended == null;
	}

	synchronized Map<String, Object> describe() {
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("id", this.id);
		described.put("action", this.action);
		if (this.expected != null) {
			described.put("expected", this.expected);
		}
		described.put("parameters", DeadLetterRequests.describe(this.parameters));
		if (this.principal != null) {
			described.put("principal", this.principal);
		}
		described.put("state", this.state.name().toLowerCase(Locale.ROOT));
		described.put("started", this.started.toString());
		if (this.ended != null) {
			described.put("ended", this.ended.toString());
		}
		if (this.detail != null) {
			described.put("detail", this.detail);
		}
		described.put("progress", this.progress);
		return described;
	}

	private enum State {

		RUNNING, DONE, CANCELLED, FAILED

	}

}
