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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.guard.GuardedScheduler;
import io.github.jetstreamspring.guard.RepeatedTask;
import io.github.jetstreamspring.listener.pull.PullFlow;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Looks after all listeners again and again: a timer for each of them would be most of
 * what many listeners cost while they have nothing to do.
 */
final class Looks {

	private static final Log logger = LogFactory.getLog(Looks.class);

	private final GuardedScheduler scheduler;

	private final Set<Runnable> looks = ConcurrentHashMap.newKeySet();

	// null as long as there is nobody to look after
	private @Nullable RepeatedTask task;

	/**
	 * Creates what looks after nobody yet.
	 * @param scheduler looks
	 */
	Looks(GuardedScheduler scheduler) {
		this.scheduler = scheduler;
	}

	/**
	 * Looks from now on, every {@link PullFlow#LOOK_INTERVAL}.
	 * @param look looks after a listener
	 */
	synchronized void add(Runnable look) {
		this.looks.add(look);
		if (this.task == null) {
			this.task = new RepeatedTask(this.scheduler, PullFlow.LOOK_INTERVAL, this::look);
		}
	}

	/**
	 * Looks no more. A look that has begun goes on.
	 * @param look looks after a listener
	 */
	synchronized void remove(Runnable look) {
		this.looks.remove(look);
		if (this.task != null && this.looks.isEmpty()) {
			this.task.cancel();
			this.task = null;
		}
	}

	private void look() {
		this.looks.forEach((look) -> Guard.run(logger, () -> "Internal error in the look after a listener", look));
	}

}
