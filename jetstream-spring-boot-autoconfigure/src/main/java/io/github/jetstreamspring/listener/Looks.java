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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.guard.GuardedScheduler;
import io.github.jetstreamspring.guard.RepeatedTask;
import io.github.jetstreamspring.listener.pull.PullFlow;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Looks after all listeners again and again: a timer for each of them would be most of
 * what many listeners cost while they have nothing to do. With more than
 * {@value #AT_ONCE} it looks after some of them each time, in turn, so that their number
 * makes no difference to what that costs.
 */
final class Looks {

	/**
	 * How many looks there are at once: two for each of 300 listeners.
	 */
	static final int AT_ONCE = 600;

	private static final Log logger = LogFactory.getLog(Looks.class);

	private final GuardedScheduler scheduler;

	private final List<IntConsumer> looks = new CopyOnWriteArrayList<>();

	// null as long as there is nobody to look after
	private @Nullable RepeatedTask task;

	// How many times it has looked; only for the task
	private int beat;

	/**
	 * Creates what looks after nobody yet.
	 * @param scheduler looks
	 */
	Looks(GuardedScheduler scheduler) {
		this.scheduler = scheduler;
	}

	/**
	 * Looks from now on, every {@link PullFlow#LOOK_INTERVAL} or few of them.
	 * @param look looks after a listener, and is told how many intervals have passed
	 * since the last time
	 */
	synchronized void add(IntConsumer look) {
		this.looks.add(look);
		if (this.task == null) {
			this.task = new RepeatedTask(this.scheduler, PullFlow.LOOK_INTERVAL, this::look);
		}
	}

	/**
	 * Looks no more. A look that has begun goes on.
	 * @param look looks after a listener
	 */
	synchronized void remove(IntConsumer look) {
		this.looks.remove(look);
		if (this.task != null && this.looks.isEmpty()) {
			this.task.cancel();
			this.task = null;
		}
	}

	private void look() {
		this.beat = (this.beat + 1) & Integer.MAX_VALUE;
		int turns = 1 + (this.looks.size() - 1) / AT_ONCE;
		int place = 0;
		for (IntConsumer look : this.looks) {
			if (place++ % turns == this.beat % turns) {
				try {
					look.accept(turns);
				}
				catch (Throwable ex) {
					Guard.log(logger, () -> "Internal error in the look after a listener", ex);
				}
			}
		}
	}

}
