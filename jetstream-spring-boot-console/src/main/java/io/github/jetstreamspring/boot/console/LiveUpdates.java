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

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Sends the present to the pages that are open, every two seconds. Costs nothing while
 * none is.
 */
final class LiveUpdates implements SmartLifecycle {

	/**
	 * How many pages get updates. Others have to ask.
	 */
	static final int MOST = 20;

	private static final Log logger = LogFactory.getLog(LiveUpdates.class);

	private static final Duration PERIOD = Duration.ofSeconds(2);

	private static final long IDLE_SECONDS = 10;

	private final Supplier<String> snapshot;

	private final Duration period;

	private final Set<Page> pages = ConcurrentHashMap.newKeySet();

	private final ScheduledThreadPoolExecutor timer;

	private final ThreadPoolExecutor senders;

	// Guarded by this, as is the next
	private @Nullable ScheduledFuture<?> ticks;

	private boolean running;

	LiveUpdates(Supplier<String> snapshot) {
		this(snapshot, PERIOD);
	}

	LiveUpdates(Supplier<String> snapshot, Duration period) {
		this.snapshot = snapshot;
		this.period = period;
		CustomizableThreadFactory factory = new CustomizableThreadFactory("jetstream-console-live-");
		factory.setDaemon(true);
		this.timer = new ScheduledThreadPoolExecutor(1, factory);
		this.timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
		this.timer.allowCoreThreadTimeOut(true);
		this.timer.setRemoveOnCancelPolicy(true);
		this.senders = new ThreadPoolExecutor(0, MOST, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
				factory);
	}

	/**
	 * Returns why no page can be added.
	 * @return the reason, or {@code null} if one can
	 */
	synchronized @Nullable String problem() {
		if (!this.running) {
			return "The application is ending";
		}
		return (this.pages.size() < MOST) ? null
				: "%d pages get updates already, so this one has to ask for them".formatted(MOST);
	}

	/**
	 * Adds a page.
	 * @param receiver gets the updates
	 * @return whether it will: there may be too many pages already
	 */
	synchronized boolean add(Receiver receiver) {
		if (problem() != null) {
			return false;
		}
		Page page = new Page(receiver, new AtomicBoolean());
		this.pages.add(page);
		if (this.ticks == null) {
			this.ticks = this.timer.scheduleWithFixedDelay(this::tick, 0, this.period.toMillis(),
					TimeUnit.MILLISECONDS);
		}
		return true;
	}

	/**
	 * Removes a page that is gone.
	 */
	synchronized void remove(Receiver receiver) {
		this.pages.removeIf((page) -> page.receiver() == receiver);
		if (this.pages.isEmpty() && this.ticks != null) {
			this.ticks.cancel(false);
			this.ticks = null;
		}
	}

	private void tick() {
		try {
			String update = this.snapshot.get();
			this.pages.forEach((page) -> begin(page, update));
		}
		catch (Throwable ex) {
			// An Error too, or this would be the last one
			logger.debug("No update for the console", ex);
		}
	}

	// A page whose network is slow misses some. It takes no thread from the others for
	// that
	private void begin(Page page, String update) {
		if (page.busy().compareAndSet(false, true)) {
			try {
				this.senders.execute(() -> send(page, update));
			}
			catch (RejectedExecutionException ex) {
				// Pages that are gone still hold threads
				page.busy().set(false);
			}
		}
	}

	private void send(Page page, String update) {
		try {
			page.receiver().send(update);
		}
		catch (Exception ex) {
			remove(page.receiver());
			page.receiver().end();
		}
		finally {
			page.busy().set(false);
		}
	}

	int count() {
		return this.pages.size();
	}

	@Override
	public synchronized void start() {
		this.running = true;
	}

	// Before the web server waits for requests to end
	@Override
	public void stop() {
		synchronized (this) {
			this.running = false;
		}
		this.pages.forEach((page) -> {
			remove(page.receiver());
			page.receiver().end();
		});
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running;
	}

	/**
	 * A page that gets updates.
	 */
	interface Receiver {

		/**
		 * Sends an update.
		 * @param update JSON
		 * @throws Exception if the page is gone, or takes none
		 */
		void send(String update) throws Exception;

		/**
		 * Sends no more. Throws nothing.
		 */
		void end();

	}

	private record Page(Receiver receiver, AtomicBoolean busy) {
	}

}
