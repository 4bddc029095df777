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
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.listener.DeliveryObserver;
import io.github.jetstreamspring.listener.Settlement;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Remembers for some hours what has become of deliveries in this instance, in a bounded
 * memory.
 */
final class DeliveryHistory implements DeliveryObserver, DisposableBean {

	private static final Log logger = LogFactory.getLog(DeliveryHistory.class);

	private static final long PERIOD_SECONDS = 5;

	// The rest is counted among all
	private static final int MOST_LISTENERS = 100;

	private final DeliveryCounts all = new DeliveryCounts();

	private final Map<String, Listener> listeners = new ConcurrentHashMap<>();

	private final Supplier<Set<String>> ids;

	private final ScheduledExecutorService timer;

	/**
	 * Creates a history.
	 * @param ids returns the ids of the listeners that there are
	 */
	DeliveryHistory(Supplier<Set<String>> ids) {
		this.ids = ids;
		CustomizableThreadFactory factory = new CustomizableThreadFactory("jetstream-console-history-");
		factory.setDaemon(true);
		this.timer = Executors.newSingleThreadScheduledExecutor(factory);
		this.timer.scheduleAtFixedRate(
				() -> Guard.run(logger, () -> "Deliveries could not be summed up for the console", this::collect),
				PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
	}

	@Override
	public void settled(String listener, Settlement settlement, Duration runTime, @Nullable Throwable failure) {
		this.all.count(settlement, runTime);
		Listener own = this.listeners.get(listener);
		if (own == null && this.listeners.size() < MOST_LISTENERS) {
			own = this.listeners.computeIfAbsent(listener, (id) -> new Listener());
		}
		if (own != null) {
			own.counts().count(settlement, runTime);
			if (failure != null) {
				own.failures().add(failure, Instant.now());
			}
		}
	}

	void collect() {
		Instant now = Instant.now();
		if (this.listeners.size() >= MOST_LISTENERS) {
			// Those that are gone leave no place for others
			this.listeners.keySet().retainAll(this.ids.get());
		}
		this.all.collect(now);
		this.listeners.values().forEach((listener) -> listener.counts().collect(now));
	}

	/**
	 * Describes what has become of deliveries.
	 * @param listener the listener's id, or {@code null} for all
	 * @param window over which time: {@code 10m}, {@code 1h} or {@code 12h}
	 * @return the tallies, the oldest first
	 */
	Map<String, Object> describe(@Nullable String listener, String window) {
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("tallies", describe(tallies(listener, window), window));
		Listener own = (listener != null) ? this.listeners.get(listener) : null;
		if (own != null) {
			described.put("failures", own.failures().describe());
		}
		return described;
	}

	/**
	 * Returns what has become of deliveries.
	 * @param listener the listener's id, or {@code null} for all
	 * @param window over which time
	 * @return the tallies, by their numbers
	 */
	TreeMap<Long, Tally> tallies(@Nullable String listener, String window) {
		Listener own = (listener != null) ? this.listeners.get(listener) : null;
		// One that has done nothing yet has its times, too
		DeliveryCounts counts = (listener == null) ? this.all : (own != null) ? own.counts() : new DeliveryCounts();
		return counts.tallies(window, Instant.now());
	}

	List<Map<String, Object>> describe(TreeMap<Long, Tally> tallies, String window) {
		return TallyRing.describe(tallies, DeliveryCounts.length(window));
	}

	@Override
	public void destroy() {
		this.timer.shutdownNow();
	}

	private record Listener(DeliveryCounts counts, FailureGroups failures) {

		Listener() {
			this(new DeliveryCounts(), new FailureGroups());
		}

	}

}
