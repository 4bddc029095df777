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

import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.jetstreamspring.guard.Guard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells the log and the application what state a listener is in. The application is told
 * in the order of the changes, but by a thread that holds no lock and that nothing
 * depends on: what it does with the news may take its time.
 */
final class StateAnnouncer {

	private static final Log logger = LogFactory.getLog(StateAnnouncer.class);

	private final ListenerDefinition definition;

	private final ListenerEnvironment environment;

	// Made beforehand: if it couldn't be made, nobody would be told anything any more
	private final Supplier<String> problem;

	private final Queue<Runnable> news = new ConcurrentLinkedQueue<>();

	private final AtomicInteger untold = new AtomicInteger();

	StateAnnouncer(ListenerDefinition definition, ListenerEnvironment environment) {
		this.definition = definition;
		this.environment = environment;
		this.problem = () -> "Listener '%s': an application listener for its state failed".formatted(definition.id());
	}

	/**
	 * Logs a state, and keeps it for {@link #tell()} or {@link #tellSoon()}.
	 * @param state the state
	 * @param news the reason as far as nobody else logs it, or {@code null}
	 * @param reason the whole reason, or {@code null}
	 */
	void announce(ListenerState state, @Nullable String news, @Nullable String reason) {
		log(state, news);
		add(state, reason);
	}

	/**
	 * Keeps a state for {@link #tell()} or {@link #tellSoon()}.
	 * @param state the state
	 * @param reason the reason, or {@code null}
	 */
	void add(ListenerState state, @Nullable String reason) {
		this.news.add(() -> this.environment.stateChanged(this.definition.id(), state, reason));
	}

	void tellSoon() {
		if (!this.news.isEmpty()) {
			Guard.run(logger, () -> "Listener '%s': its state can't be told".formatted(this.definition.id()),
					() -> this.environment.executor().execute(this::tell));
		}
	}

	/**
	 * Tells the application what it has not been told yet, unless another thread is at
	 * it, which then goes on with it.
	 */
	void tell() {
		if (this.untold.getAndIncrement() != 0) {
			return;
		}
		int seen = 1;
		while (seen != 0) {
			for (Runnable next = this.news.poll(); next != null; next = this.news.poll()) {
				tell(next);
			}
			seen = this.untold.addAndGet(-seen);
		}
	}

	private void tell(Runnable next) {
		try {
			next.run();
		}
		catch (Throwable ex) {
			Guard.log(logger, this.problem, ex);
		}
	}

	private void log(ListenerState state, @Nullable String reason) {
		String text = "Listener '%s' is %s (stream '%s', consumer '%s')%s".formatted(this.definition.id(),
				state.name().toLowerCase(Locale.ROOT), this.definition.stream(), this.definition.consumer(),
				(reason != null) ? ": " + reason : "");
		switch (state) {
			case FAILED -> logger.error(text);
			case RECOVERING -> logger.warn(text);
			case STARTING -> logger.debug(text);
			default -> logger.info(text);
		}
	}

}
