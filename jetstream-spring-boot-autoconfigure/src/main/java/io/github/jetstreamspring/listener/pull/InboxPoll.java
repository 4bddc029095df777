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
package io.github.jetstreamspring.listener.pull;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks again and again for messages, where nothing tells of them: on a connection that
 * the application has made itself.
 */
final class InboxPoll {

	private static final long MIN_PAUSE_NANOS = Duration.ofNanos(100_000).toNanos();

	private static final long MAX_PAUSE_NANOS = Duration.ofMillis(5).toNanos();

	private final Set<Inbox> inboxes = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean running = new AtomicBoolean();

	void watch(Inbox inbox) {
		this.inboxes.add(inbox);
		start();
	}

	void forget(Inbox inbox) {
		this.inboxes.remove(inbox);
	}

	private void start() {
		if (this.running.compareAndSet(false, true)) {
			try {
				Thread thread = new Thread(this::run, "jetstream-inboxes");
				thread.setDaemon(true);
				thread.start();
			}
			catch (Throwable ex) {
				this.running.set(false);
				throw ex;
			}
		}
	}

	private void run() {
		long pause = MIN_PAUSE_NANOS;
		while (!this.inboxes.isEmpty()) {
			pause = look() ? MIN_PAUSE_NANOS : Math.min(2 * pause, MAX_PAUSE_NANOS);
			LockSupport.parkNanos(pause);
		}
		this.running.set(false);
		if (!this.inboxes.isEmpty()) {
			start();
		}
	}

	private boolean look() {
		boolean found = false;
		try {
			for (Inbox inbox : this.inboxes) {
				if (!inbox.isEmpty()) {
					inbox.come();
					found = true;
				}
			}
		}
		catch (Throwable ex) {
			// There is no memory, and the next look tries again
		}
		return found;
	}

}
