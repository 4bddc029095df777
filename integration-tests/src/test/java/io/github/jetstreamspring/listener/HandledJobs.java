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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.nats.client.Message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Notes which jobs a handler has seen, and how often.
 */
final class HandledJobs implements TestQueue.Handler {

	// Guarded by this
	private int runs;

	private final Set<Integer> jobs = new TreeSet<>();

	private final List<Integer> order = new ArrayList<>();

	@Override
	public synchronized void handle(Delivery delivery, Message message) {
		int job = Integer.parseInt(new String(message.getData()));
		this.jobs.add(job);
		this.order.add(job);
		this.runs++;
	}

	synchronized int runs() {
		return this.runs;
	}

	/**
	 * Returns the jobs in the order of the runs, those that ran twice twice.
	 */
	synchronized List<Integer> order() {
		return List.copyOf(this.order);
	}

	synchronized Set<Integer> jobs() {
		return new TreeSet<>(this.jobs);
	}

	void awaitJobs(int count) {
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(jobs()).hasSizeGreaterThanOrEqualTo(count));
	}

	/**
	 * Waits for the first run after others.
	 * @param before the number of the others
	 * @param most the longest it may take
	 * @return the time it took
	 */
	Duration awaitRunAfter(int before, Duration most) {
		long start = System.nanoTime();
		await().atMost(most).pollInterval(Duration.ofMillis(10)).until(() -> runs() > before);
		return Duration.ofNanos(System.nanoTime() - start);
	}

}
