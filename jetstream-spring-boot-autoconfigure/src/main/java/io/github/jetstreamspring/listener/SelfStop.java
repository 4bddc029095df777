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
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A stop that a handler has asked for. It can't end before the handler does, which may
 * wait for the stop in turn, as it does when it closes the context.
 *
 * @param stopped completes when all listeners have stopped
 * @param containers the listeners
 * @param scheduler looks whether handlers have ended
 */
record SelfStop(CompletableFuture<?> stopped, Collection<ListenerContainer> containers,
		ScheduledExecutorService scheduler) {

	private static final Duration LOOK_INTERVAL = Duration.ofMillis(10);

	/**
	 * Calls back when there are no other handlers to wait for than that of the calling
	 * thread, and of those that wait for the same.
	 * @param callback what to call
	 */
	void whenOthersHaveEnded(Runnable callback) {
		look(Thread.currentThread(), callback);
	}

	private void look(Thread caller, Runnable callback) {
		boolean ended = this.stopped.isDone()
				|| this.containers.stream().noneMatch((container) -> container.isAtWork(caller));
		if (ended) {
			callback.run();
		}
		else {
			this.scheduler.schedule(() -> look(caller, callback), LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	/**
	 * Completes a stop when the handler that has asked for it has returned. The
	 * application doesn't end before that.
	 * @param stopped completes when all listeners have stopped
	 * @param close what is to be done then
	 * @return completes when that is done
	 */
	static CompletableFuture<?> complete(CompletableFuture<?> stopped, Runnable close) {
		CompletableFuture<Void> completed = new CompletableFuture<>();
		Runnable task = () -> {
			try {
				stopped.join();
			}
			finally {
				close.run();
				completed.complete(null);
			}
		};
		new Thread(task, "jetstream-stop").start();
		return completed;
	}

}
